import { CongruentError, type StoredTensor, type Tensor } from '@congruent/runtime';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Model, readModel } from '../src/index.ts';
import { expectNear, float32, recorded } from './recorded.ts';
import { run } from './run.ts';

const bytesOf = (json: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(json));

const readJSON = (json: unknown): Promise<Model> => readModel(bytesOf(json), { name: 'amp.json' });

/** Nested lists of a shape, whose numbers are all different. */
function lists(shape: readonly number[], from = 0): unknown {
  const [length, ...inner] = shape;
  if (length === undefined) return from / 64;
  const size = inner.reduce((product, n) => product * n, 1);
  return Array.from({ length }, (_, i) => lists(inner, from + i * size));
}

const layerOf = (type: string, units: number, ...shapes: readonly (readonly number[])[]): Record<string, unknown> => ({
  type,
  activation: '',
  shape: [null, null, units],
  weights: shapes.map((shape) => lists(shape)),
});

describe('RTNeural: layers of Keras', () => {
  test('tensors have the names of Keras behind the place of their layer', async () => {
    const { format, tensors, layers } = await readJSON({
      in_shape: [null, null, 1],
      layers: [
        layerOf('dense', 2, [1, 2], [2]),
        { ...layerOf('conv1d', 3, [2, 2, 3], [3]), kernel_size: [2], dilation: [4] },
        layerOf('lstm', 2, [3, 8], [2, 8], [8]),
        layerOf('prelu', 2, [2]),
      ],
    });
    expect(format).toBe('rtneural');
    expect(Object.entries(tensors).map(([name, { shape }]) => `${name} [${shape}]`)).toEqual([
      'layers.0.kernel [1,2]',
      'layers.0.bias [2]',
      'layers.1.kernel [2,2,3]',
      'layers.1.bias [3]',
      'layers.2.kernel [3,8]',
      'layers.2.recurrent_kernel [2,8]',
      'layers.2.bias [8]',
      'layers.3.weights.0 [2]',
    ]);
    expect(layers.map(({ name, kind }) => [name, kind])).toEqual([['layers.2', 'LSTM']]);
  });

  test('gates z, r, n of a GRU are put as r, z, n, its two biases as input and recurrent', async () => {
    const { layers } = await readJSON({ in_shape: [1], layers: [layerOf('gru', 1, [1, 3], [1, 3], [2, 3])] });
    expect(layers[0]!.parameters).toEqual({
      weight_ih_l0: { data: Float32Array.of(1 / 64, 0, 2 / 64), shape: [3, 1] },
      weight_hh_l0: { data: Float32Array.of(1 / 64, 0, 2 / 64), shape: [3, 1] },
      bias_ih_l0: { data: Float32Array.of(1 / 64, 0, 2 / 64), shape: [3] },
      bias_hh_l0: { data: Float32Array.of(4 / 64, 3 / 64, 5 / 64), shape: [3] },
    });
  });

  test('a GRU with one row of bias has its reset gate before the product, as Keras means it', async () => {
    const { layers } = await readJSON({ in_shape: [1], layers: [layerOf('gru', 2, [1, 6], [2, 6], [6])] });
    expect(layers[0]!.options).toMatchObject({ resetAfter: false, bias: true });
    expect(layers[0]!.parameters['bias_hh_l0']!.data).toEqual(new Float32Array(6));
  });

  test('a layer without bias has none', async () => {
    const { layers } = await readJSON({ in_shape: [1], layers: [layerOf('lstm', 2, [1, 8], [2, 8])] });
    expect(layers[0]!.options).toMatchObject({ bias: false });
    expect(Object.keys(layers[0]!.parameters)).toEqual(['weight_ih_l0', 'weight_hh_l0']);
  });

  test('another activation is a cell of its own, of candidate and output as Keras has it', async () => {
    const lstm = { ...layerOf('lstm', 1, [1, 4], [1, 4]), activation: 'relu' };
    const { layers } = await readJSON({ in_shape: [1], layers: [lstm] });
    const [layer] = layers as [Model['layers'][number]];
    expect(layer.options).toEqual({
      sizes: { I: 1, H: 1 },
      numLayers: 1,
      batchFirst: false,
      bidirectional: false,
      dtype: 'float32',
    });
    const { output } = run(layer, { data: Float32Array.of(1, 2), shape: [2, 1] });
    const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));
    let [h, c] = [0, 0];
    const expected = [1, 2].map((x) => {
      const [i, f, g, o] = [0, 1, 2, 3].map((k) => (k / 64) * x + (k / 64) * h) as [number, number, number, number];
      c = sigmoid(f) * c + sigmoid(i) * Math.max(g, 0);
      h = sigmoid(o) * Math.max(c, 0);
      return h;
    });
    expectNear(output, { data: expected, shape: [2, 1] });
  });

  test.each([
    ['after', [2, 3], 'r * (W_hn @ h + b_hn)'],
    ['before', [3], 'W_hn @ (r * h)'],
  ])('a GRU with another activation resets %s the product, as its bias says', async (_, bias, equation) => {
    const gru = { ...layerOf('gru', 1, [1, 3], [1, 3], bias), activation: 'relu' };
    const { layers } = await readJSON({ in_shape: [1], layers: [gru] });
    expect(layers[0]!.cell).toContain(equation);
  });

  test.each(['softmax', 'something else', 3])('a layer whose activation is %s may not be run', async (activation) => {
    const gru = { ...layerOf('gru', 1, [1, 3], [1, 3], [2, 3]), activation };
    const { layers } = await readJSON({ in_shape: [1], layers: [gru] });
    expect(layers[0]!.cell).toBeUndefined();
    expect(layers[0]!.notes[0]).toMatch(/^its activation is (".*": .|the number 3)/);
  });

  test('what comes into a layer is held against the layer before, unless that gives planes', async () => {
    const after = (...types: readonly string[]): Promise<Model> => {
      const before = types.map((type) => layerOf(type, 2));
      return readJSON({ in_shape: [2], layers: [...before, layerOf('gru', 1, [6, 3], [1, 3], [2, 3])] });
    };
    await expect(after('activation')).rejects.toThrow(/says 1 units for 2 inputs/);
    const { layers } = await after('conv2d', 'activation');
    expect(layers[0]!.options).toMatchObject({ inputSize: 6 });
  });

  test("AIDA-X's numbers beside the layers are tensors of one number", async () => {
    const { tensors } = await readJSON({ in_shape: [1], in_skip: 1, in_gain: -6, out_gain: 3.5, layers: [] });
    expect(Object.entries(tensors).map(([name, { data, shape }]) => [name, ...data, shape])).toEqual([
      ['in_skip', 1, []],
      ['in_gain', -6, []],
      ['out_gain', 3.5, []],
    ]);
  });

  test.each([
    ['of too many units', layerOf('lstm', 3, [1, 8], [2, 8], [8]), /says 3 units .*\[1, 12\].*\[1, 8\], \[2, 8\]/],
    ['for other inputs', layerOf('gru', 1, [2, 3], [1, 3], [2, 3]), /1 inputs.*\[1, 3\].*\[2, 3\]/],
    ['without any', { ...layerOf('gru', 1), weights: undefined }, /\[2, 3\]; it has none/],
    ['without a shape', { ...layerOf('dense', 1, [1, 1]), shape: [null] }, /shape: .* no number of units/],
    [
      'with an uneven row',
      { type: 'dense', shape: [1], weights: [[[1], [1, 2]], [1]] },
      /weights\[0\] at \[1\]: a list of 2 beside one of 1/,
    ],
    ['with text', { type: 'dense', shape: [1], weights: [[['1']], [1]] }, /weights\[0\] at \[0\]\[0\]: a string/],
    ['with null', { type: 'dense', shape: [1], weights: [[[null]], [1]] }, /at \[0\]\[0\]: nothing/],
    ['beyond float32', { type: 'dense', shape: [1], weights: [[[1e39]], [1]] }, /the number 1e\+39/],
    ['that are no list', { type: 'dense', shape: [1], weights: 1 }, /weights: the number 1 where a list/],
    [
      'without number',
      { type: 'dense', shape: [1], weights: Array(17).fill([1]) },
      /weights: 17 tensors, more than any layer has/,
    ],
    ['nested without end', { type: 'x', weights: [[[[[[[[[[[]]]]]]]]]]] }, /more than 8 deep/],
  ])('weights %s are refused, with the place', async (_, layer, message) => {
    const refused = readJSON({ in_shape: [null, null, 1], layers: [layer] });
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow(/MODEL_FORMAT.*RTNeural file, layers\[0\] \(/);
  });
});

describe('RTNeural: a bare state dict', () => {
  const dict = {
    'enc.gru.weight_ih_l0': lists([6, 1]),
    'enc.gru.weight_hh_l0': lists([6, 2]),
    'dense.bias': lists([1]),
  };

  test('is read by the names of torch', async () => {
    const { format, tensors, layers } = await readJSON(dict);
    expect(format).toBe('rtneural');
    expect(Object.keys(tensors)).toEqual(Object.keys(dict));
    expect(layers.map(({ name, kind, options }) => [name, kind, options['hiddenSize']])).toEqual([
      ['enc.gru', 'GRU', 2],
    ]);
  });

  test('with something else than a tensor is refused by its name', async () => {
    await expect(readJSON({ ...dict, version: 'a' })).rejects.toThrow('RTNeural file, tensor version: a string where');
  });
});

describe('GuitarML: a state dict', () => {
  const amp = (model: object = {}): unknown => ({
    model_data: {
      model: 'SimpleRNN',
      unit_type: 'GRU',
      input_size: 1,
      hidden_size: 2,
      num_layers: 1,
      skip: 1,
      ...model,
    },
    state_dict: {
      'rec.weight_ih_l0': lists([6, 1]),
      'rec.weight_hh_l0': lists([6, 2]),
      'rec.bias_ih_l0': lists([6]),
      'rec.bias_hh_l0': lists([6]),
      'lin.weight': lists([1, 2]),
      'lin.bias': lists([1]),
    },
  });

  test('tensors have the names of torch, and the skip connection is a number', async () => {
    const { format, tensors, layers } = await readJSON(amp());
    expect(format).toBe('rtneural');
    expect(tensors['lin.weight']).toEqual({ data: Float32Array.of(0, 1 / 64), shape: [1, 2], dtype: 'float32' });
    expect(tensors['skip']).toEqual({ data: Float32Array.of(1), shape: [], dtype: 'float32' });
    expect(layers.map(({ name, kind, options }) => [name, kind, options['hiddenSize']])).toEqual([['rec', 'GRU', 2]]);
  });

  test.each([
    [{ hidden_size: 20 }, 'model_data.hidden_size: the number 20 where the tensors rec.… are those of 2'],
    [{ unit_type: 'LSTM' }, 'model_data.unit_type: "LSTM" where the tensors rec.… are those of GRU'],
  ])('model_data that says %o of other tensors is refused', async (model, message) => {
    await expect(readJSON(amp(model))).rejects.toThrow(message);
  });

  test('an uneven tensor is refused by its name', async () => {
    const refused = readJSON({ state_dict: { 'lin.weight': [[1, 2], [3]] } });
    await expect(refused).rejects.toThrow('state_dict lin.weight at [1]: a list of 1 beside one of 2');
  });
});

test.each([
  ['layers', '{"layers":[{"type":"x","weights":[%]}]}'],
  ['a state dict', '{"state_dict":{"x":%}}'],
  ['sizes', '{"state_dict":{"rec.weight_ih_l0":[[1]],"rec.weight_hh_l0":[[1]]},"model_data":{"hidden_size":%}}'],
])('lists nested a hundred thousand deep in %s are refused', async (_, text) => {
  const deep = text.replace('%', '['.repeat(100_000) + ']'.repeat(100_000));
  await expect(readModel(new TextEncoder().encode(deep))).rejects.toThrow(CongruentError);
});

test('damaged files are refused with errors of this package, whatever is damaged', async () => {
  const whole = JSON.stringify({
    in_shape: [null, null, 1],
    layers: [layerOf('gru', 2, [1, 6], [2, 6], [2, 6]), layerOf('dense', 1, [2, 1], [1])],
    state: [],
  });
  const damage = fc.array(
    fc.tuple(fc.nat(whole.length - 1), fc.constantFrom('', '[', ']', '1e999', '-', 'null', '"', '{')),
    {
      minLength: 1,
      maxLength: 3,
    },
  );
  await fc.assert(
    fc.asyncProperty(damage, async (edits) => {
      const text = edits.reduce((all, [at, by]) => all.slice(0, at) + by + all.slice(at + 1), whole);
      await readModel(new TextEncoder().encode(text)).catch((error) => expect(error).toBeInstanceOf(CongruentError));
    }),
    { numRuns: 500 },
  );
});

test('any JSON in the place of a model is read or refused with errors of this package', async () => {
  const key = fc.constantFrom('type', 'shape', 'weights', 'activation', 'kernel_size', '__proto__', 'x');
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom('gru', 'lstm', 'dense', 'conv1d', 'toString', [[1]], [1, 2]));
  const file = fc.record(
    { layers: fc.oneof(fc.jsonValue(), fc.array(fc.dictionary(key, value))), in_shape: fc.jsonValue() },
    { requiredKeys: ['layers'] },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(file, fc.record({ state_dict: fc.jsonValue(), model_data: fc.jsonValue() })), (json) =>
      readJSON(json).then(
        ({ format }) => {
          expect(format).toBe('rtneural');
        },
        (error) => {
          expect(error).toBeInstanceOf(CongruentError);
        },
      ),
    ),
    { numRuns: 500 },
  );
});

describe('recorded models', () => {
  for (const { path, file, files, expect: wanted, expected } of recorded('rtneural')) {
    const bytes = files[file]!;
    if (wanted === 'refuse') {
      test(`${path} is refused: ${expected.refusal}`, async () => {
        await expect(readModel(bytes, { name: file })).rejects.toThrow(
          /16 units for 1 inputs, whose weights are \[1, 64\], \[16, 64\], \[64\]; it has \[1, 80\], \[20, 80\], \[80\]/,
        );
      });
      continue;
    }
    test(`${path}: the recurrent layer gives what its tool gave`, async () => {
      const { layers } = await readModel(bytes, { name: file });
      const said = expected.layers.find(({ kind }: { kind: string }) => kind === 'GRU' || kind === 'LSTM');
      expect(layers).toHaveLength(1);
      const [layer] = layers as [Model['layers'][number]];
      expect(layer).toMatchObject({ kind: said.kind, notes: [] });
      for (const name of ['inputSize', 'hiddenSize', 'numLayers', 'bidirectional', 'bias'])
        expect(layer.options[name]).toBe(said[name]);
      if (said.kind === 'GRU') expect(layer.options['resetAfter'] ?? true).toBe(said.resetAfter);
      expectNear(run(layer, float32(expected.input)).output, expected.output64, expected.toolError);
    });

    test(`${path}: the whole network gives what its tool gave`, async () => {
      const model = await readModel(bytes, { name: file });
      const { input, output64, outputWithoutActivation } = expected.wholeNet;
      const output = wholeNet(model, JSON.parse(new TextDecoder().decode(bytes)), float32(input));
      // Of Keras's layers the file has no activation where training had one; RTNeural reads the file.
      expectNear({ ...output, shape: input.shape.with(-1, 1) }, outputWithoutActivation ?? output64);
    });
  }
});

interface Listed {
  readonly type: string;
  readonly activation?: string;
  readonly dilation?: readonly [number];
}

/** A network as its file lists it, the recurrent layer run, the others computed here, for one sequence. */
function wholeNet({ tensors, layers }: Model, json: { layers?: readonly Listed[] }, input: Tensor): Tensor {
  const width = input.shape.at(-1)!;
  const rows = Array.from({ length: input.data.length / width }, (_, t) => [
    ...input.data.slice(t * width, (t + 1) * width),
  ]);
  const recurrent = (x: readonly (readonly number[])[]): readonly (readonly number[])[] => {
    const hidden = layers[0]!.options['hiddenSize'] as number;
    const { data } = run(layers[0]!, { data: Float32Array.from(x.flat()), shape: [x.length, x[0]!.length] }).output;
    return x.map((_, t) => [...data.slice(t * hidden, (t + 1) * hidden)]);
  };
  if (!json.layers) {
    const { data: weight } = tensors['lin.weight'] as StoredTensor & Tensor;
    const [bias, skip] = [tensors['lin.bias']!.data[0] as number, tensors['skip']!.data[0] as number];
    const y = recurrent(rows).map((h, t) => h.reduce((sum, v, j) => sum + v * weight[j]!, bias) + skip * rows[t]![0]!);
    return { data: Float64Array.from(y), shape: [y.length, 1] };
  }
  const result = json.layers.reduce((x: readonly (readonly number[])[], layer, at) => {
    if (layer.type === 'gru' || layer.type === 'lstm') return recurrent(x);
    const { data: kernel, shape } = tensors[`layers.${at}.kernel`] as StoredTensor & Tensor;
    const { data: bias } = tensors[`layers.${at}.bias`] as StoredTensor & Tensor;
    const [taps, inputs, units] = shape.length === 3 ? shape : [1, ...shape];
    const [dilation] = layer.dilation ?? [1];
    const activation = layer.activation === 'tanh' ? Math.tanh : (v: number) => v;
    return x.map((_, t) =>
      Array.from({ length: units! }, (_, j) => {
        let sum = bias[j]!;
        for (let k = 0; k < taps!; k++) {
          const row = x[t - (taps! - 1 - k) * dilation];
          for (let i = 0; row && i < inputs!; i++) sum += row[i]! * kernel[(k * inputs! + i) * units! + j]!;
        }
        return activation(sum);
      }),
    );
  }, rows);
  return { data: Float64Array.from(result.flat()), shape: [result.length, 1] };
}
