/// <reference lib="dom" />
/// <reference path="./export-setup.ts" />

import { expect, inject, test } from 'vitest';
import { reportUnder } from '../../../tools/testing/policy.ts';
import { inputSize, outputSize, series, streamed } from './engine-model.ts';
import { rendered } from './render.ts';

const exported = inject('exported');
const bytes = Uint8Array.from(exported.bytes);

const urlOf = (code: string): string => URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));

const wrapper = urlOf(exported.source);

/** What a page with this Content-Security-Policy makes of a series: the values, or what it was refused with. */
const pageWith = (scripts: string, values: Float32Array): Promise<Float32Array | string> =>
  reportUnder(
    `blob: ${scripts}`,
    urlOf(`
      import { create } from '${wrapper}';
      try {
        parent.postMessage(create(Uint8Array.of(${bytes})).run(Float32Array.of(${values}), ${values.length / inputSize}));
      } catch (error) {
        parent.postMessage(String(error));
      }`),
  );

test("an exported model runs in a page whose Content-Security-Policy has 'wasm-unsafe-eval', with the bits of a stream", async () => {
  const values = series(7);
  expect(await pageWith("'wasm-unsafe-eval'", values)).toEqual(streamed(values));
});

test('a Content-Security-Policy without it refuses the module, and says so', async () => {
  expect(await pageWith('', series(1))).toMatch(/^CompileError: .*Content Security Policy/);
});

/** A processor whose code is the wrapper itself: it has the module from the page, as it can load nothing. */
const PROCESSOR = `
registerProcessor('model', class extends AudioWorkletProcessor {
  constructor({ processorOptions: { module } }) {
    super();
    this.model = create(module);
    this.x = new Float32Array(inputSize);
  }

  process([[from]], [[to]]) {
    for (let index = 0; from && index < to.length; index++) to[index] = this.model.step(this.x.fill(from[index]))[0];
    return true;
  }
});`;

test('an exported model streams in an AudioWorklet, with the bits of a stream', async () => {
  const rate = 48_000;
  const samples = Float32Array.from({ length: rate / 8 }, (_, index) => Math.sin(index / 9) * Math.sin(index / 1000));
  const module = urlOf(exported.source + PROCESSOR);
  const processorOptions = { module: await WebAssembly.compile(bytes) };
  const { output } = await rendered(samples, rate, { module, name: 'model', processorOptions });
  const wanted = streamed(samples.reduce(spread, new Float32Array(samples.length * inputSize)));
  expect(output.findIndex((value, t) => !Object.is(value, wanted[t * outputSize]))).toBe(-1);
  expect(Math.max(...output)).toBeGreaterThan(0.01);
});

/** Each sample as all values of a step. */
function spread(values: Float32Array, sample: number, t: number): Float32Array {
  return values.fill(sample, t * inputSize, (t + 1) * inputSize);
}
