import type { DType } from '@congruent/runtime';
import blocks from '../../vectors/blocks.json' with { type: 'json' };
import type { RecordedCase } from '../vectors/vectors.ts';
import type { BatchResult } from './batch.ts';

/** Digests of results and gradients. */
export interface Digests {
  readonly results: string;
  readonly gradients: string;
}

export const digestsOf = ({ dtype }: RecordedCase, { results, gradients }: BatchResult<number>): Digests => ({
  results: digestOf(dtype, Object.values(results)),
  gradients: digestOf(dtype, Object.values(gradients)),
});

/** The name of a case in the file of digests. */
export const keyOf = ({ dtype, name }: RecordedCase): string => `${dtype}, ${name}`;

/**
 * What the interpreter gives, which is too slow to ask each time. A test does ask it, and with `vitest -u` writes the
 * file anew.
 */
export const recordedDigests = (vector: RecordedCase): Digests | undefined =>
  (blocks as Readonly<Record<string, Digests>>)[keyOf(vector)];

/** 64 bits that follow from the bits of all numbers, in order; a sign of zero counts. For finding differences, no more. */
function digestOf(dtype: DType, arrays: readonly ArrayLike<number>[]): string {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (const array of arrays) {
    const typed = dtype === 'float64' ? new Float64Array(array) : new Float32Array(array);
    const words = new Uint32Array(typed.buffer);
    for (let i = 0; i < words.length; i++) {
      a = Math.imul(a ^ words[i]!, 0x01000193);
      b = Math.imul(b ^ words[i]! ^ (a >>> 15), 0x85ebca6b);
    }
  }
  return [a, b].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
