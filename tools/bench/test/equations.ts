import type { ParameterName, Problem } from '../src/problem.ts';

/** A problem in any precision. */
export interface Numbers {
  readonly work: Problem['work'];
  readonly layers: readonly (readonly Readonly<Record<ParameterName, ArrayLike<number>>>[])[];
  readonly input: ArrayLike<number>;
  readonly h0: ArrayLike<number>;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** torch's equations in float64, one step of one row. */
function step(
  { weight_ih, weight_hh, bias_ih, bias_hh }: Readonly<Record<ParameterName, ArrayLike<number>>>,
  x: number[],
  h: number[],
): number[] {
  const product = (W: ArrayLike<number>, b: ArrayLike<number>, v: number[]) =>
    Array.from(b, (bias, row) => v.reduce((sum, each, k) => sum + W[row * v.length + k]! * each, bias));
  const [ofX, ofH] = [product(weight_ih, bias_ih, x), product(weight_hh, bias_hh, h)];
  return h.map((before, j) => {
    const [r, z] = [0, h.length].map((start) => sigmoid(ofX[start + j]! + ofH[start + j]!)) as [number, number];
    const n = Math.tanh(ofX[2 * h.length + j]! + r * ofH[2 * h.length + j]!);
    return (1 - z) * n + z * before;
  });
}

/** The output [T, B, D·H] of a problem. */
export function outputOf({ work, layers, input, h0 }: Numbers): number[] {
  const { steps, batch, hiddenSize, inputSize, directions } = work;
  const times = Array.from({ length: steps }, (_, t) => t);
  const cut = (from: ArrayLike<number>, row: number, width: number) =>
    Array.from({ length: width }, (_, j) => from[row * width + j]!);
  const rows = Array.from({ length: batch }, (_, row) => {
    let sequence = times.map((t) => cut(input, t * batch + row, inputSize));
    for (const [layer, sides] of layers.entries()) {
      const outputs = sides.map((weights, direction) => {
        const first = (layer * directions + direction) * batch + row;
        let h: number[] = work.kind === 'training' ? cut(h0, first, hiddenSize) : new Array(hiddenSize).fill(0);
        const states: number[][] = [];
        for (const t of direction === 1 ? [...times].reverse() : times) states[t] = h = step(weights, sequence[t]!, h);
        return states;
      });
      sequence = times.map((t) => outputs.flatMap((states) => states[t]!));
    }
    return sequence;
  });
  return times.flatMap((t) => rows.flatMap((sequence) => sequence[t]!));
}
