// Takes the picture of README.md from the explorer as it was built: `npm run picture -w @congruent/docs`.
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { preview } from 'vite';
import { chromium as executablePath } from '../../tools/testing/chromium.mjs';

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url));

const server = await preview({
  configFile: false,
  root: path('..'),
  build: { outDir: '.vitepress/dist' },
  preview: { host: '127.0.0.1' },
});
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const page = await browser.newPage({
  viewport: { width: 1440, height: 1100 },
  deviceScaleFactor: 1.25,
  reducedMotion: 'reduce', // so that panes are there at once
});
await page.goto(`${server.resolvedUrls?.local[0]}explorer/`, { waitUntil: 'networkidle' });
await page.locator('.explorer math').first().waitFor();
// One value is lit up in every pane, each of which scrolls to it.
await page.locator('.explorer').getByRole('button', { name: 'z', exact: true }).click();
const { x, y, width } = /** @type {{ x: number, y: number, width: number }} */ (
  await page.locator('.explorer').boundingBox()
);
await page.screenshot({ path: path('explorer.png'), fullPage: true, clip: { x, y: y - 12, width, height: 910 } });
await browser.close();
await server.close();
