import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

const conditions = ['@congruent/source'];

/** Tests in a page of headless Chromium; `test/browser.mjs` sees to it that there is one. */
export default defineConfig({
  resolve: { conditions },
  test: {
    name: 'wasm (Chromium)',
    include: ['test/**/*.browser.test.ts'],
    testTimeout: 120_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      instances: [{ browser: 'chromium' }],
      provider: playwright({
        launchOptions: {
          executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
          args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
        },
      }),
    },
  },
});
