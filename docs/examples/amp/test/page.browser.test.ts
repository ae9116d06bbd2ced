/// <reference lib="dom" />
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromium as executablePath } from '../../../../tools/testing/chromium.mjs';
import { pluckedString, streamed } from './amp.ts';

const root = fileURLToPath(new URL('../page', import.meta.url));

let browser: Browser;
let server: PreviewServer;
const errors: string[] = [];

/** Machines may be busy. */
const patient = { timeout: 30_000 };

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
  });
  server = await serve('../dist/page');
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const serve = (outDir: string): Promise<PreviewServer> =>
  preview({ root, logLevel: 'silent', build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });

async function open(at: PreviewServer, options: object = {}): Promise<Page> {
  const page = await browser.newPage(options);
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(at.resolvedUrls!.local[0]!);
  return page;
}

test('an AudioWorklet gives the bits of stream.step in Node', async () => {
  const outDir = await mkdtemp(join(tmpdir(), 'congruent-amp-'));
  // The page's own modules, with a name for what they export.
  const input = join(root, 'amp-node.ts');
  const output = { entryFileNames: 'amp-node.js' };
  await build({
    root,
    logLevel: 'silent',
    build: { outDir, emptyOutDir: true, rollupOptions: { input, output, preserveEntrySignatures: 'strict' } },
  });
  await writeFile(
    join(outDir, 'index.html'),
    `<!doctype html><script type="module">import { ampNode } from './amp-node.js'; Object.assign(globalThis, { ampNode });</script>`,
  );
  const built = await serve(outDir);
  try {
    const page = await browser.newPage();
    await page.goto(built.resolvedUrls!.local[0]!);
    const samples = pluckedString(9600);
    const got = await page.evaluate(async (values) => {
      const ampNode = Reflect.get(globalThis, 'ampNode');
      const context = new OfflineAudioContext(1, values.length, 48_000);
      const buffer = context.createBuffer(1, values.length, 48_000);
      buffer.copyToChannel(Float32Array.from(values), 0);
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(await ampNode(context)).connect(context.destination);
      source.start();
      return Array.from((await context.startRendering()).getChannelData(0));
    }, Array.from(samples));
    expect(Float32Array.from(got)).toEqual(streamed(samples));
  } finally {
    await built.close();
    await rm(outDir, { recursive: true });
  }
});

/** How many pixels of the spectrum have the colour of what is heard, from a share of the width on. */
const filled = (page: Page, from = 0): Promise<number> =>
  page.evaluate((share) => {
    const canvas = document.querySelector('canvas')!;
    const left = Math.round(share * canvas.width);
    const { data } = canvas.getContext('2d')!.getImageData(left, 0, canvas.width - left, canvas.height);
    return data.reduce((count, value, at) => count + Number(at % 4 === 0 && value - data[at + 2]! > 90), 0);
  }, from);

test.each(['light', 'dark'])(
  'the page plays: spectrum and share of the deadline are drawn, nothing moves, %s',
  async (colorScheme) => {
    const page = await open(server, { colorScheme, viewport: { width: 420, height: 800 } });
    await page.evaluate(() => {
      const shifts: PerformanceEntryList = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) => shifts.push(...list.getEntries())).observe({
        type: 'layout-shift',
        buffered: true,
      });
    });
    expect(await filled(page)).toBe(0);
    await page.focus('#play');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('#play')!.textContent === 'Stop');
    await expect.poll(() => filled(page), patient).toBeGreaterThan(1000);

    const share = Number.parseFloat((await page.textContent('#share'))!);
    expect(share).toBeGreaterThan(0.01);
    expect(share).toBeLessThan(100);
    expect(await page.textContent('#time')).toMatch(/^[\d,]+ µs of 2,667 µs$/);
    const [bar, used] = await page.evaluate(() =>
      ['.bar', '#used'].map((name) => document.querySelector(name)!.getBoundingClientRect().width),
    );
    // The text has two digits.
    expect(Math.abs((100 * used!) / bar! - share)).toBeLessThan(0.06 * share);
    console.log(`${colorScheme}: ${share} % of the deadline, ${await page.textContent('#time')}`);

    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('#play')!.textContent === 'Play');
    expect(await page.evaluate(() => Reflect.get(globalThis, 'shifts').length)).toBe(0);
    expect(errors).toEqual([]);
    await page.close();
  },
);

test('the amplifier adds treble, bypassed it does not', async () => {
  const page = await open(server);
  await page.click('#play');
  // Above 6 kHz, on an axis from 50 Hz to 16 kHz.
  const treble = (): Promise<number> => filled(page, Math.log(6000 / 50) / Math.log(16_000 / 50));
  await expect.poll(treble, patient).toBeGreaterThan(500);
  await page.check('#bypass');
  await expect.poll(treble, patient).toBeLessThan(20);
  await page.waitForTimeout(500);
  expect(await treble()).toBeLessThan(20);
  await page.uncheck('#bypass');
  await expect.poll(treble, patient).toBeGreaterThan(500);
  await page.close();
});

test('a file that is no recording is said to be none, and the guitar still plays', async () => {
  const page = await open(server);
  const place = (): Promise<number> =>
    page.evaluate(() => document.querySelector('canvas')!.getBoundingClientRect().top);
  const before = await place();
  await page.setInputFiles('#file', { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('E A D G B E') });
  await expect.poll(() => page.textContent('#message'), patient).toMatch(/^notes\.txt is no recording/);
  expect(await place()).toBe(before);
  await page.click('#play');
  await expect.poll(() => filled(page), patient).toBeGreaterThan(1000);
  expect(await page.textContent('#message')).toBe('');
  await page.close();
});
