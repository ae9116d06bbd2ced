import { expect, test } from 'vitest';
import { peersInstalled } from '../src/folder.ts';
import { blockOf } from '../src/onnx.ts';
import { resultsOf } from '../src/peer.ts';
import { onnxruntimeNode } from '../src/peers/onnxruntime.ts';
import { problemOf } from '../src/problem.ts';
import { largestDifference } from '../src/statistics.ts';
import { type Work, workCalled } from '../src/works.ts';
import { outputOf } from './equations.ts';

const installed = peersInstalled();
if (!installed) console.warn('SKIPPED: the peers are not installed; npm run install:peers -w @congruent/bench');

const small: Work = { ...workCalled('step-24-24'), inputSize: 3, hiddenSize: 5, steps: 4 };
const sequence: Work = { ...small, kind: 'sequence', batch: 2 };
const stacked: Work = { ...sequence, layers: 2, directions: 2 };

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
    const [results] = await resultsOf(running, problem);
    expect(largestDifference(results!, outputOf(problem))).toBeLessThan(1e-6);
  });
}
