/// <reference lib="dom" />

import { recordedBound } from '@congruent/conformance';
import { GRU, LSTM } from '@congruent/scalar';
import { expect, test } from 'vitest';
import * as wasm from '../src/index.ts';
import { rendered } from './render.ts';
import recorded from './vectors/audio.json' with { type: 'json' };
import type { ProcessorOptions } from './worklet-processor.ts';
import processorUrl from './worklet-processor.ts?worker&url';

const { rate, options } = recorded;

/** The samples that PyTorch had: a plucked string, as tools/vectors/record_audio.py makes it. */
function pluckedString(): Float32Array<ArrayBuffer> {
  const samples = Int32Array.from({ length: rate * recorded.seconds }, (_, index) => recorded.noise[index] ?? 0);
  const period = recorded.noise.length - 1;
  for (let i = period + 1; i < samples.length; i++) samples[i] = (samples[i - period]! + samples[i - period - 1]!) >> 1;
  return Float32Array.from(samples, (sample) => sample / 2 ** 15);
}

test.each(['GRU', 'LSTM'] as const)(
  "an AudioWorklet streams %s at audio rate: PyTorch's output, the bits of @congruent/scalar, in time",
  async (name) => {
    const { stateDict: parameters, expected: encoded, torchError } = recorded[name];
    const stateDict = Object.fromEntries(
      Object.entries(parameters).map(([key, { data, shape }]) => [key, wasm.tensor(data, shape)]),
    );
    const samples = pluckedString();
    const processorOptions: ProcessorOptions = { options, stateDict };
    const { output, milliseconds } = await rendered(samples, rate, { module: processorUrl, name, processorOptions });

    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    const expected = new Float64Array(bytes.buffer);
    expect(expected.length).toBe(samples.length / recorded.every);
    const errors = expected.map((value, index) => Math.abs(value - output[index * recorded.every]!));
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const bound = recordedBound('float32', expected, torchError)(largest);
    expect(errors.reduce((most, error) => Math.max(most, error), 0)).toBeLessThanOrEqual(bound);
    expect(largest).toBeGreaterThan(0.05);

    const layer = await { GRU, LSTM }[name].create(options);
    layer.loadStateDict(stateDict);
    const bits = layer.forward(wasm.tensor(samples, [samples.length, 1])).output.data;
    expect(output.findIndex((value, t) => !Object.is(value, bits[t * options.hiddenSize]!))).toBe(-1);

    // Rendering offline takes all the time the processor needs and nothing it waits for.
    const share = milliseconds / (1000 * recorded.seconds);
    const quantum = (1000 * 128) / rate;
    console.log(
      `AudioWorklet, ${name}, H=${options.hiddenSize}: ${(share * 100).toFixed(1)} % of the deadline of ${quantum.toFixed(2)} ms a quantum`,
    );
    expect(share).toBeLessThan(1);
  },
);
