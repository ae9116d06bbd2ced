import * as scalar from '@congruent/scalar';
import { numbers } from '../../../tools/testing/numbers.ts';

/** What engines are given: two layers of 5 values a step, and 19 of the result. */
const OPTIONS = { inputSize: 5, hiddenSize: 19, numLayers: 2, seed: 7 };

export const inputSize: number = OPTIONS.inputSize;
export const outputSize: number = OPTIONS.hiddenSize;

const layers = scalar.GRU.createSync(OPTIONS);

/** Its parameters. */
export const stateDict: scalar.StateDict = layers.stateDict();

/** A series of so many steps; each number has its own. */
export const series = (steps: number, number = 0): Float32Array =>
  numbers('float32', steps * inputSize, number).map((value) => 2 * value);

/** What `stream.step` of a backend gives for a series, row by row: bits. */
export function streamed(values: Float32Array): Float32Array {
  const stream = layers.stream();
  const rows = Array.from({ length: values.length / inputSize }, (_, t) =>
    Array.from(stream.step(values.slice(t * inputSize, (t + 1) * inputSize))),
  );
  return Float32Array.from(rows.flat());
}
