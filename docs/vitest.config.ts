import { project } from '../tools/testing/vitest.ts';

export default project('docs');
