/// <reference lib="dom" />
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { chromium as executablePath } from '../../../../tools/testing/chromium.mjs';

const hasBrowser = existsSync(executablePath);
if (!hasBrowser && process.env['CI'])
  throw new Error(`The page's tests need Chromium, and there is no ${executablePath}.`);

const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'";

/** Machines may be busy. */
const patient = { timeout: 60_000 };

const configFile = join(import.meta.dirname, '../../vite.config.ts');
const folder = mkdtempSync(join(tmpdir(), 'congruent-training-'));

let browser: Browser;
let server: PreviewServer;

beforeAll(async () => {
  if (!hasBrowser) return;
  const outDir = join(folder, 'page');
  await build({ configFile, logLevel: 'error', build: { outDir } });
  const headers = { 'content-security-policy': POLICY };
  server = await preview({ configFile, build: { outDir }, preview: { port: 0, host: '127.0.0.1', headers } });
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true });
});

/** The page with its training part in sight, once that shows a sequence; nothing may go wrong on it until the test ends. */
async function open(fragment = '', options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
  onTestFinished(async () => {
    await context.close();
    expect(problems).toEqual([]);
  });
  await page.goto(`${server.resolvedUrls!.local[0]!}${fragment}`);
  await page.locator('#ex-training').scrollIntoViewIfNeeded(patient);
  return page;
}

const summary = (page: Page) => page.locator('.ex-train-summary');

const figure = (page: Page, name: string) =>
  page
    .locator('.ex-train-figures div')
    .filter({ has: page.getByText(name, { exact: true }) })
    .locator('dd');

const numberOf = async (page: Page, name: string): Promise<number> =>
  Number((await figure(page, name).textContent())!.replaceAll(',', ''));

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click(patient);

/** Trains until a number is as wished, and pauses. */
async function trainUntil(page: Page, name: string, isDone: (value: number) => boolean): Promise<void> {
  await press(page, 'Train');
  await expect.poll(async () => isDone(await numberOf(page, name)), { ...patient, interval: 50 }).toBe(true);
  await press(page, 'Pause');
  await page.getByRole('button', { name: 'Train', exact: true }).waitFor(patient);
}

async function downloaded(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download', patient), press(page, name)]);
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

/** The shown sequence, as the page's table has it. */
async function numbersOn(page: Page): Promise<{ readonly inputs: Float32Array; readonly outputs: Float32Array }> {
  await page.getByText('This sequence as numbers').click();
  const rows = await page
    .locator('.ex-train-table tbody tr')
    .evaluateAll((found) => found.map((row) => [...row.children].map((cell) => cell.textContent!)));
  const column = (at: number) =>
    Float32Array.from(
      rows.flatMap((row) => row[at]!.split(' ')),
      Number,
    );
  return { inputs: column(1), outputs: column(2) };
}

test.skipIf(!hasBrowser)(
  'the adding problem is learnt, and what is taken away runs in Node with the numbers of the page',
  async () => {
    const page = await open('#train.steps=10');
    await summary(page).getByText('Moved most by').waitFor(patient);
    await trainUntil(page, 'loss', (loss) => loss < 0.01);
    const steps = await numberOf(page, 'step');
    expect(steps).toBeGreaterThan(50);
    const { inputs, outputs } = await numbersOn(page);
    expect([inputs.length, outputs.length]).toEqual([20, 10]);

    const bytes = await readFile(await downloaded(page, '.wasm'));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    const model = exports as {
      readonly memory: WebAssembly.Memory;
      alloc(bytes: number): number;
      run(steps: number, x: number, y: number): void;
    };
    const [x, y] = [model.alloc(inputs.byteLength), model.alloc(outputs.byteLength)];
    new Float32Array(model.memory.buffer, x, inputs.length).set(inputs);
    model.run(10, x, y);
    expect(new Float32Array(model.memory.buffer, y, outputs.length)).toEqual(outputs);

    const { create } = await import(/* @vite-ignore */ pathToFileURL(await downloaded(page, 'JavaScript module')).href);
    expect(create().run(inputs, 10)).toEqual(outputs);

    // Nothing went on meanwhile.
    expect(await numberOf(page, 'step')).toBe(steps);
  },
);
