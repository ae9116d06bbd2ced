import { existsSync } from 'node:fs';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const conditions = ['@congruent/source'];
const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

if (!existsSync(executablePath)) {
  const message = `no Chromium at ${executablePath}: webgl2, webgl and webgpu in a browser are NOT tested. Set CHROMIUM_PATH.`;
  if (process.env['CI']) throw new Error(message);
  console.warn(`SKIPPED: ${message}`);
  process.exit(0);
}

/** SwiftShader emulates a GPU, for WebGL and for WebGPU. */
const args = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-unsafe-swiftshader',
];

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  optimizeDeps: { include: ['gpu.js'] },
  test: {
    name: 'gpujs (browser)',
    include: ['test/**/*.browser.test.ts'],
    testTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: 'reports/test-browser.json' }]],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      instances: [{ browser: 'chromium' }],
      provider: playwright({ launchOptions: { executablePath, args } }),
    },
  },
});

export default config;
