import { expect, test } from 'vitest';
import type { GRUOptions } from '../src/index.ts';
import { defined } from './defined.ts';
import { expectCode } from './expect-code.ts';
import { linearBackend } from './linear-backend.ts';

const { backend: definition, probe } = linearBackend('sync');
const { GRU, GRUCell, backend } = defined(definition);
const create = (options: object): unknown => GRU.createSync({ inputSize: 2, hiddenSize: 3, ...options } as GRUOptions);

test("the defaults are torch's", () => {
  const expected = { inputSize: 2, hiddenSize: 3, bias: true, dtype: 'float32', seed: 0, resetAfter: true };
  const more = { numLayers: 1, batchFirst: false, dropout: 0, bidirectional: false };
  const own = { device: 'auto' };
  expect(GRU.createSync({ inputSize: 2, hiddenSize: 3 }).options).toEqual({ ...expected, ...more, ...own });
  expect(GRUCell.createSync({ inputSize: 2, hiddenSize: 3 }).options).toEqual({ ...expected, ...own });
});

test('an option that is undefined has its default', () => {
  expect(GRU.createSync({ inputSize: 2, hiddenSize: 3, numLayers: undefined }).options.numLayers).toBe(1);
});

const sizes = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '2', null, true, 2 ** 53];
for (const [option, torch] of [
  ['inputSize', 'input_size must be greater than zero'],
  ['hiddenSize', 'hidden_size must be greater than zero'],
  ['numLayers', 'num_layers must be greater than zero'],
] as const) {
  for (const value of sizes) {
    test(`${option} ${JSON.stringify(value)} (${typeof value}) is refused with CONGRUENT_OPTION`, () =>
      expectCode(
        () => create({ [option]: value }),
        'CONGRUENT_OPTION',
        torch,
        `Option ${option} must be a positive integer`,
      ));
  }
}

for (const value of [-0.1, 1.1, Number.NaN, '0.5', true, null]) {
  test(`dropout ${String(value)} is refused with CONGRUENT_OPTION and torch's words`, () =>
    expectCode(
      () => create({ dropout: value }),
      'CONGRUENT_OPTION',
      'dropout should be a number in range [0, 1] representing the probability of an element being zeroed',
    ));
}

for (const value of [Number.NaN, 0.5, Number.POSITIVE_INFINITY, 2 ** 53, '1', null, 1n]) {
  test(`seed ${String(value)} (${typeof value}) is refused with CONGRUENT_OPTION`, () =>
    expectCode(() => create({ seed: value }), 'CONGRUENT_OPTION', 'Option seed must be a safe integer'));
}

for (const option of ['bias', 'batchFirst', 'bidirectional']) {
  test(`${option} 1 is refused with CONGRUENT_OPTION`, () =>
    expectCode(() => create({ [option]: 1 }), 'CONGRUENT_OPTION', `Option ${option} must be true or false, got 1`));
}

test('dtype float16 is refused with CONGRUENT_OPTION', () =>
  expectCode(() => create({ dtype: 'float16' }), 'CONGRUENT_OPTION', "'float32' or 'float64', got \"float16\""));

for (const [unknown, nearest] of [
  ['input_size', 'inputSize'],
  ['hiddensize', 'hiddenSize'],
  ['num_layer', 'numLayers'],
  ['biderectional', 'bidirectional'],
  ['devise', 'device'],
] as const) {
  test(`unknown option ${unknown} is refused with CONGRUENT_OPTION, which names ${nearest}`, () =>
    expectCode(
      () => create({ [unknown]: 1 }),
      'CONGRUENT_OPTION',
      `Unknown option '${unknown}'`,
      `nearest known one is '${nearest}'`,
    ));
}

test("proj_size is refused with torch's words", () =>
  expectCode(
    () => create({ proj_size: 2 }),
    'CONGRUENT_OPTION',
    'proj_size argument is only supported for LSTM, not RNN or GRU',
  ));

for (const options of [undefined, null, 5, 'GRU', [2, 3]]) {
  test(`options ${JSON.stringify(options)} are refused with CONGRUENT_OPTION`, () =>
    expectCode(() => GRU.createSync(options as never), 'CONGRUENT_OPTION', 'options must be an object'));
}

test('a missing size is refused with CONGRUENT_OPTION', () =>
  expectCode(
    () => GRU.createSync({ inputSize: 2 } as never),
    'CONGRUENT_OPTION',
    'Option hiddenSize',
    'got undefined',
  ));

test('create rejects where createSync throws', async () => {
  const promise = GRU.create({ inputSize: 0, hiddenSize: 1 });
  await expectCode(() => promise, 'CONGRUENT_OPTION');
});

test('GRUCell has no numLayers, batchFirst, dropout or bidirectional', async () => {
  for (const name of ['numLayers', 'batchFirst', 'dropout', 'bidirectional']) {
    await expectCode(
      () => GRUCell.createSync({ inputSize: 2, hiddenSize: 3, [name]: 1 } as never),
      'CONGRUENT_OPTION',
      `GRUCell.create: Unknown option '${name}'`,
    );
  }
});

test("the backend's own options are checked as the others are, kept, and given to it", async () => {
  const given = { inputSize: 2, hiddenSize: 3, device: 'x', dtype: 'float64', seed: 7 } as GRUOptions;
  const gru = await GRU.create(given);
  expect(probe.opened).toBe(gru.options);
  expect(gru.options).toMatchObject(given);
  await expectCode(() => create({ device: 3n }), 'CONGRUENT_OPTION', 'Option device must be a string, got 3');
});

test('float64 where backend.supports.float64 is false is refused with CONGRUENT_UNSUPPORTED', () => {
  const narrow = defined(linearBackend('sync', { float64: false }).backend);
  return expectCode(
    () => narrow.GRU.createSync({ inputSize: 2, hiddenSize: 3, dtype: 'float64' }),
    'CONGRUENT_UNSUPPORTED',
    "backend 'linear' has no float64",
  );
});

test('createSync where backend.supports.sync is false is refused with CONGRUENT_UNSUPPORTED', async () => {
  const slow = defined(linearBackend('async').backend);
  const options = { inputSize: 2, hiddenSize: 3 };
  await expectCode(() => slow.GRU.createSync(options), 'CONGRUENT_UNSUPPORTED', 'Use await GRU.create(options)');
  await expectCode(
    () => slow.GRUCell.createSync(options),
    'CONGRUENT_UNSUPPORTED',
    'Use await GRUCell.create(options)',
  );
});

test('new GRU() is refused and names create', () =>
  expectCode(
    () => new (GRU as never as new (o: object) => unknown)({ inputSize: 1 }),
    'CONGRUENT_OPTION',
    'await GRU.create(options)',
  ));

test('a GRU is an instance of its class and of no other', () => {
  const gru = GRU.createSync({ inputSize: 2, hiddenSize: 3 });
  expect(gru instanceof GRU).toBe(true);
  expect(gru instanceof GRUCell).toBe(false);
});

test('backend has the name and what is supported, and is frozen', () => {
  expect(backend).toEqual({ name: 'linear', supports: { ...definition.supports, subnormals: true } });
  expect(Object.isFrozen(backend) && Object.isFrozen(backend.supports)).toBe(true);
});
