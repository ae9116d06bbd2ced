import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { chromium } from './chromium.mjs';
import { recordReads } from './reads.mjs';

/** The vitest settings of tests that run in a page of headless Chromium; `browser.mjs` sees to it that there is one. */
export function browserProject(name: string, flags: readonly string[]): ViteUserConfig {
  recordReads('reports/browser.reads');
  return defineConfig({
    resolve: { conditions: ['@congruent/source'] },
    test: {
      name: `${name} (Chromium)`,
      include: ['test/**/*.browser.test.ts'],
      testTimeout: 120_000,
      reporters: ['default', ['json', { outputFile: 'reports/browser.json' }]],
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        instances: [{ browser: 'chromium' }],
        provider: playwright({
          launchOptions: {
            executablePath: chromium,
            args: ['--no-sandbox', ...flags],
          },
        }),
      },
    },
  });
}
