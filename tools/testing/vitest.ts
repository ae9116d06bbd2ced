import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { recordReads } from './reads.mjs';

/** Workspace packages resolve to their sources, so that tests need no build. */
const conditions = ['@congruent/source'];

/** The vitest settings that all projects share; the counts go to reports/test.json, where `npm test` adds them up. */
export function project(name: string): ViteUserConfig {
  recordReads('reports/test.reads');
  return defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      name,
      include: ['test/**/*.test.ts'],
      exclude: ['test/**/*.browser.test.ts'],
      reporters: ['default', ['json', { outputFile: 'reports/test.json' }]],
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  });
}
