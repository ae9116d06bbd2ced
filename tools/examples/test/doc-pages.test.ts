/// <reference lib="dom" />

import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright';
import { build, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { chromium as executablePath } from '../../testing/chromium.mjs';
import { commandsOf, run } from '../src/commands.ts';
import { type Block, blocks } from '../src/documents.ts';

const hasBrowser = existsSync(executablePath);
if (!hasBrowser && process.env['CI'])
  throw new Error(`The pages' tests need Chromium, and there is no ${executablePath}.`);

/** Below the root, so that the workspace's packages resolve; ignored by git. */
const target = fileURLToPath(new URL('../dist/pages', import.meta.url));
const data = fileURLToPath(new URL('../data', import.meta.url));

const all = blocks();
const pages = all.filter(({ language, info }) => language === 'html' && !info.startsWith('no-run'));

/** Generating classes, and bundling: milliseconds, on a machine that does other things too. */
const TIMEOUT = 120_000;

describe.skipIf(!hasBrowser)('pages of the documentation give their result in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());

  test.each(pages.map((page) => [page.title, page] as const))(
    '%s',
    async (_, block) => {
      const server = await served(block);
      const page = await browser.newPage();
      onTestFinished(async () => {
        await page.close();
        await server.close();
      });
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(error.message));
      await page.goto(server.address);
      await page.waitForFunction(() => document.querySelector('output')!.value !== '', undefined, { timeout: 30_000 });
      const numbers = (await page.evaluate(() => document.querySelector('output')!.value)).split(', ').map(Number);
      expect(problems).toEqual([]);
      expect(numbers.every((value) => Number.isFinite(value) && value !== 0)).toBe(true);
    },
    TIMEOUT,
  );
});

/** A page with the modules that its document has, and the data beside it, bundled as an application is. */
async function served({ document, code }: Block): Promise<{ readonly address: string; close(): Promise<void> }> {
  const folder = join(target, document);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(data, join(folder, 'public'), { recursive: true });
  cpSync(data, folder, { recursive: true });
  for (const block of all.filter((each) => each.document === document)) {
    const path = /^file=(\S+)$/.exec(block.info)?.[1];
    if (path === undefined) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), block.code);
  }
  writeFileSync(join(folder, 'index.html'), code);
  const commands = all.filter((each) => each.document === document && each.language === 'sh').flatMap(commandsOf);
  for (const { text } of commands.filter((command) => command.text.startsWith('npx congruent generate '))) {
    const { status, lines } = run(text, folder);
    expect(status, lines.join('\n')).toBe(0);
  }
  const settings = { configFile: false, root: folder, logLevel: 'silent' } as const;
  await build({ ...settings, build: { target: 'es2022' }, resolve: { conditions: ['@congruent/source'] } });
  const server = await preview({ ...settings, preview: { host: '127.0.0.1' } });
  return { address: server.resolvedUrls!.local[0]!, close: () => server.close() };
}
