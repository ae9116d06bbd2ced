import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';
import { chromium as executablePath } from '../../tools/testing/chromium.mjs';
import { serve } from './site.ts';

const hasBrowser = existsSync(executablePath);
if (!hasBrowser && process.env['CI'])
  throw new Error(`The site's tests need Chromium, and there is no ${executablePath}.`);

/** Opens a page that reaches the site alone; `problems` says what went wrong on it so far. */
type Open = (
  path: string,
  options?: BrowserContextOptions,
) => Promise<{ readonly page: Page; readonly problems: readonly string[] }>;

/** Registers tests of the site as it lies in a folder of a static host; without a browser they are skipped. */
export function inChromium(title: string, tests: (open: Open) => void): void {
  describe.skipIf(!hasBrowser)(title, () => {
    let browser: Browser;
    let host: Awaited<ReturnType<typeof serve>>;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
      host = await serve('/some/folder/');
    });
    afterAll(async () => {
      await browser?.close();
      await host?.close();
    });
    tests((path, options) => open(browser, host.address, path, options));
  });
}

async function open(browser: Browser, address: string, path: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  const problems: string[] = [];
  await context.route(
    (url) => !url.href.startsWith(address) && url.protocol !== 'blob:' && url.protocol !== 'data:',
    (route) => {
      problems.push(`a request to ${route.request().url()}`);
      return route.abort();
    },
  );
  const page = await context.newPage();
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  await page.goto(address + path, { waitUntil: 'networkidle' });
  return { page, problems };
}
