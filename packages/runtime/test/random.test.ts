import { expect, onTestFinished, test, vi } from 'vitest';
import { dropoutMask, fillUniform, parameterRandom } from '../src/parameters/random.ts';
import { defined } from './defined.ts';
import { expectCode } from './expect-code.ts';
import { linearBackend } from './linear-backend.ts';

const { GRU, GRUCell } = defined(linearBackend('sync').backend);
const key = { seed: 0, call: 0, layer: 0 };

// Expected values: the algorithm written a second time in Python (MurmurHash3 finalizer, xoroshiro128+ on 64-bit integers).
test('the numbers of a seed are fixed for ever: a change would change every model made from one', () => {
  const next = parameterRandom(0);
  expect([next(), next(), next()]).toEqual([0.9067826757819368, 0.10917429796497857, 0.4959218570637307]);
  const negative = parameterRandom(-7);
  expect([negative(), negative()]).toEqual([0.13561953398359272, 0.7694456923252005]);
  expect([...dropoutMask('float64', 12, 0.5, key)]).toEqual([2, 0, 2, 2, 2, 2, 0, 0, 2, 0, 0, 0]);
});

test('the same seed gives the same parameters, another seed others', () => {
  const weights = (seed: number) =>
    GRU.createSync({ inputSize: 4, hiddenSize: 8, seed }).stateDict()['weight_ih_l0']!.data;
  expect(weights(1)).toEqual(weights(1));
  const all = [0, 1, 2, -1, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1, -(2 ** 53 - 1)].map((seed) => weights(seed)[0]);
  expect(new Set(all).size).toBe(all.length);
});

test('neighbouring seeds are unrelated: first numbers of 2000 seeds are uniform and uncorrelated', () => {
  const first = Array.from({ length: 2000 }, (_, seed) => parameterRandom(seed)());
  expect(mean(first)).toBeCloseTo(0.5, 1);
  const products = first.slice(1).map((u, i) => (u - 0.5) * (first[i]! - 0.5) * 12);
  expect(Math.abs(mean(products))).toBeLessThan(0.1);
});

test('parameters are uniform in ±1/√H, biases too', () => {
  const { weight_ih_l0, bias_ih_l0 } = GRU.createSync({
    inputSize: 100,
    hiddenSize: 100,
    dtype: 'float64',
  }).stateDict();
  const values = [...weight_ih_l0!.data];
  expect(Math.max(...values)).toBeLessThan(0.1);
  expect(Math.max(...values)).toBeGreaterThan(0.099);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.1);
  expect(Math.min(...values)).toBeLessThan(-0.099);
  expect(mean(values)).toBeCloseTo(0, 2);
  expect(mean(values.map((v) => v * v))).toBeCloseTo(0.01 / 3, 3);
  expect(Math.max(...[...bias_ih_l0!.data].map(Math.abs))).toBeLessThanOrEqual(0.1);
});

test('parameters are drawn in the order of stateDict(), row-major, and float32 ones are the float64 ones rounded', () => {
  const options = { inputSize: 3, hiddenSize: 2, numLayers: 2, bidirectional: true, seed: 5 } as const;
  const wide = GRU.createSync({ ...options, dtype: 'float64' }).stateDict();
  const next = parameterRandom(5);
  for (const { data } of Object.values(wide)) {
    expect([...data]).toEqual([...fillUniform(new Float64Array(data.length), 1 / Math.sqrt(2), next)]);
  }
  const narrow = GRU.createSync(options).stateDict();
  for (const [name, { data }] of Object.entries(narrow)) expect(data).toEqual(new Float32Array(wide[name]!.data));
});

test('a GRUCell has the parameters of a one-layer GRU of the same seed', () => {
  const options = { inputSize: 3, hiddenSize: 2, seed: 9 };
  const cell = GRUCell.createSync(options).stateDict();
  const gru = GRU.createSync(options).stateDict();
  for (const name of Object.keys(cell)) expect(cell[name]).toEqual(gru[`${name}_l0`]);
});

for (const probability of [0.1, 0.5, 0.9]) {
  test(`a mask of dropout ${probability} zeroes that share and keeps the mean at 1`, () => {
    const mask = [...dropoutMask('float64', 50_000, probability, key)];
    expect(mask.filter((m) => m === 0).length / mask.length).toBeCloseTo(probability, 1);
    expect(new Set(mask)).toEqual(new Set([0, 1 / (1 - probability)]));
    expect(mean(mask)).toBeCloseTo(1, 1);
  });
}

test('a mask of dropout 1 is all zeros, one of dropout 0 all ones', () => {
  expect([...dropoutMask('float32', 3, 1, key)]).toEqual([0, 0, 0]);
  expect([...dropoutMask('float32', 3, 0, key)]).toEqual([1, 1, 1]);
});

test('masks differ by seed, by call and by layer, and agree between element types', () => {
  const mask = (more: object) => dropoutMask('float64', 64, 0.5, { ...key, ...more }).join();
  expect(new Set([mask({}), mask({ seed: 1 }), mask({ call: 1 }), mask({ layer: 1 })]).size).toBe(4);
  expect(dropoutMask('float32', 64, 0.5, key).join()).toBe(mask({}));
});

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

test('where a parameter is too large for an array, no other has been drawn', async () => {
  const made: Float32Array[] = [];
  class Observed extends Float32Array {
    constructor(length: number) {
      super(length);
      made.push(this);
    }
  }
  vi.stubGlobal('Float32Array', Observed);
  onTestFinished(() => void vi.unstubAllGlobals());
  await expectCode(() => GRU.createSync({ inputSize: 1, hiddenSize: 2 ** 22 }).stateDict(), 'CONGRUENT_MEMORY');
  expect(made.map(({ length }) => length)).toEqual([2 ** 22]);
  expect(made[0]!.every((value) => value === 0)).toBe(true);
});
