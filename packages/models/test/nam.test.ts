import { CongruentError, type Tensor } from '@congruent/runtime';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Model, readModel } from '../src/index.ts';
import { expectNear, float32, recorded } from './recorded.ts';
import { run } from './run.ts';

const readJSON = (json: unknown): Promise<Model> =>
  readModel(new TextEncoder().encode(JSON.stringify(json)), { name: 'amp.nam' });

/** A file of an LSTM with 2 units, whose weights are 0, 1/64, 2/64, … */
function amp(layers: number, config: object = {}, more = 0): Record<string, unknown> {
  const count = 8 * 3 + 12 + (layers - 1) * (8 * 4 + 12) + 3 + more;
  return {
    version: '0.5.1',
    architecture: 'LSTM',
    config: { input_size: 1, hidden_size: 2, num_layers: layers, ...config },
    weights: Array.from({ length: count }, (_, i) => i / 64),
  };
}

const numbers = ({ data }: { readonly data: ArrayLike<number | bigint> }): readonly number[] =>
  Array.from(data, (value) => Number(value) * 64);

test('several layers are one, with the states that they begin with and the head beside it', async () => {
  const { format, tensors, layers } = await readJSON(amp(2));
  expect(format).toBe('nam');
  expect(layers).toHaveLength(1);
  const [{ kind, options, parameters, initialStates, notes }] = layers as [Model['layers'][number]];
  expect({ kind, options, notes }).toEqual({
    kind: 'LSTM',
    options: {
      inputSize: 1,
      hiddenSize: 2,
      numLayers: 2,
      bias: true,
      batchFirst: false,
      bidirectional: false,
      dtype: 'float32',
    },
    notes: [],
  });
  // Rows of [input | hidden].
  expect(numbers(parameters['weight_ih_l0']!)).toEqual([0, 3, 6, 9, 12, 15, 18, 21]);
  expect(numbers(parameters['weight_hh_l0']!).slice(0, 4)).toEqual([1, 2, 4, 5]);
  expect(numbers(parameters['bias_ih_l0']!)).toEqual([24, 25, 26, 27, 28, 29, 30, 31]);
  expect(numbers(parameters['bias_hh_l1']!)).toEqual(Array(8).fill(0));
  expect(parameters['weight_ih_l1']!.shape).toEqual([8, 2]);
  const [h0, c0] = initialStates as readonly [Tensor, Tensor];
  expect([h0.shape, c0.shape]).toEqual([
    [2, 1, 2],
    [2, 1, 2],
  ]);
  expect([numbers(h0), numbers(c0)]).toEqual([
    [32, 33, 76, 77],
    [34, 35, 78, 79],
  ]);
  expect(numbers(tensors['head.weight']!)).toEqual([80, 81]);
  expect(numbers(tensors['head.bias']!)).toEqual([82]);
  expect(Object.keys(tensors)).toContain('lstm.weight_hh_l1');
});

test.each([
  ['another architecture', { ...amp(1), architecture: 'WaveNet' }, /architecture: it is "WaveNet"/],
  ['no architecture by name', { ...amp(1), architecture: 3 }, /it is the number 3/],
  ['no sizes', amp(1, { hidden_size: -2 }), /config.hidden_size: the number -2 where a size/],
  ['fewer numbers', amp(1, {}, -1), /num_layers 1 need one list of 39 numbers; it has 38/],
  ['more numbers', amp(1, {}, 1), /it has 40/],
  ['more layers than there are numbers for', amp(1, { num_layers: 2 ** 50 }), /it has 39/],
  ['nested weights', { ...amp(1), weights: [[1, 2]] }, /its lists have the shape \[1, 2\]/],
  ['text among the weights', { ...amp(1), weights: [1, 'x'] }, /weights at \[1\]: a string/],
])('%s: refused, with the place', async (_, json, message) => {
  const refused = readJSON(json);
  await expect(refused).rejects.toThrow(message);
  await expect(refused).rejects.toThrow(/MODEL_FORMAT.*NAM file, /);
});

test('any JSON in the place of a model is read or refused with errors of this package', async () => {
  const size = fc.oneof(fc.jsonValue(), fc.integer(), fc.constantFrom(1, 2, 2 ** 30));
  const json = fc.record({
    architecture: fc.oneof(fc.constant('LSTM'), fc.jsonValue()),
    config: fc.oneof(fc.jsonValue(), fc.record({ input_size: size, hidden_size: size, num_layers: size })),
    weights: fc.oneof(fc.jsonValue(), fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }))),
  });
  await fc.assert(
    fc.asyncProperty(json, (each) =>
      readJSON(each).then(
        ({ format }) => {
          expect(format).toBe('nam');
        },
        (error) => {
          expect(error).toBeInstanceOf(CongruentError);
        },
      ),
    ),
    { numRuns: 500 },
  );
});

for (const { path, file, files, expected } of recorded('nam')) {
  test(`${path}: the layer and the whole network give what the tool gives, from the file's own states`, async () => {
    const { tensors, layers } = await readModel(files[file]!, { name: file });
    const [said] = expected.layers;
    expect(layers).toHaveLength(1);
    expect(layers[0]!.options).toMatchObject({ inputSize: said.inputSize, hiddenSize: said.hiddenSize, numLayers: 1 });
    expectNear(run(layers[0]!, float32(expected.input)).output, expected.output64);

    const { input, output64 } = expected.wholeNet;
    const { data } = run(layers[0]!, float32(input)).output;
    const weight = tensors['head.weight']!.data as Float32Array;
    const bias = tensors['head.bias']!.data[0] as number;
    const y = Float64Array.from({ length: input.shape[0] }, (_, t) =>
      weight.reduce((sum, w, j) => sum + w * data[t * weight.length + j]!, bias),
    );
    expectNear({ data: y, shape: input.shape }, output64);
  });
}
