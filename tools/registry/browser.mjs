// Headless Chromium, and a server on loopback for the folders of pages.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium as playwright } from 'playwright';
import { chromium } from '../testing/chromium.mjs';

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/**
 * Gives an open page of a folder's `index.html` to a function.
 *
 * @template Result
 * @param {string} folder
 * @param {Record<string, string>} headers  of every answer
 * @param {string} query  behind the address: '' or '?…'
 * @param {(page: import('playwright').Page, problems: string[]) => Promise<Result>} use
 */
async function withPage(folder, headers, query, use) {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, 'http://localhost').pathname);
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    const found = existsSync(file) && statSync(file).isFile();
    response.writeHead(found ? 200 : 404, { ...headers, 'content-type': TYPES[extname(file)] ?? 'text/plain' });
    if (found) createReadStream(file).pipe(response);
    else response.end();
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const browser = await playwright.launch({
    executablePath: chromium,
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
  });
  try {
    const page = await browser.newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.goto(`http://localhost:${server.address().port}/${query}`);
    return await use(page, problems);
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

/** The title that a page gives itself once it has done its work; that of index.html is an ellipsis. */
export async function titleOf(folder, { headers = {}, query = '' } = {}) {
  return withPage(folder, headers, query, async (page, problems) => {
    const done = page.waitForFunction("document.title !== '…'", undefined, { timeout: 30_000 });
    await done.catch(() => {
      throw new Error(`the page does not end. ${problems.join('\n')}`);
    });
    return page.title();
  });
}
