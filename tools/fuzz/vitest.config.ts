import { project } from '../testing/vitest.ts';

export default project('fuzz');
