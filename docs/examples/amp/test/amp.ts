/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { referenceBackend } from '@congruent/conformance';
import { readModel } from '@congruent/models';
import { defineLayer, type StateDict } from '@congruent/runtime';
import { amp } from '../amp.ts';
import { create, type Model } from '../dist/exported/amp.js';

const read = (path: string): Buffer => readFileSync(new URL(path, import.meta.url));

/** The tensors of the model, by the names of its file. */
export const { tensors } = await readModel(read('../data/ts9-gru8.json'), { name: 'ts9-gru8.json' });

const { skip, ...parameters } = tensors;

/** What the amplifier adds the string's own sound by; the equations have 1. */
export const skipped: number = Number(skip!.data[0]);

/** The network as the build exports it, in its initial state. */
export const exported = (): Model => create(read('../dist/exported/amp.wasm'));

/** What `stream.step` of the suite's reference gives for each sample. */
export function streamed(samples: Float32Array): Float32Array {
  const layer = defineLayer(referenceBackend({ cell: amp }), 'Amp').createSync({ sizes: { H: 8 } });
  layer.loadStateDict(parameters as StateDict);
  const stream = layer.stream();
  // biome-ignore lint/suspicious/noExplicitAny: one input, one output
  return samples.map((sample) => (stream as any).step(Float32Array.of(sample))[0]);
}

/** A plucked string by Karplus and Strong ("Digital Synthesis of Plucked-String and Drum Timbres", 1983), at 48 kHz. */
export function pluckedString(samples: number, period = 400): Float32Array<ArrayBuffer> {
  const sound = new Float32Array(samples);
  let noise = 1;
  for (let t = 0; t < samples; t++) {
    // Park and Miller's generator, "Random Number Generators: Good Ones Are Hard to Find", 1988.
    noise = (noise * 48_271) % 2_147_483_647;
    sound[t] = t <= period ? noise / 2 ** 31 - 0.5 : (sound[t - period]! + sound[t - period - 1]!) / 2;
  }
  return sound;
}
