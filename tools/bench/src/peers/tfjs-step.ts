import type { CellName } from '../cells.ts';
import type { LayerWeights, Weight } from '../problem.ts';

/** What is used of @tensorflow/tfjs-core. */
export interface Tf {
  env(): { set(flag: string, value: boolean): void };
  setBackend(name: string): Promise<boolean>;
  tensor2d(data: Float32Array, shape: readonly [number, number]): Matrix;
  zeros(shape: readonly [number, number]): Matrix;
  keep(tensor: Matrix): Matrix;
  tidy<T>(compute: () => T): T;
  matMul(a: Matrix, b: Matrix, transposeA: boolean, transposeB: boolean): Matrix;
  split(x: Matrix, parts: number | number[], axis: number): Matrix[];
  concat(parts: Matrix[], axis: number): Matrix;
  add(a: Matrix, b: Matrix): Matrix;
  sub(a: Matrix, b: Matrix): Matrix;
  mul(a: Matrix, b: Matrix): Matrix;
  sigmoid(x: Matrix): Matrix;
  tanh(x: Matrix): Matrix;
}
export interface Matrix {
  dataSync(): Float32Array;
  dispose(): void;
}

/** One layer in one direction: weights and bias of the input, and of the state. */
export interface Side {
  readonly W: Matrix;
  readonly R: Matrix;
  readonly b: Matrix;
  readonly c: Matrix;
}

export function sideOf(tf: Tf, weights: LayerWeights): Side {
  const matrix = ({ data, shape }: Weight) =>
    tf.tensor2d(data, (shape.length === 2 ? shape : [1, ...shape]) as [number, number]);
  const [W, R, b, c] = Object.values(weights).map(matrix) as [Matrix, Matrix, Matrix, Matrix];
  return { W, R, b, c };
}

/** A cell's states, in the order of the equations; the first is the output. */
export type States = readonly [Matrix, ...Matrix[]];

/** The next states, given the products with the input and with the state, and their biases. */
type Gates = (tf: Tf, ofX: Matrix, ofH: Matrix, states: States) => States;

/** By what is a cell of torch's. */
export const gates: Readonly<Partial<Record<CellName, Gates>>> = {
  gru(tf, ofX, ofH, [h]) {
    const [xr, xz, xn] = tf.split(ofX, 3, 1) as [Matrix, Matrix, Matrix];
    const [hr, hz, hn] = tf.split(ofH, 3, 1) as [Matrix, Matrix, Matrix];
    const z = tf.sigmoid(tf.add(xz, hz));
    const n = tf.tanh(tf.add(xn, tf.mul(tf.sigmoid(tf.add(xr, hr)), hn)));
    return [tf.add(n, tf.mul(z, tf.sub(h, n)))];
  },
  lstm(tf, ofX, ofH, [, c]) {
    const [i, f, g, o] = tf.split(tf.add(ofX, ofH), 4, 1) as [Matrix, Matrix, Matrix, Matrix];
    const next = tf.add(tf.mul(tf.sigmoid(f), c!), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    return [tf.mul(tf.sigmoid(o), tf.tanh(next)), next];
  },
};

/** One step, given the input's product with its bias. */
export const step = (tf: Tf, cell: CellName, { R, c }: Side, ofX: Matrix, states: States): States =>
  gates[cell]!(tf, ofX, tf.add(tf.matMul(states[0], R, false, true), c), states);

/** The outputs of every step, given the inputs' products with their biases. */
export function outputsOf(tf: Tf, cell: CellName, side: Side, inputs: readonly Matrix[], initial: States): Matrix[] {
  let states = initial;
  return inputs.map((ofX) => {
    states = step(tf, cell, side, ofX, states);
    return states[0];
  });
}

/** Zero states. */
export const zerosOf = (tf: Tf, count: number, shape: readonly [number, number]): States =>
  Array.from({ length: count }, () => tf.zeros(shape)) as [Matrix, ...Matrix[]];
