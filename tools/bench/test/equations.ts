import { type CellName, statesOf } from '../src/cells.ts';
import type { Problem } from '../src/problem.ts';

type Numbers = ArrayLike<number>;

/** A problem in any precision. */
export interface Exact {
  readonly work: Problem['work'];
  readonly layers: readonly (readonly Readonly<Record<string, { readonly data: Numbers }>>[])[];
  readonly input: Numbers;
  readonly states: readonly Numbers[];
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The next states of element `j`, from the products with the input and the state, gate by gate, and the states before. */
const CELLS: Readonly<Partial<Record<CellName, (ofX: number[], ofH: number[], states: number[]) => number[]>>> = {
  gru(ofX, ofH, [h]) {
    const [r, z] = [sigmoid(ofX[0]! + ofH[0]!), sigmoid(ofX[1]! + ofH[1]!)];
    const n = Math.tanh(ofX[2]! + r * ofH[2]!);
    return [(1 - z) * n + z * h!];
  },
  lstm(ofX, ofH, [, c]) {
    const [i, f, g, o] = ofX.map((x, gate) => x + ofH[gate]!) as [number, number, number, number];
    const next = sigmoid(f) * c! + sigmoid(i) * Math.tanh(g);
    return [sigmoid(o) * Math.tanh(next), next];
  },
};

/** torch's equations in float64, one step of one row: the states [states][H]. */
function step(cell: CellName, weights: Exact['layers'][0][0], x: number[], states: number[][]): number[][] {
  const [W, R, b, c] = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map((name) => weights[name]!.data);
  const product = (matrix: Numbers, bias: Numbers, v: number[]) =>
    Array.from(bias, (each, row) => v.reduce((sum, value, k) => sum + matrix[row * v.length + k]! * value, each));
  const [ofX, ofH] = [product(W!, b!, x), product(R!, c!, states[0]!)];
  const size = states[0]!.length;
  const gatesAt = (of: number[], j: number) => of.filter((_, row) => row % size === j);
  const next = states[0]!.map((_, j) =>
    CELLS[cell]!(
      gatesAt(ofX, j),
      gatesAt(ofH, j),
      states.map((state) => state[j]!),
    ),
  );
  return states.map((_, state) => next.map((element) => element[state]!));
}

/** The output [T, B, D·H] of a problem. */
export function outputOf({ work, layers, input, states: initial }: Exact): number[] {
  const { cell, steps, batch, hiddenSize, inputSize, directions } = work;
  const times = Array.from({ length: steps }, (_, t) => t);
  const cut = (from: Numbers, row: number, width: number) =>
    Array.from({ length: width }, (_, j) => from[row * width + j]!);
  const zeros = statesOf(cell).map(() => new Array<number>(hiddenSize).fill(0));
  const rows = Array.from({ length: batch }, (_, row) => {
    let sequence = times.map((t) => cut(input, t * batch + row, inputSize));
    for (const [layer, sides] of layers.entries()) {
      const outputs = sides.map((weights, direction) => {
        const first = (layer * directions + direction) * batch + row;
        let states = work.kind === 'training' ? initial.map((state) => cut(state, first, hiddenSize)) : zeros;
        const outputs: number[][] = [];
        for (const t of direction === 1 ? [...times].reverse() : times) {
          states = step(cell, weights, sequence[t]!, states);
          outputs[t] = states[0]!;
        }
        return outputs;
      });
      sequence = times.map((t) => outputs.flatMap((output) => output[t]!));
    }
    return sequence;
  });
  return times.flatMap((t) => rows.flatMap((sequence) => sequence[t]!));
}
