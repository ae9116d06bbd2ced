import { defineConfig, type UserConfig } from 'vite';
import { treeshake } from './treeshake.ts';

/** The page alone, of the packages' sources. */
const config: UserConfig = defineConfig({
  root: import.meta.dirname,
  base: './',
  resolve: { conditions: ['@congruent/source', 'module', 'browser', 'development|production'] },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { treeshake },
  },
});

export default config;
