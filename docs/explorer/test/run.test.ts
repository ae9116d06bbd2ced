/// <reference lib="dom" />

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromium as executablePath } from '../../../tools/testing/chromium.mjs';
import { catalogue } from './catalogue.ts';
import { watchedPage } from './watched-page.ts';

const hasBrowser = existsSync(executablePath);
if (!hasBrowser && process.env['CI'])
  throw new Error(`The part that runs cells needs Chromium, and there is no ${executablePath}.`);

const configFile = join(import.meta.dirname, 'run-page/vite.config.ts');

/** Without motion nothing plays by itself, and what is seen is the first sweep. */
const STILL: BrowserContextOptions = { reducedMotion: 'reduce', viewport: { width: 1280, height: 900 } };

/** Machines may be busy. */
const patient = { timeout: 30_000 };

describe.skipIf(!hasBrowser)('the part that runs a cell, alone, under a strict policy', () => {
  const outDir = mkdtempSync(join(tmpdir(), 'congruent-run-'));
  let browser: Browser;
  let server: PreviewServer;

  beforeAll(async () => {
    await build({ configFile, logLevel: 'error', build: { outDir } });
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    server = await preview({ configFile, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(outDir, { recursive: true });
  });

  /** The page once it has computed and measured; nothing may go wrong on it until the test ends. */
  async function open(options: BrowserContextOptions, fragment = ''): Promise<Page> {
    const page = await watchedPage(browser, options);
    await page.goto(`${server.resolvedUrls!.local[0]!}${fragment}`);
    await expect
      .poll(() => speeds(page).then((all) => all.length > 0 && all.every((speed) => speed > 0)), patient)
      .toBe(true);
    return page;
  }

  const column = async (page: Page, index: number): Promise<readonly number[]> => {
    const texts = await page
      .locator(`.ex-run-comparison tbody tr`)
      .evaluateAll((rows, at) => rows.flatMap((row) => row.children[at]?.textContent ?? []), index);
    return texts.map((text) => Number(text.replaceAll(',', '')));
  };
  const speeds = (page: Page) => column(page, 1);
  const compared = async (page: Page) => (await column(page, 2)).slice(1);
  const different = async (page: Page) => await column(page, 3);

  /** What the maps and the lines show. */
  const pictures = (page: Page): Promise<readonly string[]> =>
    page
      .locator('.ex-run-map, .ex-run-plot canvas')
      .evaluateAll((canvases) => canvases.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));

  const show = (page: Page, text: string): Promise<void> =>
    page.evaluate((other) => Reflect.get(globalThis, 'showCell')(other), text);

  const labels = (page: Page) => page.locator('.ex-run-label code').allTextContents();

  test('plays by itself: the counters of what is compared rise, and none has other bits', async () => {
    const page = await open({ viewport: { width: 1280, height: 900 } });
    await page.getByLabel('Steps per second that are shown').selectOption('240');
    const before = await compared(page);
    expect(before).toHaveLength(2); // the interpreter, and @congruent/scalar, as it is the GRU
    await expect.poll(async () => (await compared(page)).every((now, i) => now > before[i]! + 500), patient).toBe(true);
    expect(await different(page)).toEqual([0, 0]);
    await page.getByRole('button', { name: 'Pause' }).click();
    expect(await page.getByRole('button', { name: 'Play' }).count()).toBe(1);
  });

  test('with reduced motion nothing plays, a whole sweep is there, and a step takes one', async () => {
    const page = await open(STILL);
    const [all] = await compared(page);
    expect(all).toBe(96 * 4 * 8); // steps, equations, units
    await page.getByRole('button', { name: 'Step' }).click();
    await expect.poll(async () => (await compared(page))[0]).toBe(97 * 4 * 8);
    expect(await labels(page)).toEqual(['x[0]', 'x[1]', 'x[2]', 'x[3]', 'r', 'z', 'n', "h'"]);
  });

  test('a change of an equation changes every map and the lines', async () => {
    const page = await open(STILL);
    const before = await pictures(page);
    await show(page, catalogue.sourceOf('gru')!.replace('(1 - z)', 'z'));
    await expect.poll(async () => (await pictures(page)).some((each, i) => each === before[i]), patient).toBe(false);
    expect(await page.locator('.ex-run-comparison tbody tr').count()).toBe(2); // no package has this cell
    await expect.poll(() => different(page)).toEqual([0]);
  });

  test('drawing by pointer and by keys changes what is computed, and the address has it', async () => {
    const page = await open(STILL);
    const before = await pictures(page);
    const channel = page.getByLabel('Input x[0]');
    const box = (await channel.boundingBox())!;
    await page.mouse.move(box.x + 5, box.y + 5);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height - 5, { steps: 5 });
    await page.mouse.up();
    await expect.poll(async () => (await pictures(page)).some((each, i) => each === before[i]), patient).toBe(false);
    expect(await page.getByLabel('Shape of x[0]').inputValue()).toBe('drawn');
    const drawn = await pictures(page);
    await channel.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowDown');
    expect(await channel.getAttribute('aria-valuetext')).toMatch(/^step 1: /);
    await expect.poll(async () => (await pictures(page)).some((each, i) => each === drawn[i]), patient).toBe(false);
    const settings = await page.evaluate(() => Object.fromEntries(Reflect.get(globalThis, 'settings')));
    const inAddress = settings['run.inputs'].split('.');
    expect(inAddress[0]).toMatch(/^_[\w-]{96}$/);
    expect(inAddress.slice(1)).toEqual(['square', 'impulse', 'noise']);
    const now = await pictures(page);
    const again = await open(STILL, `#${new URLSearchParams(settings)}`);
    await expect.poll(() => pictures(again), patient).toEqual(now);
  });

  test('sizes and weights are the reader’s; a unit of any value becomes a line', async () => {
    const page = await open(STILL);
    await page.getByLabel('H', { exact: true }).fill('3');
    await page.keyboard.press('Tab');
    await expect.poll(async () => (await compared(page))[0], patient).toBe(96 * 4 * 3);
    const before = await pictures(page);
    await page.getByRole('button', { name: 'New weights' }).click();
    await expect.poll(async () => (await pictures(page)).some((each, i) => each === before[i]), patient).toBe(false);
    await page.getByLabel('Value', { exact: true }).selectOption('z');
    await page.getByLabel('Unit', { exact: true }).fill('2');
    await page.getByRole('button', { name: 'Show as a line' }).click();
    expect(await page.locator('.ex-run-chip').allTextContents()).toEqual(["h'[0] ×", "h'[1] ×", "h'[2] ×", 'z[2] ×']);
    await page.locator('.ex-run-chip').nth(1).click();
    expect(await page.locator('.ex-run-chip').count()).toBe(3);
  });

  test('a size that is being written stays, though the cell before runs only now', async () => {
    const page = await open(STILL);
    const size = page.getByLabel('H', { exact: true });
    const before = await pictures(page);
    await size.fill('3');
    await show(page, catalogue.sourceOf('gru_reset_before')!);
    await expect.poll(async () => (await pictures(page)).some((each, i) => each === before[i]), patient).toBe(false);
    expect(await size.inputValue()).toBe('3');
    await size.press('Enter');
    await expect.poll(async () => (await compared(page))[0], patient).toBe(96 * 4 * 3);
  });

  test.each(['lstm', 'two_inputs', 'number_state', 'residual', 'causal_conv1d_3', 'no_state'])(
    '%s runs',
    async (name) => {
      const page = await open(STILL);
      await show(page, catalogue.sourceOf(name)!);
      await expect
        .poll(async () => (await speeds(page)).length > 1 && (await speeds(page)).every((speed) => speed > 0), patient)
        .toBe(true);
      await expect.poll(async () => (await compared(page)).every((numbers) => numbers > 0), patient).toBe(true);
      expect((await different(page)).every((numbers) => numbers === 0)).toBe(true);
      expect(await page.locator('.ex-run-message').textContent()).toBe('');
    },
  );

  test('a cell that cannot run says why, and what stands stays', async () => {
    const page = await open(STILL);
    const before = await pictures(page);
    await show(page, 'f(x[I], h[H]) -> h\nh = x');
    await expect.poll(() => page.locator('.ex-run-message').textContent(), patient).toMatch(/SPEC_/);
    expect(await pictures(page)).toEqual(before);
    await show(page, catalogue.sourceOf('gru')!);
    await expect.poll(() => page.locator('.ex-run-message').textContent(), patient).toBe('');
  });

  test('fits 375 pixels of width', async () => {
    const page = await open({ ...STILL, viewport: { width: 375, height: 800 } });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  });
});
