import type { CellName } from '../cells.ts';
import type { LayerWeights, Weight } from '../problem.ts';

/** What is used of @jax-js/jax. An array is consumed by what it is given to; `ref` is one more owner of it. */
export interface Jax {
  init(device: 'wasm'): Promise<unknown>;
  defaultDevice(device: 'wasm'): unknown;
  jit<F>(compute: F): F & { dispose(): void };
  vjp(
    f: (...operands: JaxArray[]) => JaxArray,
    operands: readonly JaxArray[],
  ): [output: JaxArray, back: ((cotangent: JaxArray) => JaxArray[]) & { dispose(): void }];
  nn: { sigmoid(x: JaxArray): JaxArray };
  numpy: {
    array(data: Float32Array): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    split(x: JaxArray, parts: number, axis: number): JaxArray[];
    tanh(x: JaxArray): JaxArray;
    concatenate(parts: JaxArray[], axis: number): JaxArray;
  };
}
export interface JaxArray {
  readonly ref: JaxArray;
  reshape(shape: readonly number[]): JaxArray;
  transpose(): JaxArray;
  add(other: JaxArray): JaxArray;
  sub(other: JaxArray): JaxArray;
  mul(other: JaxArray): JaxArray;
  slice(index: number): JaxArray;
  dispose(): void;
  dataSync(): Float32Array;
}

/** One layer in one direction: weights and bias of the input, and of the state. */
export type Parameters = readonly [W: JaxArray, R: JaxArray, b: JaxArray, c: JaxArray];

export const parametersOf = (np: Jax['numpy'], weights: LayerWeights): Parameters => {
  const array = ({ data, shape }: Weight) => np.array(data).reshape(shape);
  return Object.values(weights).map(array) as [JaxArray, JaxArray, JaxArray, JaxArray];
};

/** A cell's states, in the order of the equations; the first is the output. */
export type States = [JaxArray, ...JaxArray[]];

/** The next states, given the products with the input and with the state, and their biases. */
type Gates = (jax: Jax, ofX: JaxArray, ofH: JaxArray, states: States) => States;

/** By what is a cell of torch's. */
export const gates: Readonly<Partial<Record<CellName, Gates>>> = {
  gru({ nn, numpy: np }, ofX, ofH, [h]) {
    const [xr, xz, xn] = np.split(ofX, 3, 1) as [JaxArray, JaxArray, JaxArray];
    const [hr, hz, hn] = np.split(ofH, 3, 1) as [JaxArray, JaxArray, JaxArray];
    const r = nn.sigmoid(xr.add(hr));
    const z = nn.sigmoid(xz.add(hz));
    const n = np.tanh(xn.add(r.mul(hn)));
    return [n.ref.add(z.mul(h.sub(n)))];
  },
  lstm({ nn, numpy: np }, ofX, ofH, [h, c]) {
    h.dispose(); // Only the product reads it.
    const [i, f, g, o] = np.split(ofX.add(ofH), 4, 1) as [JaxArray, JaxArray, JaxArray, JaxArray];
    const next = nn
      .sigmoid(f)
      .mul(c!)
      .add(nn.sigmoid(i).mul(np.tanh(g)));
    return [nn.sigmoid(o).mul(np.tanh(next.ref)), next];
  },
};

/** One step, given the input's product with its bias. */
export const stepIn =
  (jax: Jax, cell: CellName) =>
  (ofX: JaxArray, states: States, R: JaxArray, c: JaxArray): States =>
    gates[cell]!(jax, ofX, jax.numpy.matmul(states[0].ref, R.transpose()).add(c), states);
