import { browserProject } from '../../tools/testing/browser.ts';

export default browserProject('wasm', ['--autoplay-policy=no-user-gesture-required']);
