import { type StoredDType, type StoredTensor, sizeOf } from '@congruent/runtime';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layersFromNames } from '../src/layers/torch.ts';
import { run } from './run.ts';

const stored = (shape: readonly number[], dtype: StoredDType = 'float32'): StoredTensor => {
  const Elements = { float64: Float64Array, int8: Int8Array, int64: BigInt64Array }[dtype as 'int8'] ?? Float32Array;
  return { data: new Elements(sizeOf(shape)), shape, dtype };
};

/** A state dict of zeros. */
const dict = (shapes: Readonly<Record<string, readonly number[]>>, dtype?: StoredDType): Record<string, StoredTensor> =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, stored(shape, dtype)]));

/** The names and shapes of one of torch.nn's layers. */
function shapesOf(gates: number, inputs: number, hidden: number, options: Partial<Stack> = {}) {
  const { numLayers = 1, bidirectional = false, bias = true, projSize = 0, prefix = '' } = options;
  const directions = bidirectional ? ['', '_reverse'] : [''];
  const out = projSize || hidden;
  const shapes: Record<string, number[]> = {};
  for (let layer = 0; layer < numLayers; layer++) {
    for (const direction of directions) {
      const end = `_l${layer}${direction}`;
      shapes[`${prefix}weight_ih${end}`] = [gates * hidden, layer === 0 ? inputs : out * directions.length];
      shapes[`${prefix}weight_hh${end}`] = [gates * hidden, out];
      if (bias) shapes[`${prefix}bias_ih${end}`] = [gates * hidden];
      if (bias) shapes[`${prefix}bias_hh${end}`] = [gates * hidden];
      if (projSize) shapes[`${prefix}weight_hr${end}`] = [projSize, hidden];
    }
  }
  return shapes;
}

interface Stack {
  readonly numLayers: number;
  readonly bidirectional: boolean;
  readonly bias: boolean;
  readonly projSize: number;
  readonly prefix: string;
}

const GATES = { RNN: 1, GRU: 3, LSTM: 4 } as const;

test('any of the three layers is found by names and shapes, with all its sizes', () => {
  const stacks = fc.record({
    kind: fc.constantFrom('RNN', 'GRU', 'LSTM'),
    inputSize: fc.integer({ min: 1, max: 9 }),
    hiddenSize: fc.integer({ min: 1, max: 9 }),
    numLayers: fc.integer({ min: 1, max: 3 }),
    bidirectional: fc.boolean(),
    bias: fc.boolean(),
    prefix: fc.constantFrom('', 'rnn.', 'module.encoder.0.', 'a_l0.weight_ih.'),
  });
  fc.assert(
    fc.property(stacks, ({ kind, inputSize, hiddenSize, prefix, ...stack }) => {
      const shapes = shapesOf(GATES[kind as 'GRU'], inputSize, hiddenSize, { ...stack, prefix });
      const [layer, ...others] = layersFromNames(dict(shapes));
      expect(others).toEqual([]);
      expect(layer).toMatchObject({ kind, name: prefix.slice(0, -1), notes: [] });
      const nonlinearity = kind === 'RNN' ? { nonlinearity: 'tanh' } : {};
      expect(layer!.options).toEqual({
        inputSize,
        hiddenSize,
        ...stack,
        ...nonlinearity,
        batchFirst: false,
        dtype: 'float32',
      });
      expect(Object.keys(layer!.parameters).map((name) => prefix + name)).toEqual(Object.keys(shapes));
    }),
    { numRuns: 100 },
  );
});

test('weight_hr tells the size of the projection', () => {
  const shapes = shapesOf(4, 3, 6, { projSize: 2, numLayers: 2, bidirectional: true });
  const [layer] = layersFromNames(dict(shapes));
  expect(layer).toMatchObject({ kind: 'LSTM', options: { hiddenSize: 6, projSize: 2, numLayers: 2 }, notes: [] });
  expect(run(layer!, { data: new Float32Array(6), shape: [2, 1, 3] }).output.shape).toEqual([2, 1, 4]);
});

test('names without _l0 are a cell', () => {
  const cell = { 'd.weight_ih': [12, 2], 'd.weight_hh': [12, 3], 'd.bias_ih': [12], 'd.bias_hh': [12] };
  const [layer] = layersFromNames(dict(cell));
  expect(layer).toMatchObject({ kind: 'LSTMCell', name: 'd', notes: [] });
  expect(layer!.options).toEqual({ inputSize: 2, hiddenSize: 3, bias: true, dtype: 'float32' });
});

test('layers stand in the order of the file, and other tensors are no layers', () => {
  const tensors = {
    ...dict({ 'head.weight': [2, 5], 'head.bias': [2], bias_ih_l0: [4], weight_ihx: [1] }),
    ...dict(shapesOf(3, 2, 5, { prefix: 'z.' })),
    ...dict(shapesOf(4, 2, 5, { prefix: 'a.' })),
    'bn.num_batches_tracked': stored([], 'int64'),
  };
  expect(layersFromNames(tensors).map(({ kind, name }) => `${kind} ${name}`)).toEqual(['GRU z', 'LSTM a']);
});

test('a layer of float64 is one of float64, one of float16 is run in float32', () => {
  expect(layersFromNames(dict(shapesOf(3, 2, 2), 'float64'))[0]!.options.dtype).toBe('float64');
  expect(layersFromNames(dict(shapesOf(3, 2, 2), 'float16'))[0]!.options.dtype).toBe('float32');
});

/** The notes of a GRU of 2 features and 3 states after a change of its tensors. */
function notesAfter(change: (tensors: Record<string, StoredTensor>) => void): readonly string[] {
  const tensors = dict(shapesOf(3, 2, 3));
  change(tensors);
  const layers = layersFromNames(tensors);
  expect(layers).toHaveLength(1);
  return layers[0]!.notes;
}

test('a missing parameter is noted', () => {
  expect(notesAfter((of) => delete of['weight_hh_l0'])).toContain('weight_hh_l0 is missing');
  expect(notesAfter((of) => delete of['bias_hh_l0'])).toEqual(['bias_hh_l0 is missing']);
  expect(notesAfter((of) => delete of['weight_ih_l0'])).toContain('weight_ih_l0 is missing');
});

test('a shape that does not fit is noted', () => {
  const notes = notesAfter((of) => {
    of['bias_ih_l0'] = stored([3]);
  });
  expect(notes).toEqual(['bias_ih_l0 has the shape [3], where a GRU of 3 has [9]']);
  const twice = notesAfter((of) => {
    of['weight_hh_l0'] = stored([6, 3]);
  });
  expect(twice.join()).toMatch(/weight_hh_l0 has the shape \[6, 3\]/);
});

test('a layer above one that is missing is noted', () => {
  const notes = notesAfter((of) => {
    of['weight_ih_l2'] = stored([9, 3]);
  });
  expect(notes).toEqual(['weight_ih_l2 is no parameter of a GRU of 3']);
});

test('elements that are integers are noted and no parameters', () => {
  const tensors = { ...dict(shapesOf(3, 2, 3)), weight_hh_l0: stored([9, 3], 'int8') };
  const [layer] = layersFromNames(tensors);
  expect(layer!.notes.join()).toMatch(/weight_hh_l0 has elements of the type int8/);
  expect(layer!.parameters).not.toHaveProperty('weight_hh_l0');
});

test.each([
  ['weight_norm', { 'r.weight_hh_l0_g': [9, 1], 'r.weight_hh_l0_v': [9, 3] }],
  ['spectral_norm', { 'r.weight_hh_l0_u': [9], 'r.weight_hh_l0_v': [3], 'r.weight_hh_l0_orig': [9, 3] }],
  ['pruning', { 'r.weight_hh_l0_orig': [9, 3], 'r.weight_hh_l0_mask': [9, 3] }],
  [
    'parametrizations',
    {
      'r.parametrizations.weight_hh_l0.original0': [9, 1],
      'r.parametrizations.weight_hh_l0.original1': [9, 3],
    },
  ],
])('a parameter that is stored as what it is computed of, as %s does, is noted', (_, parts) => {
  const { 'r.weight_hh_l0': __, ...tensors } = dict(shapesOf(3, 2, 3, { prefix: 'r.' }));
  const [layer, ...others] = layersFromNames({ ...tensors, ...dict(parts as never) });
  expect(others).toEqual([]);
  expect(layer).toMatchObject({ kind: 'GRU', name: 'r', options: { hiddenSize: 3 } });
  expect(layer!.notes).toEqual([expect.stringMatching(/^weight_hh_l0 is stored as what it is computed of/)]);
});

test('a cell with a normalisation in it is none of torch.nn, and others beside it are', () => {
  const cell = { weight_ih: [12, 2], weight_hh: [12, 3], bias_ih: [12], bias_hh: [12] };
  const named = (prefix: string) =>
    Object.fromEntries(Object.entries(cell).map(([name, shape]) => [prefix + name, shape]));
  const norms = { 'a.layernorm_i.weight': [12], 'a.layernorm_h.weight': [12], 'b_ln.weight': [3], 'c.ln.weight': [3] };
  const found = layersFromNames(
    dict({ ...named('a.'), ...named('b.'), ...norms, ...shapesOf(4, 2, 3, { prefix: 'c.' }) }),
  );
  expect(found.map(({ name, kind, notes }) => [name, kind, notes])).toEqual([
    [
      'a',
      'LSTMCell',
      ['layernorm_i.weight is no parameter of an LSTM of 3', 'layernorm_h.weight is no parameter of an LSTM of 3'],
    ],
    ['b', 'LSTMCell', []],
    ['c', 'LSTM', []],
  ]);
});

test('a mask beside a parameter that is there is nothing of the layer', () => {
  const notes = notesAfter((of) => {
    of['weight_hh_l0_mask'] = stored([9, 3]);
  });
  expect(notes).toEqual([]);
});

test('whatever the names and shapes, every layer can be told, and one without notes can be run', () => {
  const size = fc.integer({ min: 1, max: 3 });
  const stack = fc.record({
    numLayers: size,
    bidirectional: fc.boolean(),
    bias: fc.boolean(),
    prefix: fc.constant(''),
  });
  const shapes = fc.tuple(fc.constantFrom(1, 2, 3, 4), size, size, stack).map((parts) => shapesOf(...parts));
  const name = fc
    .tuple(
      fc.constantFrom('weight_ih', 'weight_hh', 'weight_hr', 'bias_ih', 'bias_hh'),
      fc.constantFrom('', '_l0', '_l1', '_l0_reverse', '_l9', '_l0_g', '_l0_v'),
    )
    .map((parts) => parts.join(''));
  const shape = fc.option(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }), { nil: [] });
  const changes = fc.dictionary(name, shape, { maxKeys: 2 });
  let runs = 0;
  fc.assert(
    fc.property(shapes, changes, (valid, changed) => {
      for (const layer of layersFromNames(dict({ ...valid, ...changed }))) {
        if (layer.notes.length > 0 || layer.kind.endsWith('Cell')) continue;
        const inputSize = layer.options['inputSize'] as number;
        run(layer, { data: new Float32Array(inputSize), shape: [1, 1, inputSize] });
        runs++;
      }
    }),
    { numRuns: 500, seed: 1 },
  );
  expect(runs).toBeGreaterThan(50);
});
