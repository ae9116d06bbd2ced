import { CongruentError } from '@congruent/runtime';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { type Layer, readModel } from '../src/index.ts';
import { read } from '../src/keras/read.ts';
import { type Grouped, hdf5File, type Stored, stored } from './keras-hdf5-file.ts';
import { run } from './run.ts';
import { CHECKSUM, lying, ORIGINAL, unchecked } from './zip-file.ts';

type Json = Readonly<Record<string, unknown>>;
type Weights = Readonly<Record<string, Stored>>;

const sequential = (...layers: readonly object[]): string =>
  JSON.stringify({ class_name: 'Sequential', config: { name: 'net', layers } });

const gru = (config: Json = {}): Json => ({ class_name: 'GRU', config: { name: 'g', units: 3, ...config } });

/** Weights of a GRU of 2 inputs and 3 units; the n-th of several differ. */
const gruWeights = (n = 0, bias: readonly number[] | null = [2, 9]): Weights => ({
  kernel: stored([2, 9], (k) => Math.sin(k + n)),
  recurrent_kernel: stored([3, 9], (k) => Math.cos(k + n)),
  ...(bias ? { bias: stored(bias, (k) => Math.sin(2 * k + n)) } : {}),
});

/** A legacy file: a group for each layer, in which its weights are called after it. */
function legacy(config: string | undefined, layers: Readonly<Record<string, Weights>>, version = '2.9.0'): Uint8Array {
  const groups = Object.entries(layers).map(([layer, weights]): [string, Grouped] => {
    const names = Object.keys(weights).map((name) => `${name}:0`);
    const nested = (path: readonly string[], weight: Stored): Readonly<Record<string, Grouped | Stored>> =>
      path.length === 1 ? { [path[0]!]: weight } : { [path[0]!]: { children: nested(path.slice(1), weight) } };
    const children = names.map((name) => nested(name.split('/'), weights[name.slice(0, -2)]!));
    return [layer, { attributes: { weight_names: names }, children: children.reduce(joined, {}) }];
  });
  const attributes = { layer_names: Object.keys(layers) };
  const children = Object.fromEntries(groups);
  if (config === undefined) return hdf5File({ attributes: { ...attributes, keras_version: version }, children });
  const top = { model_config: config, keras_version: version };
  return hdf5File({ attributes: top, children: { model_weights: { attributes, children } } });
}

/** Trees that share groups, as one. */
function joined(
  a: NonNullable<Grouped['children']>,
  b: NonNullable<Grouped['children']>,
): NonNullable<Grouped['children']> {
  const result: Record<string, Grouped | Stored> = { ...a };
  for (const [name, child] of Object.entries(b)) {
    const before = result[name] as Grouped | undefined;
    result[name] = before ? { children: joined(before.children ?? {}, (child as Grouped).children ?? {}) } : child;
  }
  return result;
}

/** The numbered weights of a cell. */
const vars = (weights: Weights): Grouped => ({
  children: {
    cell: {
      children: { vars: { children: Object.fromEntries(Object.values(weights).map((each, k) => [`${k}`, each])) } },
    },
  },
});

const zipped = (config: string, layers: Readonly<Record<string, Grouped>>, version = '3.5.0'): Uint8Array =>
  zipSync({
    'config.json': new TextEncoder().encode(config),
    'metadata.json': new TextEncoder().encode(JSON.stringify({ keras_version: version })),
    'model.weights.h5': hdf5File({ children: { layers: { children: layers } } }),
  });

const layersIn = async (bytes: Uint8Array): Promise<readonly Layer[]> => (await readModel(bytes)).layers;
const refusal = (bytes: Uint8Array): Promise<string> => readModel(bytes).then(() => 'read', String);

/** A GRU with `reset_after`, in the terms of Keras, in float64. */
function kerasGru(weights: Weights, steps: readonly (readonly number[])[], gate: (x: number) => number): number[] {
  const [kernel, recurrent, bias] = ['kernel', 'recurrent_kernel', 'bias'].map((name) => weights[name]!.data);
  let h = [0, 0, 0];
  for (const x of steps) {
    const before = h;
    const input = (column: number): number =>
      x.reduce((sum, value, i) => sum + value * kernel![9 * i + column]!, bias![column]!);
    const state = (column: number): number =>
      before.reduce((sum, value, i) => sum + value * recurrent![9 * i + column]!, bias![9 + column]!);
    h = before.map((value, j) => {
      const [z, r] = [gate(input(j) + state(j)), gate(input(3 + j) + state(3 + j))];
      return z * value + (1 - z) * Math.tanh(input(6 + j) + r * state(6 + j));
    });
  }
  return h;
}

const STEPS = [
  [0.3, -0.7],
  [1.1, 0.2],
  [-0.4, 0.9],
];
const INPUT = { data: Float32Array.from(STEPS.flat()), shape: [1, 3, 2] };
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const hard = (slope: number) => (x: number) => Math.min(Math.max(slope * x + 0.5, 0), 1);

function expectStates(layer: Layer, expected: readonly number[]): void {
  const { states } = run(layer, INPUT);
  expected.forEach((value, k) => {
    expect(states[0]!.data[k]).toBeCloseTo(value, 6);
  });
}

test('a GRU computes what Keras writes down, from a legacy file and from an archive', async () => {
  const config = sequential(gru({ recurrent_activation: 'sigmoid', reset_after: true }));
  const expected = kerasGru(gruWeights(), STEPS, sigmoid);
  for (const file of [legacy(config, { g: gruWeights() }), zipped(config, { gru: vars(gruWeights()) })]) {
    const [layer] = await layersIn(file);
    expect(layer!.options).toEqual({
      ...{ inputSize: 2, hiddenSize: 3, numLayers: 1, bias: true, bidirectional: false },
      ...{ batchFirst: true, dtype: 'float32', resetAfter: true },
    });
    expectStates(layer!, expected);
  }
});

test('time_major of Keras 2: the steps come before the batch', async () => {
  const config = sequential(gru({ recurrent_activation: 'sigmoid', reset_after: true, time_major: true }));
  const [layer] = await layersIn(legacy(config, { g: gruWeights() }));
  expect(layer!.options).toMatchObject({ batchFirst: false });
});

test.each([
  ['2.9.0', 0.2],
  ['3.5.0', 1 / 6],
])('hard_sigmoid of Keras %s has the slope %d', async (version, slope) => {
  const config = sequential(gru({ recurrent_activation: 'hard_sigmoid', reset_after: true }));
  const [layer] = await layersIn(legacy(config, { g: gruWeights() }, version));
  expect(layer!.options).toMatchObject({ sizes: { I: 2, H: 3 } });
  expectStates(layer!, kerasGru(gruWeights(), STEPS, hard(slope)));
});

test('groups of an archive are counted by class, in nested models anew', async () => {
  const inner = {
    class_name: 'Functional',
    config: { name: 'inner', layers: [gru({ name: 'a' }), gru({ name: 'b' })] },
  };
  const config = sequential(gru({ name: 'z' }), { class_name: 'Dropout', config: {} }, inner, gru({ name: 'y' }));
  const functional = { children: { layers: { children: { gru: vars(gruWeights(2)), gru_1: vars(gruWeights(3)) } } } };
  const layers = await layersIn(zipped(config, { gru: vars(gruWeights(0)), gru_1: vars(gruWeights(1)), functional }));
  expect(layers.map(({ name }) => name)).toEqual(['z', 'inner/a', 'inner/b', 'y']);
  [0, 2, 3, 1].forEach((n, k) => {
    expectStates(layers[k]!, kerasGru(gruWeights(n), STEPS, sigmoid));
  });
});

test('groups that Keras on Windows called as folders are found, with a config and without', async () => {
  const cell = vars(gruWeights()).children!['cell'] as Grouped;
  const { vars: numbered } = cell.children as Record<string, Grouped>;
  const weights = hdf5File({ children: { 'layers\\gru\\cell': { children: { vars: numbered! } } } });
  const config = new TextEncoder().encode(sequential(gru({ recurrent_activation: 'sigmoid', reset_after: true })));
  const archive = zipSync({ 'config.json': config, 'model.weights.h5': weights });
  for (const [file, name] of [
    [archive, 'g'],
    [weights, 'layers/gru'],
  ] as const) {
    const { layers, tensors } = await readModel(file);
    expect(layers.map((layer) => layer.name)).toEqual([name]);
    expect(Object.keys(tensors)).toContain('layers/gru/cell/vars/0');
    expectStates(layers[0]!, kerasGru(gruWeights(), STEPS, sigmoid));
  }
});

test("a nested model's layers have the weights of its group that are named after them", async () => {
  const inner = { class_name: 'Model', config: { name: 'inner', layers: [gru({ name: 'a' }), gru({ name: 'b' })] } };
  const named = (name: string, n: number): Weights =>
    Object.fromEntries(Object.entries(gruWeights(n)).map(([key, weight]) => [`${name}/${key}`, weight]));
  const layers = await layersIn(legacy(sequential(inner), { inner: { ...named('a', 1), ...named('b', 2) } }, '3.5.0'));
  expect(layers.map(({ name }) => name)).toEqual(['inner/a', 'inner/b']);
  expectStates(layers[1]!, kerasGru(gruWeights(2), STEPS, sigmoid));
});

test('both directions of a Bidirectional, and how it puts them together', async () => {
  const config = sequential({ class_name: 'Bidirectional', config: { name: 'both', layer: gru(), merge_mode: 'mul' } });
  const directions = { forward_layer: vars(gruWeights(1)), backward_layer: vars(gruWeights(2)) };
  const [layer] = await layersIn(zipped(config, { bidirectional: { children: directions } }));
  expect(layer).toMatchObject({ name: 'both', merge: 'mul', options: { bidirectional: true }, notes: [] });
  expectStates(layer!, [
    ...kerasGru(gruWeights(1), STEPS, sigmoid),
    ...kerasGru(gruWeights(2), STEPS.toReversed(), sigmoid),
  ]);
});

test('weights of Keras 1, whose names do not tell directions apart, are forward first', async () => {
  const both = { class_name: 'Bidirectional', config: { name: 'b', layer: gru({ recurrent_activation: 'sigmoid' }) } };
  const second = Object.fromEntries(Object.entries(gruWeights(2)).map(([name, weight]) => [`${name}_1`, weight]));
  const [layer] = await layersIn(legacy(sequential(both), { b: { ...gruWeights(1), ...second } }));
  expectStates(layer!, [
    ...kerasGru(gruWeights(1), STEPS, sigmoid),
    ...kerasGru(gruWeights(2), STEPS.toReversed(), sigmoid),
  ]);
});

test('a RNN around a GRUCell is a GRU', async () => {
  const cell = { class_name: 'GRUCell', config: { units: 3, name: 'inner' } };
  const config = sequential({ class_name: 'RNN', config: { name: 'r', cell, go_backwards: true } });
  const [layer] = await layersIn(zipped(config, { rnn: vars(gruWeights()) }));
  expect(layer).toMatchObject({ name: 'r', kind: 'GRU', reverse: true, reversedOutput: true, notes: [] });
});

test.each([
  [
    'a RNN around other cells',
    { class_name: 'RNN', config: { name: 'r', cell: { class_name: 'StackedRNNCells' } } },
    /around a "StackedRNNCells"/,
  ],
  ['a convolutional LSTM', { class_name: 'ConvLSTM2D', config: { name: 'r' } }, /it is a ConvLSTM2D/],
  [
    'a layer in a TimeDistributed',
    { class_name: 'TimeDistributed', config: { name: 'r', layer: gru() } },
    /inside a "TimeDistributed"/,
  ],
  [
    'a layer in another wrapper',
    {
      class_name: 'SpectralNormalization',
      config: { name: 'r', layer: { class_name: 'Bidirectional', config: { layer: gru() } } },
    },
    /inside a "SpectralNormalization"/,
  ],
  [
    'an unknown merge mode',
    { class_name: 'Bidirectional', config: { name: 'r', layer: gru(), merge_mode: 'max' } },
    /merge mode is "max"/,
  ],
])('%s is found, with the reason why it is not run', async (_, layer, reason) => {
  const [found] = await layersIn(zipped(sequential(layer), {}));
  expect(found!.notes.join()).toMatch(reason);
});

test('an activation of its user is a note', async () => {
  const activation = { module: 'builtins', class_name: 'function', config: 'my_tanh', registered_name: 'function' };
  const [layer] = await layersIn(zipped(sequential(gru({ activation })), { gru: vars(gruWeights()) }));
  expect(layer!.notes.join()).toMatch(/my_tanh/);
  expect(layer!.cell).toBeUndefined();
});

test.each([
  [
    'a custom layer',
    { module: 'my.layers', class_name: 'Fancy', registered_name: 'my>Fancy', config: { name: 'f' } },
    /MODEL_FORMAT.*Keras file, layer "f": it is of the custom class "my>Fancy"/s,
  ],
  [
    'reset_after against the bias',
    gru({ reset_after: false }),
    /MODEL_FORMAT.*layer "g": the config says reset_after: false, and the bias has the shape \[2,9\]/s,
  ],
  ['use_bias against the weights', gru({ use_bias: false }), /the config says use_bias: false, and there is a bias/],
  ['units against the weights', gru({ units: 4 }), /the config says 4 units, the weights are for 3/],
  [
    'another class against the weights',
    { ...gru(), class_name: 'SimpleRNN' },
    /layer "g": there are no weights in layers\/simple_rnn/,
  ],
])('%s is refused', async (_, layer, message) => {
  expect(await refusal(zipped(sequential(layer), { gru: vars(gruWeights()) }))).toMatch(message);
});

test('without a config, kinds and sizes follow from the weights, and what does not is said', async () => {
  const lstm = { kernel: stored([2, 12]), recurrent_kernel: stored([3, 12]), bias: stored([12]) };
  const rnn = { kernel: stored([2, 3]), recurrent_kernel: stored([3, 3]) };
  const dense = { kernel: stored([3, 3]), bias: stored([3]) };
  const files = { l: lstm, r: rnn, d: dense, g: gruWeights(0, [9]), u: gruWeights(0, null) };
  const layers = await layersIn(legacy(undefined, files));
  expect(layers.map(({ name, kind, notes }) => [name, kind, notes.length])).toEqual([
    ['l', 'LSTM', 0],
    ['r', 'RNN', 0],
    ['g', 'GRU', 0],
    ['u', 'GRU', 1],
  ]);
  expect(layers[2]!.options).toMatchObject({ resetAfter: false });
  expect((await layersIn(legacy(undefined, files, '2.2.4-tf')))[0]!.notes.join()).toMatch(/sigmoid or hard_sigmoid/);
});

test('a config that has one layer over and over, with all of its weights, is refused', async () => {
  const weights = { kernel: stored([2, 384]), recurrent_kernel: stored([128, 384]), bias: stored([2, 384]) };
  const config = sequential(...Array(100).fill(gru({ units: 128, reset_after: true })));
  expect(await refusal(legacy(config, { g: weights }))).toMatch(/MODEL_UNSAFE.*share weights/);
});

test('an archive that would inflate to more than is sensible is refused before it does', async () => {
  const bomb = zipSync({ 'config.json': new Uint8Array(1 << 25), 'model.weights.h5': new Uint8Array(0) });
  expect(bomb.length).toBeLessThan(100_000);
  expect(await refusal(bomb)).toMatch(/MODEL_UNSAFE.*"config\.json" would inflate to 33554432 bytes/s);
});

test('a record that does not have the size that the archive says is refused', async () => {
  expect(await refusal(lying(archive, 0, ORIGINAL, 500))).toMatch(
    /MODEL_FORMAT.*"config\.json": it has \d+ bytes, not 500/s,
  );
});

test('a record with other bytes than were stored is refused', async () => {
  const message = /MODEL_FORMAT.*"model\.weights\.h5": its bytes are not those of its checksum/s;
  expect(await refusal(lying(archive, 2, CHECKSUM, 7))).toMatch(message);
});

const archive = zipped(sequential(gru({ reset_after: true })), { gru: vars(gruWeights()) });

test('an archive with bytes changed or cut off is read or refused', async () => {
  const change = fc.tuple(fc.nat(archive.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 8 }), fc.nat(archive.length), async (changes, length) => {
      const changed = unchecked(archive).slice(0, Math.max(length, changes.length > 0 ? archive.length : 60));
      for (const [at, byte] of changes) if (at > 1) changed[at] = byte;
      await read({ name: 'model.keras', bytes: changed, files: {} }).catch((error) =>
        expect(error).toBeInstanceOf(CongruentError),
      );
    }),
    { numRuns: 300 },
  );
});

test('whatever a config says, it is read or refused', async () => {
  const text = sequential(gru({ activation: 'tanh' }));
  const parts = ['"Sequential"', '"net"', '"GRU"', '"g"', '3', '"tanh"', '{"name":"g","units":3,"activation":"tanh"}'];
  const values = fc.oneof(
    fc.json({ maxDepth: 2 }),
    fc.constantFrom('"Bidirectional"', '"RNN"', '"TimeDistributed"', '"__proto__"', '"constructor"', '{"layers":[[]]}'),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...parts), values, async (part, value) => {
      const file = legacy(text.replace(part, value), { g: gruWeights() });
      await readModel(file).catch((error) => expect(error).toBeInstanceOf(CongruentError));
    }),
    { numRuns: 200 },
  );
});
