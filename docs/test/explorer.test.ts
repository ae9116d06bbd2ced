/// <reference lib="dom" />

import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright';
import { expect, test } from 'vitest';
import { inChromium } from './in-chromium.ts';

const EVERY_PANE = ['equations', 'ir', 'schedule', 'backward', 'plan', 'typescript', 'wasm', 'gpujs', 'c'];

/** Steps of a sequence, and the loss that training is to reach. */
const [STEPS, LOSS] = [10, 0.01];

/** Machines may be busy. */
const patient = { timeout: 60_000 };

inChromium('a person in the explorer of the site, in Chromium', (open) => {
  test('changes a cell, errs, trains it, and takes it away', { timeout: 240_000 }, async () => {
    const settings = `panes=${EVERY_PANE.join('.')}&train.steps=${STEPS}`;
    const { page, problems } = await open(`explorer/#${settings}`, { reducedMotion: 'reduce' });
    await changesTheCell(page);
    await errs(page);
    await trains(page);
    const { inputs, outputs } = await numbersOn(page);
    expect([inputs.length, outputs.length]).toEqual([2 * STEPS, STEPS]);
    expect(resultsOf(await downloaded(page, '.wasm'), inputs, outputs.length)).toEqual(outputs);
    expect(problems).toEqual([]);
  });
});

const panesOf = (page: Page): Promise<readonly string[]> => page.locator('.ex-pane-body').allTextContents();

const compared = (page: Page): Promise<readonly string[]> =>
  page.locator('.ex-run-comparison tbody tr + tr > :nth-child(3)').allTextContents();

const picturesOf = (page: Page): Promise<readonly string[]> =>
  page
    .locator('.ex-run-map, .ex-run-plot canvas')
    .evaluateAll((canvases) => canvases.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));

/** Every pane, every map and the curves are others after `(1 - z)` has become `z`. */
async function changesTheCell(page: Page): Promise<void> {
  await page.locator('.ex-value').first().waitFor(patient);
  await page.locator('#ex-run').scrollIntoViewIfNeeded(patient);
  await expect.poll(() => compared(page), patient).toEqual(['3,072', '768']);
  const before = { panes: await panesOf(page), pictures: await picturesOf(page) };
  expect([before.panes.length, before.pictures.length]).toEqual([EVERY_PANE.length, 5]);
  await overwrite(page, "h' = ", '(1 - z)', 'z');
  await expect.poll(() => compared(page), patient).toEqual(['3,072']); // @congruent/scalar has no such cell
  const after = { panes: await panesOf(page), pictures: await picturesOf(page) };
  expect(after.panes.filter((text, at) => text === before.panes[at])).toEqual([]);
  expect(after.pictures.filter((picture, at) => picture === before.pictures[at])).toEqual([]);
}

/** Nonsense is underlined and explained while the panes stand; taken back, it is gone. */
async function errs(page: Page): Promise<void> {
  const standing = await panesOf(page);
  await overwrite(page, "h' = ", 'z', 'nonsense');
  await expect.poll(() => page.locator('.ex-message').textContent(), patient).toContain('SPEC_UNDECLARED_NAME');
  expect(await page.locator('.cm-lintRange-error').allTextContents()).toEqual(['nonsense']);
  expect(await panesOf(page)).toEqual(standing);
  await page.keyboard.press('Control+z');
  await expect.poll(() => page.locator('.ex-message').textContent(), patient).toMatch(/^Compiles/);
  expect(await page.locator('.cm-lintRange-error').count()).toBe(0);
}

/** Trains the adding problem until its loss is small, and stops. */
async function trains(page: Page): Promise<void> {
  const part = page.locator('#ex-training');
  await part.scrollIntoViewIfNeeded(patient);
  expect(await part.getByLabel('Task').inputValue()).toBe('adding');
  await part.getByRole('button', { name: 'Train', exact: true }).click(patient);
  const loss = part.locator('.ex-train-figures div').filter({ hasText: /^loss/ }).locator('dd');
  await expect
    .poll(async () => Number(await loss.textContent()), { timeout: 120_000, interval: 50 })
    .toBeLessThan(LOSS);
  await part.getByRole('button', { name: 'Pause', exact: true }).click(patient);
  await part.getByRole('button', { name: 'Train', exact: true }).waitFor(patient);
}

/** Types over a part of the line that begins so. */
async function overwrite(page: Page, beginning: string, old: string, text: string): Promise<void> {
  const lines = await editorOf(page).locator('.cm-line').allTextContents();
  const line = lines.findIndex((each) => each.startsWith(`${beginning}${old}`));
  expect(line).toBeGreaterThan(0);
  await editorOf(page).focus();
  await page.keyboard.press('Control+Home');
  for (let down = 0; down < line; down++) await page.keyboard.press('ArrowDown');
  for (let right = 0; right < beginning.length; right++) await page.keyboard.press('ArrowRight');
  for (let over = 0; over < old.length; over++) await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.insertText(text);
}

const editorOf = (page: Page): Locator => page.locator('.cm-content');

/** What the shown sequence has, and what the trained cell makes of it, as the page says. */
async function numbersOn(page: Page): Promise<{ readonly inputs: Float32Array; readonly outputs: Float32Array }> {
  await page.getByText('This sequence as numbers').click();
  const rows = await page
    .locator('.ex-train-table tbody tr')
    .evaluateAll((found) => found.map((row) => [...row.children].map((cell) => cell.textContent!)));
  const column = (at: number): Float32Array =>
    Float32Array.from(
      rows.flatMap((row) => row[at]!.split(' ')),
      Number,
    );
  return { inputs: column(1), outputs: column(2) };
}

async function downloaded(page: Page, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const download = page.waitForEvent('download', patient);
  await page.getByRole('button', { name, exact: true }).click(patient);
  return new Uint8Array(await readFile((await (await download).path())!));
}

/** What a downloaded module computes in Node. */
function resultsOf(bytes: Uint8Array<ArrayBuffer>, inputs: Float32Array, outputs: number): Float32Array {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const { memory, alloc, run } = exports as {
    readonly memory: WebAssembly.Memory;
    alloc(bytes: number): number;
    run(steps: number, x: number, y: number): void;
  };
  const [x, y] = [alloc(inputs.byteLength), alloc(4 * outputs)];
  new Float32Array(memory.buffer, x, inputs.length).set(inputs);
  run(STEPS, x, y);
  return new Float32Array(memory.buffer, y, outputs);
}
