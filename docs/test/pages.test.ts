/// <reference lib="dom" />

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Axe from 'axe-core';
import type { Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import { inChromium } from './in-chromium.ts';

/** One page of each kind. */
const PAGES = {
  'the home page': 'index.html',
  'a page of the guide': 'installing.html',
  'a specification with formulas': 'spec/gru.html',
  'a page of tables': 'benchmarks.html',
  'a README': 'packages/wasm.html',
  'a page of the API': 'api/@congruent/train.html',
  'the explorer': 'explorer/',
};
const PHONE = { width: 375, height: 800 };

/** Machines may be busy. */
const patient = { timeout: 30_000 };

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

inChromium('the site, in a folder of a static host, in Chromium', (open) => {
  describe.each(Object.entries(PAGES))('%s', (_, path) => {
    test('is accessible, light and dark, has no error and asks no other host', async () => {
      const { page, problems } = await open(path);
      expect(await page.locator('h1').count()).toBe(1);
      expect(await violationsOf(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.locator('html.dark').waitFor();
      await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
      expect(await violationsOf(page, ['color-contrast'])).toEqual([]);
      expect(problems).toEqual([]);
    });

    test('has a phone’s width, without scrolling sideways, and does not shift while it loads', async () => {
      const { page, problems } = await open(path, { viewport: PHONE });
      const { scrollWidth, clientWidth } = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return { scrollWidth, clientWidth };
      });
      expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
      expect(await shiftOf(page)).toBeLessThan(0.02);
      expect(problems).toEqual([]);
    });
  });

  test('a link leads to the next page without loading the site anew, and back', async () => {
    const { page, problems } = await open('index.html');
    await page.evaluate(() => Object.assign(window, { isSame: true }));
    await page.getByRole('link', { name: 'your own cell' }).click();
    await page.waitForURL('**/some/folder/your-own-cell.html');
    await page.getByRole('heading', { level: 1, name: 'Your own cell' }).waitFor();
    await page.goBack();
    await page.locator('.comparison canvas').first().waitFor();
    expect(await page.evaluate(() => 'isSame' in window)).toBe(true);
    expect(problems).toEqual([]);
  });

  test('the search finds "packed"', async () => {
    const { page, problems } = await open('index.html');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('searchbox').fill('packed');
    const found = page.getByRole('option');
    await found.first().waitFor();
    expect((await found.allInnerTexts()).join(' ').toLowerCase()).toContain('packed');
    await found.first().click();
    await page.waitForURL((url) => !url.href.endsWith('index.html'));
    expect(problems).toEqual([]);
  });

  test('the explorer runs and trains under the site’s policy', async () => {
    const { page, problems } = await open('explorer/');
    const parts = page.locator('.ex-part');
    for (let index = 0; index < (await parts.count()); index++) {
      await parts.nth(index).scrollIntoViewIfNeeded();
      await parts.nth(index).locator('button, select').first().waitFor();
    }
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.locator('.ex-train-run', { hasText: 'Pause' }).waitFor();
    await page.locator('#ex-training canvas').first().waitFor();
    expect(problems).toEqual([]);
  });

  test('what has been left of the explorer does not go on, and one comes back to it as it was', async () => {
    const { page, problems } = await open('explorer/#panes=ir', { reducedMotion: 'reduce' });
    await page.locator('#ex-run').scrollIntoViewIfNeeded();
    await page.locator('.ex-run-size').first().waitFor();
    await page.locator('#ex-training').scrollIntoViewIfNeeded();
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.locator('.ex-train-run', { hasText: 'Pause' }).waitFor();
    await page.getByLabel('Cell of the catalogue').selectOption('lstm');
    await expect.poll(() => page.url(), patient).toMatch(/#panes=ir&cell=lstm$/);
    expect(page.workers()).toHaveLength(3);
    await page.getByLabel('Task').selectOption('copy'); // which the address does not have yet as the next page comes
    await page.getByRole('link', { name: 'Benchmarks', exact: true }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Benchmarks' }).waitFor();
    await expect.poll(() => page.workers(), patient).toEqual([]);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
    expect(page.url()).toMatch(/benchmarks\.html$/);
    expect(await page.evaluate(() => document.adoptedStyleSheets.length)).toBe(0);
    await page.goBack();
    await expect.poll(() => page.locator('.ex-pane:visible').textContent(), patient).toContain('cell lstm');
    expect(await page.getByLabel('Cell of the catalogue').inputValue()).toBe('lstm');
    expect(problems).toEqual([]);
  });

  test('formulas are mathematics', async () => {
    const { page } = await open('spec/gru.html');
    const formula = page.locator('math[display=block]').first();
    expect(await formula.textContent()).toContain('⊙');
    expect((await formula.boundingBox())!.height).toBeGreaterThan(60);
  });

  test('charts are drawn from the table beside them', async () => {
    const { page } = await open('index.html');
    expect(await page.locator('.comparison canvas').count()).toBe(3);
    const text = await page.locator('.comparison table').last().textContent();
    expect(text).toMatch(/@congruent\/wasm\s*16\.4 kB/);
  });
});

/** What axe finds, by all of its rules or by some, with the elements in question. */
async function violationsOf(page: Page, rules?: string[]): Promise<readonly string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (runOnly) => (window as unknown as { axe: typeof Axe }).axe.run(runOnly ? { runOnly } : {}),
    rules,
  );
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map(({ html }) => html)}`);
}

/** The layout shift so far. */
const shiftOf = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += (entry as PerformanceEntry & { value: number }).value;
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => resolve(sum), 200);
      }),
  );
