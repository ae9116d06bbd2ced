/// <reference lib="dom" />

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { chromium as executablePath } from '../../../../tools/testing/chromium.mjs';
import { exportNetwork, readParameters } from '../src/model.ts';
import { openNetwork } from '../src/network.ts';
import { originalInstalled } from '../src/original.ts';
import { loadedByPage, type PageFile, pageFiles } from '../src/page-files.ts';
import { serve } from '../src/serve.ts';
import { chunks, samples } from './silero.ts';

const hasBrowser = existsSync(executablePath);
if (!hasBrowser && process.env['CI'])
  throw new Error(`The page's tests need Chromium, and there is no ${executablePath}.`);

describe.skipIf(!originalInstalled())('the page', () => {
  let files: ReadonlyMap<string, PageFile>;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'congruent-vad-page-'));
    await exportNetwork(await readParameters(), folder);
    files = await pageFiles(folder);
    rmSync(folder, { recursive: true });
  });

  test('loads less than a megabyte, gzipped, and less than 10 kB of it are not the network', () => {
    const loaded = loadedByPage(files);
    const gzipped = (names: (name: string) => boolean): number =>
      loaded.filter(({ name }) => names(name)).reduce((sum, file) => sum + file.gzipped, 0);
    expect(gzipped(() => true)).toBeLessThan(1e6);
    expect(gzipped((name) => !name.endsWith('.wasm'))).toBeLessThan(10_000);
  });

  describe.skipIf(!hasBrowser)('in Chromium', () => {
    let browser: Browser;
    beforeAll(async () => {
      const args = [
        '--no-sandbox',
        '--autoplay-policy=no-user-gesture-required',
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
      ];
      browser = await chromium.launch({ executablePath, args });
    });
    afterAll(() => browser?.close());

    async function open(): Promise<{ readonly page: Page; readonly problems: readonly string[] }> {
      const { server, address } = await serve(files);
      const page = await browser.newPage();
      onTestFinished(async () => {
        await page.close();
        server.close();
      });
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      await page.goto(address);
      return { page, problems };
    }

    test('in an AudioWorklet the exported network has the bits of stream.step', async () => {
      const { page } = await open();
      const heard = await page.evaluate(hear, [...samples]);
      const { detect } = await openNetwork('silero_vad', await readParameters());
      expect(heard).toEqual(chunks.map(detect));
    });

    test('plays the recording and says that somebody speaks', async () => {
      const { page, problems } = await open();
      const said = page.evaluate(verdicts);
      await page.getByRole('button', { name: 'Play the recording' }).click();
      expect(await said).toEqual(['starting', 'silence', 'speech', 'silence', 'not listening']);
      expect(problems).toEqual([]);
    });

    test('listens to a microphone until it is stopped', async () => {
      const { page, problems } = await open();
      await page.getByRole('button', { name: 'Use the microphone' }).click();
      await expect.poll(() => page.locator('#probability').textContent()).toMatch(/^0\.\d{3}$/);
      await page.getByRole('button', { name: 'Stop' }).click();
      await expect.poll(() => page.getByRole('status').textContent()).toBe('not listening');
      expect(problems).toEqual([]);
    });

    test('what was on its way when it is stopped is not shown', async () => {
      const { page, problems } = await open();
      await page.evaluate(() => {
        const close = AudioContext.prototype.close;
        // Returns before it is closed, so that the processor says more.
        AudioContext.prototype.close = async function () {
          setTimeout(() => close.call(this), 500);
        };
      });
      await page.getByRole('button', { name: 'Use the microphone' }).click();
      await expect.poll(() => page.locator('#probability').textContent()).toMatch(/^0\.\d{3}$/);
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.waitForTimeout(400);
      expect(await page.getByRole('status').textContent()).toBe('not listening');
      expect(problems).toEqual([]);
    });
  });
});

/** In the page: the probabilities that its processor tells of samples. */
async function hear(values: readonly number[]): Promise<readonly number[]> {
  const context = new OfflineAudioContext(1, values.length, 16_000);
  await context.audioWorklet.addModule('processor.js');
  const module = await WebAssembly.compileStreaming(fetch('silero_vad.wasm'));
  const node = new AudioWorkletNode(context, 'detector', { processorOptions: { module } });
  const heard: number[] = [];
  const all = new Promise<void>((resolve) => {
    node.port.onmessage = ({ data }) => {
      if (heard.push(data.probability) === values.length / 512) resolve();
    };
  });
  const buffer = new AudioBuffer({ length: values.length, sampleRate: context.sampleRate });
  buffer.copyToChannel(Float32Array.from(values), 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(node).connect(context.destination);
  source.start();
  await context.startRendering();
  await all;
  return heard;
}

/** In the page: what it says, until it listens no more. */
function verdicts(): Promise<readonly string[]> {
  const verdict = document.getElementById('verdict')!;
  const said: string[] = [];
  return new Promise((resolve) => {
    new MutationObserver(() => {
      said.push(verdict.textContent!);
      if (said.at(-1) === 'not listening') resolve(said);
    }).observe(verdict, { childList: true });
  });
}
