import { expect, test } from 'vitest';
import { peersInstalled } from '../src/folder.ts';
import { blockOf } from '../src/onnx.ts';
import { resultsOf } from '../src/peer.ts';
import { onnxruntimeNode } from '../src/peers/onnxruntime.ts';
import { type LayerWeights, problemOf } from '../src/problem.ts';
import { largestDifference } from '../src/statistics.ts';
import { type Work, workCalled } from '../src/works.ts';

const installed = peersInstalled();
if (!installed) console.warn('SKIPPED: the peers are not installed; npm run install:peers -w @congruent/bench');

const small: Work = { ...workCalled('step-24-24'), inputSize: 3, hiddenSize: 5, steps: 4 };
const sequence: Work = { ...small, kind: 'sequence', batch: 2 };
const stacked: Work = { ...sequence, layers: 2, directions: 2 };

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** torch's equations in float64, one step of one row. */
function step({ weight_ih, weight_hh, bias_ih, bias_hh }: LayerWeights, x: number[], h: number[]): number[] {
  const product = (W: Float32Array, b: Float32Array, v: number[]) =>
    Array.from(b, (bias, row) => v.reduce((sum, each, k) => sum + W[row * v.length + k]! * each, bias));
  const [ofX, ofH] = [product(weight_ih, bias_ih, x), product(weight_hh, bias_hh, h)];
  return h.map((before, j) => {
    const [r, z] = [0, h.length].map((start) => sigmoid(ofX[start + j]! + ofH[start + j]!)) as [number, number];
    const n = Math.tanh(ofX[2 * h.length + j]! + r * ofH[2 * h.length + j]!);
    return (1 - z) * n + z * before;
  });
}

/** The output [T, B, D·H] of a problem. */
function expected({ work, layers, input }: ReturnType<typeof problemOf>): number[] {
  const { steps, batch, hiddenSize, inputSize } = work;
  const times = Array.from({ length: steps }, (_, t) => t);
  const rows = Array.from({ length: batch }, (_, row) => {
    let sequence = times.map((t) => [...input.slice((t * batch + row) * inputSize, (t * batch + row + 1) * inputSize)]);
    for (const sides of layers) {
      const outputs = sides.map((weights, direction) => {
        let h: number[] = new Array(hiddenSize).fill(0);
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

test("blocks are found by their names in torch's layout", () => {
  const [weights] = problemOf(small).layers[0]!;
  expect(blockOf(weights!, 'W_iz')).toEqual(weights!.weight_ih.subarray(5 * 3, 2 * 5 * 3));
  expect(blockOf(weights!, 'b_hn')).toEqual(weights!.bias_hh.subarray(2 * 5));
  expect(() => blockOf(weights!, 'W_xx')).toThrow(/W_xx/);
});

for (const [name, work] of [
  ['a streamed step', small],
  ['a batch of sequences', sequence],
  ['two bidirectional layers', stacked],
] as const) {
  test.skipIf(!installed)(`${name} as an ONNX model gives torch's GRU in onnxruntime`, async () => {
    const problem = problemOf(work);
    const running = await (await onnxruntimeNode.prepare(problem))();
    expect(largestDifference(await resultsOf(running, problem), expected(problem))).toBeLessThan(1e-6);
  });
}
