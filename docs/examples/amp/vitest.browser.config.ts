import { defineConfig } from 'vitest/config';
import { recordReads } from '../../../tools/testing/reads.mjs';

// The tests run in Node, and drive the browser from there: they try the page as it was built.
recordReads('reports/browser.reads');

export default defineConfig({
  resolve: { conditions: ['@congruent/source'] },
  ssr: { resolve: { conditions: ['@congruent/source'] } },
  test: {
    name: 'example-amp (Chromium)',
    include: ['test/**/*.browser.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: 'reports/browser.json' }]],
  },
});
