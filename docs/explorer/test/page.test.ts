/// <reference lib="dom" />

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { chromium as executablePath } from '../../../tools/testing/chromium.mjs';
import { catalogue } from './catalogue.ts';
import { watchedPage } from './watched-page.ts';

const hasBrowser = existsSync(executablePath);
if (!hasBrowser && process.env['CI'])
  throw new Error(`The page's tests need Chromium, and there is no ${executablePath}.`);

const EVERY_PANE = ['equations', 'ir', 'schedule', 'backward', 'plan', 'typescript', 'wasm', 'gpujs', 'c'];

/** No script from elsewhere or of a text, and no style in the page itself. */
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

const configFile = join(import.meta.dirname, '../vite.config.ts');
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

describe('the page', () => {
  const outDir = mkdtempSync(join(tmpdir(), 'congruent-explorer-'));

  beforeAll(async () => {
    await build({ configFile, logLevel: 'error', build: { outDir } });
  });
  afterAll(() => rmSync(outDir, { recursive: true }));

  describe.skipIf(!hasBrowser)('in Chromium', () => {
    let browser: Browser;
    let server: PreviewServer;
    let address: string;

    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
      const headers = { 'content-security-policy': POLICY };
      server = await preview({ configFile, build: { outDir }, preview: { port: 0, host: '127.0.0.1', headers } });
      address = server.resolvedUrls!.local[0]!;
    });
    afterAll(async () => {
      await browser?.close();
      await server?.close();
    });

    /** A page, once it shows a cell; nothing may go wrong on it until the test ends. */
    async function open(fragment = '', options: BrowserContextOptions = {}): Promise<Page> {
      const page = await watchedPage(browser, { permissions: ['clipboard-read', 'clipboard-write'], ...options });
      await page.goto(`${address}${fragment}`);
      await page.locator('.ex-value').first().waitFor();
      return page;
    }

    /** Scripts that a page and its workers have loaded, by their paths on the server. */
    async function scriptsOf(page: Page): Promise<readonly string[]> {
      const loadedBy = (from: Pick<Page, 'evaluate'>): Promise<readonly string[]> =>
        from.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
      const workers = page.workers();
      const loaded = await Promise.all([loadedBy(page), ...workers.map((worker) => loadedBy(worker))]);
      const paths = [...loaded.flat(), ...workers.map((worker) => worker.url())].map((name) => new URL(name).pathname);
      return [...new Set(paths)].filter((path) => path.endsWith('.js'));
    }

    test('loads less than 250,000 bytes of scripts, each gzipped, once everything of it was used', async () => {
      const page = await open(`#panes=${EVERY_PANE.join('.')}`, { viewport: { width: 1280, height: 300 } });
      expect(page.workers()).toHaveLength(1);
      const patient = { timeout: 60_000 };
      await page.locator('#ex-run').scrollIntoViewIfNeeded();
      await expect.poll(() => page.locator('.ex-run-comparison tbody tr').count(), patient).toBe(3);
      const training = page.locator('#ex-training');
      await training.scrollIntoViewIfNeeded();
      await training.getByRole('button', { name: 'Single step' }).click(patient);
      await expect.poll(() => page.locator('.ex-train-figures').textContent(), patient).toMatch(/^step1/);
      for (const name of ['.safetensors', '.wasm', 'C header', 'JavaScript module']) {
        const download = page.waitForEvent('download', patient);
        await training.getByRole('button', { name }).click(patient);
        await download;
      }
      const scripts = await scriptsOf(page);
      const bytes = scripts.map((path) => gzipSync(readFileSync(join(outDir, path)), { level: 9 }).length);
      expect(page.workers()).toHaveLength(3);
      expect(scripts.length).toBeGreaterThan(10);
      expect(bytes.reduce((sum, each) => sum + each)).toBeLessThan(250_000);
    });

    test('what cannot be loaded says so, each part where it stands', async () => {
      const page = await browser.newPage();
      onTestFinished(() => page.close());
      const withoutWorkers = () => page.route('**/worker-*.js', (route) => route.abort());
      const words = (what: string) => `${what} could not be loaded, or has ended. Load the page again.`;
      await withoutWorkers();
      await page.goto(address);
      await page.getByText(words('What compiles')).waitFor();
      await page.unroute('**/worker-*.js');
      await page.reload();
      await page.locator('.ex-value').first().waitFor();
      await withoutWorkers();
      await page.locator('#ex-run').scrollIntoViewIfNeeded();
      await page.getByText(words('What runs the cell')).waitFor();
      await page.locator('#ex-training').scrollIntoViewIfNeeded();
      await page.getByText(words('What trains it')).waitFor();
    });

    const pane = (page: Page, id: string): Locator => page.locator(`#ex-pane-${id} .ex-pane-body`);
    const editor = (page: Page): Locator => page.locator('.cm-content');
    const written = (page: Page): Promise<string> =>
      editor(page)
        .locator('.cm-line')
        .allTextContents()
        .then((lines) => lines.join('\n'));

    /** Types over so many characters behind the beginning of a line. */
    async function overwrite(page: Page, line: number, from: number, count: number, text: string): Promise<void> {
      await editor(page).focus();
      await page.keyboard.press('Control+Home');
      for (let down = 0; down < line; down++) await page.keyboard.press('ArrowDown');
      for (let right = 0; right < from; right++) await page.keyboard.press('ArrowRight');
      for (let over = 0; over < count; over++) await page.keyboard.press('Shift+ArrowRight');
      for (const [index, part] of text.split('\n').entries()) {
        if (index > 0) await page.keyboard.press('Enter');
        await page.keyboard.insertText(part);
      }
    }

    test('a change of an equation changes every pane', async () => {
      const page = await open(`#panes=${EVERY_PANE.join('.')}`);
      const texts = (): Promise<readonly string[]> => page.locator('.ex-pane-body').allTextContents();
      const before = await texts();
      await overwrite(page, 5, "h' = ".length, '(1 - z)'.length, 'z');
      await expect.poll(() => pane(page, 'ir').textContent()).toContain("h' = z * n + z * h");
      const after = await texts();
      expect(after).toHaveLength(9);
      expect(after.filter((text, at) => text === before[at])).toEqual([]);
      expect(await page.getByLabel('Cell of the catalogue').inputValue()).toBe('');
    });

    test('a change of an equation changes every map and line of what runs, and nobody computes other bits', async () => {
      const page = await open('', { reducedMotion: 'reduce' });
      await page.locator('#ex-run').scrollIntoViewIfNeeded();
      const pictures = (): Promise<readonly string[]> =>
        page
          .locator('.ex-run-map, .ex-run-plot canvas')
          .evaluateAll((canvases) => canvases.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));
      const numbers = (column: number): Promise<readonly string[]> =>
        page.locator(`.ex-run-comparison tbody tr + tr > :nth-child(${column})`).allTextContents();
      await expect.poll(() => numbers(3), { timeout: 30_000 }).toEqual(['3,072', '768']);
      const before = await pictures();
      expect(before).toHaveLength(5);
      await overwrite(page, 5, "h' = ".length, '(1 - z)'.length, 'z');
      await expect.poll(() => numbers(3), { timeout: 30_000 }).toEqual(['3,072']); // @congruent/scalar has no such cell
      const after = await pictures();
      expect(after.filter((picture, at) => picture === before[at])).toEqual([]);
      expect(await numbers(4)).toEqual(['0']);
    });

    test('a mistake is underlined and said, and the panes stand; once mended it is gone', async () => {
      const page = await open();
      const before = await page.locator('.ex-pane-body').allTextContents();
      const message = page.locator('.ex-message');
      expect(await message.getAttribute('role')).toBe('status');
      await overwrite(page, 5, "h' = ".length, '(1 - z)'.length, 'zz');
      await expect
        .poll(() => message.textContent())
        .toMatch(/SPEC_UNDECLARED_NAME: [\s\S]*6 \| h' = zz \* n[\s\S]*\^\^/);
      expect(await page.locator('.cm-lintRange-error').allTextContents()).toEqual(['zz']);
      expect(await page.locator('.ex-pane-body').allTextContents()).toEqual(before);
      await page.keyboard.press('Backspace');
      await expect.poll(() => page.locator('.cm-lintRange-error').count()).toBe(0);
      expect(await message.textContent()).toMatch(/^Compiles/);
    });

    /** By the pane, whether some names of a value are lit, and none of another. */
    const lit = (page: Page, value: string, other: string): Promise<readonly (readonly [string, boolean])[]> =>
      page.evaluate(
        ([value, other]) => {
          const trees: readonly (readonly [string, ParentNode])[] = [
            ['editor', document.querySelector('.ex-editor')!.shadowRoot!],
            ...[...document.querySelectorAll('.ex-pane:not([hidden])')].map((each) => [each.id, each] as const),
          ];
          const isLit = (name: Element): boolean => getComputedStyle(name).boxShadow !== 'none';
          return trees.map(([id, tree]) => {
            const names = (of: string) => [...tree.querySelectorAll(`[data-value="${of}"]`)];
            return [id, names(value!).length > 0 && names(value!).every(isLit) && !names(other!).some(isLit)] as const;
          });
        },
        [value, other],
      );

    const everywhere = ['editor', ...EVERY_PANE.map((id) => `ex-pane-${id}`)].map((id) => [id, true]);

    /** The number that a value of the GRU has in the page. */
    const numberOf = async (page: Page, name: string): Promise<string> =>
      (await page.getByRole('button', { name, exact: true }).getAttribute('data-value'))!;

    test.each(['pointing at a name', 'pointing at an equation', 'the cursor', 'a button'])(
      '%s lights up the value in every pane, and no other',
      async (by) => {
        const page = await open(`#panes=${EVERY_PANE.join('.')}`);
        const [z, n] = [await numberOf(page, 'z'), await numberOf(page, 'n')];
        const actions: Readonly<Record<string, () => Promise<void>>> = {
          'pointing at a name': () => pane(page, 'schedule').locator(`[data-value="${z}"]`).last().hover(),
          'pointing at an equation': () => pane(page, 'equations').locator(`[data-line="${z}"] > mtd > mo`).hover(),
          'the cursor': () => overwrite(page, 3, 0, 0, ''),
          'a button': () => page.getByRole('button', { name: 'z', exact: true }).press('Enter'),
        };
        await actions[by]!();
        await expect.poll(() => lit(page, z, n)).toEqual(everywhere);
      },
    );

    test('a value that is pinned stays lit while the cell changes, and every pane shows it', async () => {
      const page = await open('#panes=typescript.wasm');
      const button = page.getByRole('button', { name: 'z', exact: true });
      const inView = async (id: string): Promise<boolean> =>
        pane(page, id).evaluate(
          (body, value) => {
            const frame = body.getBoundingClientRect();
            return [...body.querySelectorAll(`[data-value~="${value}"]`)].some((name) => {
              const { top, bottom } = name.getBoundingClientRect();
              return top >= frame.top && bottom <= frame.bottom;
            });
          },
          await numberOf(page, 'z'),
        );
      await button.click();
      await expect.poll(() => inView('wasm')).toBe(true);
      await expect.poll(() => inView('typescript')).toBe(true);
      const before = await numberOf(page, 'z');
      const product = 'W_iz @ x + b_iz';
      await overwrite(page, 3, 0, `z  = sigmoid(${product}`.length, `q  = ${product}\nz  = sigmoid(q`);
      await page.getByRole('button', { name: 'q', exact: true }).waitFor();
      expect(await numberOf(page, 'z')).not.toBe(before);
      expect(await button.getAttribute('aria-pressed')).toBe('true');
      await page.getByRole('button', { name: 'Plan' }).focus();
      await page.mouse.move(0, 0);
      const lit = await page.locator('.ex-value').evaluateAll((buttons) => {
        const shining = buttons.filter((each) => getComputedStyle(each).boxShadow !== 'none');
        return shining.map(({ textContent }) => textContent);
      });
      expect(lit).toEqual(['z']);
    });

    test('a link restores cell and panes in another browser', async () => {
      const page = await open();
      await page.getByRole('button', { name: 'TypeScript' }).click();
      await page.getByRole('button', { name: 'WebAssembly' }).click();
      await overwrite(page, 5, "h' = ".length, '(1 - z)'.length, 'z');
      await page.getByRole('button', { name: 'Copy link' }).click();
      await expect.poll(() => page.locator('.ex-said').textContent()).toBe('Copied');
      const link = await page.evaluate(() => navigator.clipboard.readText());
      expect(link).toMatch(/#(panes=[\w.]+|&|cell=%7E[\w-]+)+$/);
      const other = await open(new URL(link).hash);
      expect(await written(other)).toBe(catalogue.sourceOf('gru')!.replace('(1 - z)', 'z'));
      expect(await other.locator('.ex-pane:visible h2').allTextContents()).toEqual([
        ...['Equations', 'Schedule', 'Backward pass', 'TypeScript'],
      ]);
      expect(await pane(other, 'schedule').textContent()).toContain("h' = z * n");
    });

    test('a link that is followed within the page changes what it says, and no more', async () => {
      const patient = { timeout: 60_000 };
      const page = await open('', { reducedMotion: 'reduce' });
      await page.locator('#ex-run').scrollIntoViewIfNeeded();
      await page.locator('.ex-run-size').first().waitFor(patient);
      const training = page.locator('#ex-training');
      await training.scrollIntoViewIfNeeded();
      await training.getByRole('button', { name: 'Single step' }).click(patient);
      const figures = page.locator('.ex-train-figures');
      await expect.poll(() => figures.textContent(), patient).toMatch(/^step1/);
      const follow = (hash: string): Promise<void> => page.evaluate((to) => location.assign(to), `#${hash}`);
      await follow('run.sizes=I-3-H-5&run.speed=60');
      await expect.poll(() => page.getByLabel('H', { exact: true }).inputValue(), patient).toBe('5');
      expect(await page.getByLabel('Steps per second that are shown').inputValue()).toBe('60');
      expect(await figures.textContent()).toMatch(/^step1/);
      await follow('run.sizes=I-3-H-5&run.speed=60&train.task=copy');
      await expect.poll(() => training.getByLabel('Task').inputValue(), patient).toBe('copy');
      await expect.poll(() => figures.textContent(), patient).toMatch(/^step0/);
    });

    test('a link to a cell that does not compile shows it, beside the panes of the first', async () => {
      const page = await open();
      await overwrite(page, 5, "h' = ".length, 0, '?');
      await expect.poll(() => page.locator('.cm-lintRange-error').count()).toBe(1);
      await expect.poll(() => page.url()).toContain('cell=%7E');
      const other = await open(new URL(page.url()).hash);
      expect(await written(other)).toContain("h' = ?(1");
      await expect.poll(() => other.locator('.ex-message').textContent()).toContain('SPEC_SYNTAX');
      expect(await pane(other, 'schedule').textContent()).toContain('schedule gru');
    });

    test('the menu has the cells of the catalogue, networks among them', async () => {
      const page = await open();
      await page.getByLabel('Cell of the catalogue').selectOption('two_grus');
      expect(await written(page)).toBe(catalogue.sourceOf('two_grus'));
      await expect.poll(() => pane(page, 'schedule').textContent()).toContain('g2.h');
      await expect.poll(() => page.url()).toMatch(/#cell=two_grus$/);
    });

    test('with the keyboard alone one comes into the editor and out of it, on to panes', async () => {
      const page = await open();
      const focused = () =>
        page.evaluate(() => (document.activeElement!.shadowRoot?.activeElement ?? document.activeElement!).className);
      await page.getByRole('button', { name: "h'", exact: true }).focus();
      await page.keyboard.press('Tab');
      expect(await focused()).toContain('cm-content');
      await page.keyboard.press('Tab');
      expect(await focused()).toContain('ex-tab');
      await page.keyboard.press('Shift+Tab');
      expect(await focused()).toContain('cm-content');
    });

    test("a phone's width shows a pane at a time, in tabs, and does not scroll sideways", async () => {
      const page = await open('', { viewport: { width: 375, height: 700 } });
      const tabs = page.getByRole('tab');
      expect(await tabs.allTextContents()).toHaveLength(9);
      expect(await page.getByRole('tabpanel').count()).toBe(1);
      await tabs.first().focus();
      await page.keyboard.press('ArrowRight');
      expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('IR');
      expect(await page.getByRole('tabpanel', { name: 'IR' }).textContent()).toContain('cell gru');
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    });

    test.each([
      ['light', { colorScheme: 'light' }],
      ['dark', { colorScheme: 'dark' }],
      ['narrow', { viewport: { width: 375, height: 700 } }],
    ] as const)('axe finds nothing to object to: %s', async (_, options) => {
      const page = await open('#cell=lstm', options);
      await overwrite(page, 2, 0, 0, '?');
      await expect.poll(() => page.locator('.cm-lintRange-error').count()).toBe(1);
      // As the debugger's expression: the page's policy allows no script but its own.
      await page.evaluate(readFileSync(axe, 'utf8'));
      const violations = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run();
        return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
      });
      expect(violations).toEqual([]);
    });

    test.each([1440, 1240, 1000, 768, 375, 320])(
      'what runs needs no more room than is kept: %i pixels',
      async (width) => {
        const page = await open('', { viewport: { width, height: 800 }, reducedMotion: 'reduce' });
        await page.locator('#ex-run').scrollIntoViewIfNeeded();
        await expect.poll(() => page.locator('.ex-run-comparison tbody tr').count(), { timeout: 60_000 }).toBe(3);
        const [filled, grown, empty] = await page.evaluate(() => {
          const height = (): number => document.querySelector<HTMLElement>('#ex-run')!.offsetHeight;
          const heights = [height()];
          for (const cell of document.querySelectorAll('.ex-run-comparison td:not([colspan])')) {
            cell.textContent = '99,999,999';
          }
          heights.push(height());
          for (const part of document.querySelectorAll('.ex-run-comparison tbody, .ex-run-sizes'))
            part.replaceChildren();
          return [...heights, height()];
        });
        expect([grown, empty]).toEqual([filled, filled]);
      },
    );

    test('nothing moves while the page fills', async () => {
      const page = await open('#cell=lstm');
      const shifts = await page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            new PerformanceObserver((list) => {
              resolve(
                list
                  .getEntries()
                  .reduce((sum, entry) => sum + (entry as PerformanceEntry & { value: number }).value, 0),
              );
            }).observe({ type: 'layout-shift', buffered: true });
            setTimeout(() => resolve(0), 500);
          }),
      );
      expect(shifts).toBe(0);
    });
  });
});

interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}
