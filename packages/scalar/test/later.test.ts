import { expect, test } from 'vitest';
import { GRU, LSTM, RNN } from '../src/index.ts';

const sizes = { inputSize: 2, hiddenSize: 3 };

test.each([
  ['gru_reset_before', () => GRU.createSync({ ...sizes, resetAfter: false })],
  ['lstm_projected', () => LSTM.createSync({ ...sizes, projSize: 1 })],
  ['rnn_relu', () => RNN.createSync({ ...sizes, nonlinearity: 'relu' })],
])('createSync with an option that needs %s says how to load it, and works once it is imported', async (name, make) => {
  expect(make).toThrow(
    expect.objectContaining({
      code: 'CONGRUENT_UNSUPPORTED',
      message: expect.stringContaining(`import '@congruent/scalar/sync/${name}' beforehand`),
    }),
  );
  await import(/* @vite-ignore */ `../src/sync/${name}.ts`);
  expect(make().options).toMatchObject(sizes);
});
