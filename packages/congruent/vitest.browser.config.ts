import { browserProject } from '../../tools/testing/browser.ts';

export default browserProject('congruent', []);
