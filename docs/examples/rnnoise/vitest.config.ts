import { mergeConfig } from 'vitest/config';
import { project } from '../../../tools/testing/vitest.ts';

export default mergeConfig(project('example-rnnoise'), { test: { globalSetup: ['test/install.ts'] } });
