import {
  type FloatArray,
  type PackedSequence,
  packPaddedSequence,
  padPackedSequence,
  type Tensor,
} from '@congruent/runtime';
import type { Batch } from './peer-adapter.ts';

export type Input = Tensor | PackedSequence;

/** Whatever a class takes, as a batch of sequences, steps first; and a batch as what the class gives for such an input. */
export interface Form {
  readonly batch: Omit<Batch, 'initial'>;
  /** A result [T, B, width] in the form of the input. */
  wrap(data: FloatArray, width: number): Input;
  /** What is in the form of the input, as [T, B, n]. */
  unwrap(value: Input): FloatArray;
  /** The shape of states of `count` layers and directions. */
  stateShape(count: number, width: number): readonly number[];
}

/** Reads an input; its numbers are copied. */
export function formOf(input: Input, batchFirst: boolean): Form {
  if ('batchSizes' in input) return packedForm(input);
  const { shape } = input;
  const [steps, batch] =
    shape.length === 2 ? [shape[0]!, 1] : batchFirst ? [shape[1]!, shape[0]!] : [shape[0]!, shape[1]!];
  const unwrap = ({ data, shape }: Tensor) =>
    shape.length === 3 && batchFirst ? swapped(data, batch, steps) : data.slice();
  const wrap = (data: FloatArray, width: number): Tensor => {
    if (shape.length === 2) return { data, shape: [steps, width] };
    if (batchFirst) return { data: swapped(data, steps, batch), shape: [batch, steps, width] };
    return { data, shape: [steps, batch, width] };
  };
  return {
    batch: { steps, batch, input: unwrap(input) },
    wrap,
    unwrap: (value) => unwrap(value as Tensor),
    stateShape: (count, width) => (shape.length === 2 ? [count, width] : [count, batch, width]),
  };
}

function packedForm(packed: PackedSequence): Form {
  const { output, lengths } = padPackedSequence(packed);
  const [steps, batch] = output.shape as [number, number];
  const enforceSorted = packed.sortedIndices === null;
  return {
    batch: { steps, batch, input: output.data, lengths },
    wrap: (data, width) => {
      const padded = { data, shape: [steps, batch, width] };
      return { ...packed, data: packPaddedSequence(padded, lengths, { enforceSorted }).data };
    },
    unwrap: (value) => padPackedSequence(value as PackedSequence).output.data,
    stateShape: (count, width) => [count, batch, width],
  };
}

/** [n, m, …] to [m, n, …]. */
function swapped(data: FloatArray, n: number, m: number): FloatArray {
  const width = data.length / (n * m);
  const result = data.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      const from = (i * m + j) * width;
      result.set(data.subarray(from, from + width), (j * n + i) * width);
    }
  }
  return result;
}
