// Runs the browser tests where there is a Chromium. Without one they are skipped, loudly, and in CI that is a failure.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from './chromium.mjs';

if (existsSync(chromium)) {
  const { status } = spawnSync('vitest run --config vitest.browser.config.ts', { shell: true, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else {
  console.error(`SKIPPED: the browser tests need Chromium, and ${chromium} does not exist. Set CHROMIUM_PATH.`);
  process.exitCode = process.env['CI'] ? 1 : 0;
}
