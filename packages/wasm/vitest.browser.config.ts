import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import { browserProject } from '../../tools/testing/browser.ts';

const config: ViteUserConfig = mergeConfig(browserProject('wasm', ['--autoplay-policy=no-user-gesture-required']), {
  test: { globalSetup: 'test/export-setup.ts' },
  // The setup runs in Node, and resolves packages to their sources as pages do.
  environments: { __vitest__: { resolve: { conditions: ['@congruent/source'] } } },
});

export default config;
