/// <reference lib="dom" />

import * as scalar from '@congruent/scalar';
import { expect, test } from 'vitest';
import * as wasm from '../src/index.ts';
import { AUDIO_GRU, weightOf } from './audio-gru.ts';
import processorUrl from './worklet-processor.ts?worker&url';

const RATE = 48_000;
const SECONDS = 2;

/** Real audio: two voices with an envelope, and what is left of a pluck. */
const sampleAt = (index: number): number => {
  const t = index / RATE;
  return (
    0.4 * Math.sin(2 * Math.PI * 220 * t) * Math.exp(-t) +
    0.2 * Math.sin(2 * Math.PI * 331.5 * t) +
    0.1 * Math.sin(12.9898 * index) * Math.exp(-40 * t)
  );
};

test('an AudioWorklet streams a GRU at audio rate with the bits of @congruent/scalar, within its deadline', async () => {
  const context = new OfflineAudioContext(1, RATE * SECONDS, RATE);
  await context.audioWorklet.addModule(processorUrl);
  const node = new AudioWorkletNode(context, 'gru', { numberOfInputs: 1, numberOfOutputs: 1, outputChannelCount: [1] });
  const failed = new Promise<never>((_, reject) => {
    node.onprocessorerror = (event) => reject(new Error(`the processor failed: ${(event as ErrorEvent).message}`));
  });
  const buffer = context.createBuffer(1, RATE * SECONDS, RATE);
  const samples = buffer.getChannelData(0);
  for (let index = 0; index < samples.length; index++) samples[index] = sampleAt(index);
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(node).connect(context.destination);
  source.start();
  const start = performance.now();
  const rendered = (await Promise.race([context.startRendering(), failed])).getChannelData(0);
  const milliseconds = performance.now() - start;

  const gru = await scalar.GRU.create(AUDIO_GRU);
  const shapes = Object.entries(gru.stateDict());
  gru.loadStateDict(
    Object.fromEntries(shapes.map(([name, { shape, data }]) => [name, { shape, data: data.map(weightOf) }])),
  );
  const { output } = gru.forward(wasm.tensor(samples.slice(), [samples.length, 1]));
  const expected = Float32Array.from({ length: samples.length }, (_, t) => output.data[t * AUDIO_GRU.hiddenSize]!);
  const differing = rendered.findIndex((value, index) => !Object.is(value, expected[index]));
  expect(differing).toBe(-1);

  // Rendering offline takes all the time the processor needs and nothing it waits for.
  const share = milliseconds / (1000 * SECONDS);
  const quantum = (1000 * 128) / RATE;
  console.log(
    `AudioWorklet, H=${AUDIO_GRU.hiddenSize}: ${(share * 100).toFixed(1)} % of the deadline of ${quantum.toFixed(2)} ms a quantum`,
  );
  expect(share).toBeLessThan(0.5);
});
