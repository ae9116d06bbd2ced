import { defineConfig, type UserConfig } from 'vite';

const config: UserConfig = defineConfig({
  base: './',
  build: { outDir: '../dist/page', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, modulePreload: false },
  worker: { format: 'es' },
});

export default config;
