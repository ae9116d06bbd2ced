// What a folder's page says of itself in headless Chromium, served on loopback.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium as playwright } from 'playwright';
import { chromium } from './chromium.mjs';

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/**
 * A server of a folder's files.
 * @param {string} folder
 * @param {Record<string, string>} headers  of every answer
 */
async function serve(folder, headers) {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    const found = existsSync(file) && statSync(file).isFile();
    response.writeHead(found ? 200 : 404, { ...headers, 'content-type': TYPES[extname(file)] ?? 'text/plain' });
    if (found) createReadStream(file).pipe(response);
    else response.end();
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(undefined)));
  return server;
}

/**
 * The title that the `index.html` of a folder gives itself once it has done its work; that in its text is an ellipsis.
 *
 * @param {string} folder
 * @param {{ headers?: Record<string, string>, query?: string }} [options]  headers of every answer; what stands behind the
 *   address: '' or '?…'
 * @returns {Promise<string>}
 */
export async function titleOf(folder, { headers = {}, query = '' } = {}) {
  const server = await serve(folder, headers);
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const browser = await playwright.launch({
    executablePath: chromium,
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
  });
  try {
    const page = await browser.newPage();
    /** @type {string[]} */
    const problems = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.goto(`http://localhost:${port}/${query}`);
    const done = page.waitForFunction("document.title !== '…'", undefined, { timeout: 30_000 });
    await done.catch(() => {
      throw new Error(`the page does not end. ${problems.join('\n')}`);
    });
    return await page.title();
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}
