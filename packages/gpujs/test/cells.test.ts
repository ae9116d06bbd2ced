import { expect, test } from 'vitest';
import type { RnnNames } from '../../../tools/testing/generated-class.ts';
import { layerClass } from '../src/define.ts';
import * as generated from '../src/generated/rnn_tanh.ts';
import { GRU, LSTM, RNN, tensor } from '../src/index.ts';

const sizes = { inputSize: 2, hiddenSize: 3, device: 'webasm' } as const;
const input = tensor([1, 2, 3, 4], [2, 1, 2]);

test('a device runs the kernels of every cell, side by side', async () => {
  using gru = await GRU.create(sizes);
  using before = await GRU.create({ ...sizes, resetAfter: false });
  using lstm = await LSTM.create({ ...sizes, numLayers: 2, bidirectional: true });
  using projected = await LSTM.create({ ...sizes, projSize: 1 });
  using rnn = await RNN.create(sizes);
  using relu = await RNN.create({ ...sizes, nonlinearity: 'relu' });
  const widths = await Promise.all(
    [gru, before, lstm, projected, rnn, relu].map(async (layer) => {
      const { output, pullback } = await layer.vjp(input);
      expect((await pullback({ output })).input.shape).toEqual([2, 1, 2]);
      return output.shape.at(-1);
    }),
  );
  expect(widths).toEqual([3, 3, 6, 1, 3, 3]);
});

test('the class of a generated cell has the bits of the class that runs the same cell', async () => {
  const Own = layerClass<RnnNames>(generated, 'Own');
  using own = await Own.create({ sizes: { I: 2, H: 3 }, seed: 4, device: 'webasm' });
  using rnn = await RNN.create({ ...sizes, seed: 4 });
  const [a, b] = [await own.vjp(input), await rnn.vjp(input)];
  expect(a.output).toEqual(b.output);
  expect(await a.pullback({ output: a.output })).toEqual(await b.pullback({ output: b.output }));
});
