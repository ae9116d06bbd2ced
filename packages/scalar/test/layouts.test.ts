import { compile, layoutsOf as layoutsIn, signatureOf } from '@congruent/codegen';
import { defineLayer, hostBackend, hostTraining, layoutsOf } from '@congruent/runtime';
import { packed } from '@congruent/spec/catalogue';
import { expect, test } from 'vitest';
import emitter from '../codegen/index.ts';
import { about } from '../src/backend.ts';
import { GRU, GRUCell, LSTM, RNN, tensor } from '../src/index.ts';
import { hostKernels } from '../src/kernels.ts';
import { load, textOf } from './emitted.ts';

const sizes = { inputSize: 3, hiddenSize: 2 };
const x = tensor([1, -2, 3, 0.5, 0, -1], [2, 3]);

test.each(['torch', 'onnx', 'keras'])('a GRU goes through the layout %s into another one', (layout) => {
  const one = GRU.createSync({ ...sizes, numLayers: 2, bidirectional: true, seed: 1 });
  const two = GRU.createSync({ ...sizes, numLayers: 2, bidirectional: true, seed: 2 });
  two.loadStateDict(one.stateDict({ layout }), { layout });
  expect(two.stateDict()).toEqual(one.stateDict());
  expect(two.forward(x)).toEqual(one.forward(x));
});

test('shapes are those of Keras and ONNX', () => {
  const shapes = (dict: Record<string, { readonly shape: readonly number[] }>) =>
    Object.fromEntries(Object.entries(dict).map(([name, { shape }]) => [name, shape]));
  expect(shapes(GRUCell.createSync(sizes).stateDict({ layout: 'keras' }))).toEqual({
    kernel: [3, 6],
    recurrent_kernel: [2, 6],
    bias: [2, 6],
  });
  expect(shapes(LSTM.createSync(sizes).stateDict({ layout: 'onnx' }))).toEqual({
    W_l0: [8, 3],
    R_l0: [8, 2],
    B_l0: [16],
  });
  expect(shapes(RNN.createSync(sizes).stateDict({ layout: 'onnx' }))).toEqual({
    W_l0: [2, 3],
    R_l0: [2, 2],
    B_l0: [4],
  });
});

test.each([
  { name: 'an LSTM', Class: LSTM, options: {}, bias: [8] },
  { name: 'an RNN', Class: RNN, options: {}, bias: [2] },
  { name: 'an RNN of relu', Class: RNN, options: { nonlinearity: 'relu' }, bias: [2] },
  { name: 'a GRU with resetAfter: false', Class: GRU, options: { resetAfter: false }, bias: [6] },
])('the one bias that Keras has of $name is the sum of two, and the results have the same bits', async (given) => {
  const made = given.Class as typeof LSTM;
  const original = await made.create({ ...sizes, ...given.options, bidirectional: true, seed: 5 });
  const dict = original.stateDict({ layout: 'keras' });
  expect(dict['bias_l0']!.shape).toEqual(given.bias);
  const { bias_ih_l0: one, bias_hh_l0: other } = original.stateDict() as Record<string, { data: Float32Array }>;
  const gate = made === (GRU as never) ? 2 : 0; // z is before r in Keras
  expect(dict['bias_l0']!.data[0]).toBe(Math.fround(one!.data[gate]! + other!.data[gate]!));

  const read = await made.fromStateDict(dict, { ...given.options, layout: 'keras' });
  expect(read.forward(x)).toEqual(original.forward(x));
  expect(read.stateDict({ layout: 'keras' })).toEqual(dict);
  expect(Array.from(read.stateDict()['bias_hh_l0_reverse']!.data)).toEqual(new Array(given.bias[0]).fill(0));
});

test('gates of an LSTM are i, o, f, c in ONNX', () => {
  const lstm = LSTM.createSync(sizes);
  const recurrent = lstm.stateDict({ layout: 'onnx' })['R_l0']!;
  const rows = Array.from(lstm.stateDict()['weight_hh_l0']!.data);
  const gate = (at: number): readonly number[] => rows.slice(4 * at, 4 * at + 4);
  expect(Array.from(recurrent.data)).toEqual([...gate(0), ...gate(3), ...gate(1), ...gate(2)]);
});

test('what is missing is named as the layout names it', () => {
  const { kernel_l0: _, ...rest } = GRU.createSync(sizes).stateDict({ layout: 'keras' });
  expect(() => GRU.createSync(sizes).loadStateDict(rest, { layout: 'keras' })).toThrow(
    'Missing key(s) in state_dict: "kernel_l0".',
  );
  expect(() => LSTM.createSync(sizes).stateDict({ layout: 'jax' })).toThrow(
    "LSTM.stateDict: lstm has no layout 'jax'. It has: torch, onnx, keras.",
  );
});

test.each([
  { name: 'GRU', Class: GRU, layout: 'keras', options: { numLayers: 2, bidirectional: true } },
  { name: 'GRU', Class: GRU, layout: 'onnx', options: { bias: false } },
  { name: 'GRU', Class: GRU, layout: 'onnx', options: { resetAfter: false }, told: { resetAfter: false } },
  { name: 'GRUCell', Class: GRUCell, layout: 'keras', options: {} },
  { name: 'LSTM', Class: LSTM, layout: 'onnx', options: { numLayers: 3 } },
  { name: 'LSTM', Class: LSTM, layout: 'torch', options: { projSize: 1, bidirectional: true } },
  { name: 'RNN', Class: RNN, layout: 'onnx', options: { bidirectional: true, bias: false } },
  { name: 'LSTM', Class: LSTM, layout: 'keras', options: { bias: false } },
])('$name: fromStateDict reads $options from the layout $layout', async ({ Class, layout, options, told }) => {
  const made = Class as typeof GRU;
  const original = await made.create({ ...sizes, ...options, seed: 4 });
  const entries = Object.entries(original.stateDict({ layout })).map(([name, value]) => [`rnn.${name}`, value]);
  const read = await made.fromStateDict(Object.fromEntries(entries), { ...told, layout, prefix: 'rnn.' });
  expect({ ...read.options, seed: 4 }).toEqual(original.options);
  expect(read.stateDict()).toEqual(original.stateDict());
});

test('fromStateDict refuses a layout that the cell does not have, and a dict in another layout', () => {
  const dict = GRU.createSync(sizes).stateDict({ layout: 'keras' });
  expect(() => GRU.fromStateDictSync(dict, { layout: 'jax' })).toThrow(
    "GRU.fromStateDict: gru has no layout 'jax'. It has: torch, onnx, keras.",
  );
  expect(() => GRU.fromStateDictSync(dict, { layout: 'onnx' })).toThrow('Missing key(s) in state_dict: "W_l0", "R_l0"');
});

test('a cell whose own layout is transposed has the names of that layout in its state dict and its gradients', async () => {
  const program = compile(packed);
  const generated = await load(textOf(emitter.emit(program), 'float64'));
  const Packed = defineLayer<{ inputs: ['x']; states: ['h']; outputs: ['h']; sizes: 'I' | 'H' }, 'sync'>(
    hostBackend({
      ...about,
      signature: signatureOf(program),
      layouts: layoutsOf(layoutsIn(packed)),
      kernels: () => hostKernels(generated, 'float64'),
      training: hostTraining,
    }),
    'Packed',
  );
  const layer = Packed.createSync({ sizes: { I: 3, H: 2 }, dtype: 'float64' });
  const dict = layer.stateDict();
  const shapes = Object.fromEntries(Object.entries(dict).map(([name, { shape }]) => [name, shape]));
  expect(shapes).toEqual({ kernel_l0: [3, 4], recurrent_l0: [2, 2], bias_l0: [2, 2] });
  expect(Packed.fromStateDictSync(dict, { dtype: 'float64' }).stateDict()).toEqual(dict);

  const input = tensor(Float64Array.of(1, -2, 3, 0.5, 0, -1), [2, 3]);
  const { output, pullback } = layer.vjp(input);
  const { parameters } = pullback({ output: tensor(new Float64Array(4).fill(1), [2, 2]) });
  expect(Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, shape]))).toEqual(shapes);
  // The slope by one element of the transposed kernel.
  const moved = { ...dict, kernel_l0: { ...dict['kernel_l0']!, data: dict['kernel_l0']!.data.slice() } };
  moved.kernel_l0.data[7]! += 1e-6;
  layer.loadStateDict(moved);
  const sum = ({ data }: { readonly data: ArrayLike<number> }): number => Array.from(data).reduce((a, b) => a + b);
  const slope = (sum(layer.forward(input).output) - sum(output)) / 1e-6;
  expect(parameters['kernel_l0']!.data[7]).toBeCloseTo(slope, 5);
});
