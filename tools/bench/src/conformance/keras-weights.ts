import type { FloatArray } from '@congruent/runtime';
import type { Cell } from '@congruent/spec';
import type { Weights } from './peer-adapter.ts';

// Weights as Keras's layers with one bias hold them: transposed, and a GRU's gates in another order.

/** Where each of Keras's gates stands among torch's. */
const ORDER: Readonly<Record<string, readonly number[]>> = {
  gru_reset_before: [1, 0, 2],
  lstm: [0, 1, 2, 3],
  rnn_tanh: [0],
  rnn_relu: [0],
};

export const gatesOf = ({ name }: Cell): number => ORDER[name]!.length;

/** The row of torch's that column `column` of `rows` holds. */
function rowAt(cell: Cell, column: number, rows: number): number {
  const height = rows / gatesOf(cell);
  return ORDER[cell.name]![Math.floor(column / height)]! * height + (column % height);
}

/** A matrix [G·H, n], or a bias with `rows` numbers, as Keras's [n, G·H]. */
export function toKeras(cell: Cell, data: FloatArray, rows: number): Float32Array {
  const width = data.length / rows;
  return Float32Array.from(data, (_, i) => data[rowAt(cell, i % rows, rows) * width + Math.floor(i / rows)]!);
}

/** The other way round. */
export function fromKeras(cell: Cell, data: FloatArray, rows: number): Float32Array {
  const width = data.length / rows;
  const result = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) result[rowAt(cell, i % rows, rows) * width + Math.floor(i / rows)] = data[i]!;
  return result;
}

/** The sum of torch's two biases. */
export function biasOf(cell: Cell, { bias_ih, bias_hh }: Weights): Float32Array {
  const sum = Float32Array.from(bias_ih!.data, (value, i) => value + bias_hh!.data[i]!);
  return toKeras(cell, sum, sum.length);
}
