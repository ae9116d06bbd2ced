import { readFileSync } from 'node:fs';
import { type TestAPI, test } from 'vitest';
import { originalInstalled } from '../src/original.ts';
import { chunksOf, samplesOf } from '../src/speech.ts';

/** What onnxruntime-node gave for the recording, chunk by chunk. */
interface Recorded {
  /** Probabilities, and h and c after each chunk, [20, 2, 128]. */
  readonly withContext: { readonly prob: readonly number[]; readonly state: { readonly data: readonly number[] } };
  /** Probabilities, and h and c after the last chunk, [2, 128]. */
  readonly plain: { readonly prob: readonly number[]; readonly lastState: { readonly data: readonly number[] } };
}

const data = (name: string): Buffer => readFileSync(new URL(`../data/${name}`, import.meta.url));

export const recorded: Recorded = JSON.parse(data('recording.json').toString());

export const samples: Float32Array<ArrayBuffer> = samplesOf('speech.wav', data('speech.wav'));

export const chunks: readonly Float32Array[] = chunksOf(samples);

/** A test that needs Silero's model; it is skipped where that is not installed. */
export const withModel: TestAPI | TestAPI['skip'] = originalInstalled() ? test : test.skip;
