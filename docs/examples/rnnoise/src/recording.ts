import { readFile } from 'node:fs/promises';
import { type Tensor, tensor } from '@congruent/runtime';

/** What data/recording.json has; arrays are row-major. */
export interface Recording {
  readonly frames: number;
  /** [frames, 65], from RNNoise's own feature extraction. */
  readonly features: Matrix;
  /** The probability of a voice in each frame, by RNNoise itself, which rounds activations to 8 bits. */
  readonly vadPackage: readonly number[];
  /** The same, and all below, by the same network in float64, activations unrounded. */
  readonly vad64: readonly number[];
  readonly gains64: Matrix & { readonly frames: readonly number[] };
  /** The second convolution's outputs. */
  readonly gru1Input64: Matrix;
  readonly gruStates64: readonly GruStates[];
}

interface Matrix {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface GruStates {
  readonly afterFrame: number;
  readonly gru1: readonly number[];
  readonly gru2: readonly number[];
  readonly gru3: readonly number[];
}

export async function readRecording(): Promise<Recording> {
  return JSON.parse(await readFile(new URL('../data/recording.json', import.meta.url), 'utf8'));
}

/** The features as an unbatched sequence, [frames, 65]. */
export const featuresOf = ({ features }: Recording): Tensor => tensor(Float32Array.from(features.data), features.shape);
