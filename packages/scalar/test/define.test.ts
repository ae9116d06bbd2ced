import { expect, test } from 'vitest';
import { cellClass, layerClass } from '../src/define.ts';
import * as generated from '../src/generated/rnn_tanh.ts';
import { RNN, tensor } from '../src/index.ts';

interface Names {
  readonly inputs: readonly ['x'];
  readonly states: readonly ['h'];
  readonly outputs: readonly ['h'];
  readonly sizes: 'I' | 'H';
}

const Own = layerClass<Names>(generated, 'Own');
const OwnCell = cellClass<Names>(generated, 'OwnCell');

test('the class of a generated cell has the bits of the class that runs the same cell', () => {
  const own = Own.createSync({ sizes: { I: 2, H: 3 }, numLayers: 2, seed: 4 });
  const rnn = RNN.createSync({ inputSize: 2, hiddenSize: 3, numLayers: 2, seed: 4 });
  const input = tensor([1, 2, 3, 4], [2, 1, 2]);
  const [a, b] = [own.vjp(input), rnn.vjp(input)];
  expect(a.output).toEqual(b.output);
  expect(a.pullback({ output: a.output })).toEqual(b.pullback({ output: b.output }));
});

test('the class of its single steps has the name that was given', () => {
  const cell = OwnCell.createSync({ sizes: { I: 2, H: 3 } });
  expect(() => cell.forward(tensor([1, 2, 3]))).toThrow(/OwnCell\.forward/);
});
