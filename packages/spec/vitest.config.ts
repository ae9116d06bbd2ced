import { defineConfig } from 'vitest/config';

const conditions = ['@congruent/source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { name: 'spec', include: ['test/**/*.test.ts'] },
});
