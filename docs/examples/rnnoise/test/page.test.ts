/// <reference lib="dom" />

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { chromium as executablePath } from '../../../../tools/testing/chromium.mjs';
import { type Exported, exportNetwork } from '../src/exported.ts';
import { moduleIn, original, originalsInstalled } from '../src/original.ts';
import { pageFiles } from '../src/page-files.ts';
import { serve } from '../src/serve.ts';
import { Denoiser } from '../src/sound/denoiser.ts';
import { networkOf } from '../src/sound/exported-network.ts';
import { FRAME } from '../src/sound/spectrum.ts';
import { noisySpeech } from '../src/speech.ts';
import { readWeights } from '../src/weights.ts';

const hasBrowser = existsSync(executablePath);
if (!hasBrowser && process.env['CI'])
  throw new Error(`The page's tests need Chromium, and there is no ${executablePath}.`);

describe.skipIf(!hasBrowser || !originalsInstalled())('the page, in Chromium', () => {
  let [folder, browser, exported] = ['', undefined as Browser | undefined, undefined as Exported | undefined];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rnnoise-page-'));
    exported = await exportNetwork(readWeights(moduleIn(await original.read())), pathToFileURL(`${folder}/`));
    const args = [
      '--no-sandbox',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
    ];
    browser = await chromium.launch({ executablePath, args });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  async function open(): Promise<{ readonly page: Page; readonly problems: readonly string[] }> {
    const { server, address } = await serve(await pageFiles(pathToFileURL(`${folder}/`)));
    const page = await browser!.newPage();
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

  test('in an AudioWorklet the sound without noise is that in Node, a frame later', async () => {
    const sound = (await noisySpeech()).sound.slice(0, 100);
    const { page } = await open();
    const samples = sound.flatMap((frame) => [...frame.map((sample) => sample / 32_768)]);
    const heard = await page.evaluate(rendered, samples);
    const denoiser = new Denoiser(networkOf(exported!.create()));
    const result = new Float32Array(FRAME);
    sound.slice(0, -1).forEach((frame, at) => {
      denoiser.process(frame, result);
      // Not their bits: engines differ in the last ones of sines and logarithms.
      const farthest = result.reduce(
        (most, sample, i) => Math.max(most, Math.abs(heard[(at + 1) * FRAME + i]! - sample / 32_768)),
        0,
      );
      expect(farthest).toBeLessThan(1e-6);
    });
  });

  test('plays the word, hears a voice in it, and removes the noise that is added', async () => {
    const { page, problems } = await open();
    await page.getByRole('button', { name: 'Play a word' }).click();
    await expect.poll(() => page.getByRole('status').textContent(), { timeout: 20_000 }).toBe('a voice');
    await expect
      .poll(() => page.locator('#removed').textContent(), { timeout: 20_000 })
      .toMatch(/^([3-9]|\d\d) dB removed$/);
    await page.getByRole('checkbox', { name: 'Remove the noise' }).uncheck();
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => page.getByRole('status').textContent()).toBe('stopped');
    expect(problems).toEqual([]);
  });

  test('listens to a microphone until it is stopped', async () => {
    const { page, problems } = await open();
    await page.getByRole('button', { name: 'Use the microphone' }).click();
    await expect.poll(() => page.locator('#removed').textContent(), { timeout: 20_000 }).toMatch(/dB removed$/);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => page.getByRole('status').textContent()).toBe('stopped');
    expect(problems).toEqual([]);
  });
});

/** In the page: what its processor makes of samples. */
async function rendered(samples: readonly number[]): Promise<readonly number[]> {
  const context = new OfflineAudioContext(1, samples.length, 48_000);
  await context.audioWorklet.addModule('processor.js');
  const module = await WebAssembly.compileStreaming(fetch('rnnoise.wasm'));
  const node = new AudioWorkletNode(context, 'noise-remover', {
    outputChannelCount: [1],
    processorOptions: { module },
  });
  const buffer = new AudioBuffer({ length: samples.length, sampleRate: context.sampleRate });
  buffer.copyToChannel(Float32Array.from(samples), 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(node).connect(context.destination);
  source.start();
  return [...(await context.startRendering()).getChannelData(0)];
}
