import { expect, test } from 'vitest';
import { GRU, LSTM, RNN } from '../src/index.ts';

const sizes = { inputSize: 2, hiddenSize: 3 };

test.each([
  ['gru.float64', () => GRU.createSync({ ...sizes, dtype: 'float64' })],
  ['lstm.float64', () => LSTM.createSync({ ...sizes, dtype: 'float64' })],
  ['gru_reset_before.float32', () => GRU.createSync({ ...sizes, resetAfter: false })],
  ['gru_reset_before.float64', () => GRU.createSync({ ...sizes, resetAfter: false, dtype: 'float64' })],
  ['lstm_projected.float32', () => LSTM.createSync({ ...sizes, projSize: 1 })],
  ['rnn_relu.float32', () => RNN.createSync({ ...sizes, nonlinearity: 'relu' })],
] as const)(
  'createSync that needs the module %s says how to load it, and works once it is imported',
  async (name, make) => {
    expect(make).toThrow(
      expect.objectContaining({
        code: 'CONGRUENT_UNSUPPORTED',
        message: expect.stringContaining(`import '@congruent/wasm/sync/${name}' beforehand`),
      }),
    );
    await import(/* @vite-ignore */ `../src/generated/${name}.sync.ts`);
    using made = make();
    expect(made.options).toMatchObject(sizes);
  },
);
