import { expect, test } from 'vitest';
import { CELLS } from '../src/cells.ts';
import { blockOf } from '../src/onnx-graph.ts';
import { problemOf } from '../src/problem.ts';
import { workCalled } from '../src/works.ts';

const sizes = { inputSize: 3, hiddenSize: 5 };

test("blocks are found by their names in torch's layout", () => {
  const [gru] = problemOf({ ...workCalled('step-24-24'), ...sizes }).layers[0]!;
  expect(blockOf(CELLS.gru.cell, gru!, 'W_iz')).toEqual(gru!['weight_ih']!.data.subarray(5 * 3, 2 * 5 * 3));
  expect(blockOf(CELLS.gru.cell, gru!, 'b_hn')).toEqual(gru!['bias_hh']!.data.subarray(2 * 5));
  expect(() => blockOf(CELLS.gru.cell, gru!, 'W_io')).toThrow(/W_io/);
  const [lstm] = problemOf({ ...workCalled('lstm-step-64-128'), ...sizes }).layers[0]!;
  expect(blockOf(CELLS.lstm.cell, lstm!, 'W_io')).toEqual(lstm!['weight_ih']!.data.subarray(3 * 5 * 3));
});
