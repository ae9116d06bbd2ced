/// <reference lib="dom" />
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromium as executablePath } from '../../../../tools/testing/chromium.mjs';
import { watchedPage } from '../watched-page.ts';

const hasBrowser = existsSync(executablePath);
if (!hasBrowser && process.env['CI'])
  throw new Error(`The page's tests need Chromium, and there is no ${executablePath}.`);

const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'";

/** Machines may be busy. */
const patient = { timeout: 60_000 };

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

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
  const page = await watchedPage(browser, options);
  await page.goto(`${server.resolvedUrls!.local[0]!}${fragment}`);
  await part(page).scrollIntoViewIfNeeded(patient);
  await page.locator('.ex-train-figures').getByText(/\d/).first().waitFor(patient);
  return page;
}

const part = (page: Page): Locator => page.locator('#ex-training');

const summary = (page: Page): Locator => page.locator('.ex-train-summary');

const figure = (page: Page, name: string) =>
  page
    .locator('.ex-train-figures div')
    .filter({ has: page.getByText(name, { exact: true }) })
    .locator('dd');

const numberOf = async (page: Page, name: string): Promise<number> =>
  Number((await figure(page, name).textContent())!.replaceAll(',', ''));

const press = (page: Page, name: string) => part(page).getByRole('button', { name, exact: true }).click(patient);

/** Trains until a number is as wished, and pauses. */
async function trainUntil(page: Page, name: string, isDone: (value: number) => boolean): Promise<void> {
  await press(page, 'Train');
  await expect.poll(async () => isDone(await numberOf(page, name)), { ...patient, interval: 50 }).toBe(true);
  await press(page, 'Pause');
  await part(page).getByRole('button', { name: 'Train', exact: true }).waitFor(patient);
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

describe.skipIf(!hasBrowser)('training in a page', () => {
  test('the adding problem is learnt, and what is taken away runs in Node with the numbers of the page', async () => {
    const page = await open('#train.steps=10');
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
  });

  test('step by step, and with other settings, which are in the address', async () => {
    const page = await open();
    await press(page, 'Single step');
    await press(page, 'Single step');
    await expect.poll(() => numberOf(page, 'step'), patient).toBe(2);
    const loss = await numberOf(page, 'loss');
    await press(page, 'Reset');
    await expect.poll(() => numberOf(page, 'step'), patient).toBe(0);
    await press(page, 'Single step');
    await press(page, 'Single step');
    await expect.poll(() => numberOf(page, 'step'), patient).toBe(2);
    expect(await numberOf(page, 'loss')).toBe(loss);

    await part(page).getByLabel('Learning rate').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.ex-train-rate').textContent()).toBe('0.013');
    // Going on, and not anew.
    expect(await numberOf(page, 'step')).toBe(2);
    await part(page).getByLabel('Task').selectOption('copy');
    await part(page).getByLabel('Size H').fill('5');
    await page.keyboard.press('Enter');
    await expect.poll(() => numberOf(page, 'parameters'), patient).toBe(204);
    for (const setting of ['train.task=copy', 'train.sizes=H-5', 'train.rate=0.013']) {
      await expect.poll(() => page.url(), patient).toContain(setting);
    }
    const sent = await open(new URL(page.url()).hash);
    await expect.poll(() => numberOf(sent, 'parameters'), patient).toBe(204);
    expect(await part(sent).getByLabel('Task').inputValue()).toBe('copy');
  });

  test('a size that is being written stays, though the network before is there only now', async () => {
    const page = await open();
    const before = await summary(page).textContent();
    const size = part(page).getByLabel('Size H');
    await size.fill('5');
    await page.evaluate(() => location.assign('#train.seed=1'));
    await expect.poll(() => summary(page).textContent(), patient).not.toBe(before);
    expect(await size.inputValue()).toBe('5');
    await size.press('Enter');
    await expect.poll(() => numberOf(page, 'parameters'), patient).toBe(141);
    await size.fill('999');
    await size.press('Enter');
    expect(Number(await size.inputValue())).toBeLessThan(999);
  });

  test('a step is chosen by slider or by pointing at it', async () => {
    const page = await open('#train.task=sine&train.steps=10');
    await expect.poll(() => summary(page).textContent(), patient).toContain('After step 10');
    await part(page).getByLabel('Chosen step').focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => summary(page).textContent(), patient).toContain('After step 9');
    await page.locator('.ex-train-picture').click({ position: { x: 70, y: 100 } });
    await expect.poll(() => summary(page).textContent(), patient).toMatch(/After step 1: .*steps 1\./);
    const before = await summary(page).textContent();
    await press(page, 'Another sequence');
    await expect.poll(() => summary(page).textContent(), patient).not.toBe(before);
  });

  test('a cell that cannot take the task says why, and the next one is trained', async () => {
    const page = await open();
    const status = page.locator('.ex-train-status');
    const menu = page.getByLabel('Cell of the catalogue');
    await press(page, 'Single step');
    await expect.poll(() => numberOf(page, 'step'), patient).toBe(1);
    await menu.selectOption('two_inputs');
    await expect.poll(() => status.textContent(), patient).toContain('single input');
    expect(await part(page).getByRole('button', { name: '.wasm' }).isDisabled()).toBe(true);
    // Nothing is said any more of the cell before.
    expect(await page.locator('.ex-train-figures dd').allTextContents()).toEqual(Array(5).fill('–'));
    await menu.selectOption('lstm');
    await expect.poll(() => status.textContent(), patient).toBe('');
    await press(page, 'Single step');
    await expect.poll(() => numberOf(page, 'step'), patient).toBe(1);
  });

  test('where numbers overflow it stops, and says so', async () => {
    const page = await open('#cell=rnn_relu&train.steps=200&train.rate=1');
    await press(page, 'Train');
    await expect
      .poll(() => page.locator('.ex-train-status').textContent(), patient)
      .toMatch(/no finite number.*lower learning rate/);
    await part(page).getByRole('button', { name: 'Train', exact: true }).waitFor(patient);
  });

  test.each(['adding', 'copy', 'sine', 'text', 'digits'])("on a phone's width, in the dark: %s", async (task) => {
    const page = await open(`#train.task=${task}`, { viewport: { width: 375, height: 700 }, colorScheme: 'dark' });
    await press(page, 'Single step');
    await expect.poll(() => numberOf(page, 'step'), patient).toBe(1);
    await page.getByText('This sequence as numbers').click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    await page.evaluate(readFileSync(axe, 'utf8'));
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(selector: string): Promise<AxeResults> } };
      const found = await axe.run('#ex-training');
      return found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
    });
    expect(violations).toEqual([]);
  });

  test('nothing moves while it trains', async () => {
    const page = await open();
    await page.evaluate(() => {
      const part = document.querySelector('#ex-training')!;
      const shifted: string[] = [];
      Object.assign(globalThis, { shifted });
      new PerformanceObserver((list) => {
        // The cell above runs meanwhile; what moves the whole part is not this part's.
        const sources = list.getEntries().flatMap((entry) => [...(entry as LayoutShift).sources]);
        const within = sources.filter(({ node }) => node !== part && part.contains(node));
        shifted.push(...within.map(({ node }) => node!.textContent ?? ''));
      }).observe({ type: 'layout-shift' });
    });
    await trainUntil(page, 'step', (step) => step > 200);
    expect(await page.evaluate(() => Reflect.get(globalThis, 'shifted'))).toEqual([]);
  });

  test('who wants little motion sees fewer pictures', async () => {
    const page = await open('', { reducedMotion: 'reduce' });
    await press(page, 'Train');
    const pictures = await page.locator('.ex-train-figures').evaluate(
      (figures) =>
        new Promise<number>((resolve) => {
          let count = 0;
          new MutationObserver(() => count++).observe(figures, { childList: true, subtree: true });
          setTimeout(() => resolve(count), 2000);
        }),
    );
    expect(pictures).toBeLessThan(6);
    await expect.poll(() => numberOf(page, 'step'), patient).toBeGreaterThan(0);
  });
});

interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

interface LayoutShift extends PerformanceEntry {
  readonly sources: readonly { readonly node: Node | null }[];
}
