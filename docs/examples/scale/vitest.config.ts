import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import { project } from '../../../tools/testing/vitest.ts';

const config: ViteUserConfig = mergeConfig(project('example-scale'), { test: { globalSetup: 'test/install.ts' } });

export default config;
