import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Workspace packages resolve to their sources, so that tests need no build. */
const conditions = ['@congruent/source'];

/** The vitest settings that all projects share; the counts go to reports/test.json, where `npm test` adds them up. */
export function project(name: string): ViteUserConfig {
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
