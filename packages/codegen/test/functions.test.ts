import { functions } from '@congruent/spec';
import { beforeAll, describe, expect, test } from 'vitest';
import { type DType, float32, float64, interpretFunction, lowerFunction } from '../src/index.ts';
import { exactSigmoid, exactTanh, ulpsFrom } from './exact.ts';
import { numbers, ulp32 } from './values.ts';

const arithmetics = { float32, float64 } as const;

function evaluate(name: 'sigmoid' | 'tanh', dtype: DType): (x: number) => number {
  const lowered = lowerFunction(functions[name]!, dtype);
  return (x) => interpretFunction(lowered, arithmetics[dtype], x);
}

const bits = new DataView(new ArrayBuffer(4));

function float32Of(pattern: number): number {
  bits.setUint32(0, pattern);
  return bits.getFloat32(0);
}

/** float32 numbers of both signs in rising order: patterns at even distances over all, and more from 2^-20 to 128. */
function samples(): readonly number[] {
  const positive: number[] = [];
  for (let pattern = 0; pattern <= 0x7f800000; pattern += 80_021) positive.push(float32Of(pattern));
  for (let pattern = 0x35800000; pattern <= 0x43000000; pattern += 9_001) positive.push(float32Of(pattern));
  positive.push(float32Of(0x7f7fffff), Infinity);
  return [...positive.map((x) => -x), ...positive].sort((a, b) => a - b || Number(Object.is(a, 0)) - 0.5);
}

const oracle = {
  sigmoid: (x: number) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
  tanh: Math.tanh,
} as const;

const all = samples();

describe.each(['sigmoid', 'tanh'] as const)('%s in float32', (name) => {
  const { ulp } = functions[name]!;
  let values: readonly number[] = [];

  beforeAll(() => {
    const of = evaluate(name, 'float32');
    values = all.map(of);
  });

  test(`is within ${ulp} ulp at 100 000 numbers over all magnitudes`, () => {
    expect(all.length).toBeGreaterThan(100_000);
    const errors = all.map((x, index) => Math.abs(values[index]! - oracle[name](x)) / ulp32(oracle[name](x)));
    expect(Math.max(...chunked(errors))).toBeLessThanOrEqual(ulp);
    // The declared bound is the measured one, not a loose one.
    expect(Math.max(...chunked(errors))).toBeGreaterThan(ulp / 2);
  });

  test('gives float32 numbers', () => {
    expect(values.findIndex((value) => !Object.is(Math.fround(value), value))).toBe(-1);
  });

  test('never falls from one sample to the next', () => {
    expect(all.filter((_, index) => index > 0 && values[index]! < values[index - 1]!)).toEqual([]);
  });

  test(`stays within ${name === 'tanh' ? '-1 and 1, with the sign of its operand' : '0 and 1'}`, () => {
    const low = (x: number): number => (name === 'tanh' && x < 0 ? -1 : 0);
    const high = (x: number): number => (name === 'tanh' && x <= 0 ? 0 : 1);
    expect(all.filter((x, index) => values[index]! < low(x) || values[index]! > high(x))).toEqual([]);
  });
});

/** Largest values of pieces, since Math.max takes only so many operands. */
const chunked = (values: readonly number[]): readonly number[] =>
  Array.from({ length: Math.ceil(values.length / 1000) }, (_, piece) =>
    Math.max(...values.slice(piece * 1000, (piece + 1) * 1000)),
  );

describe.each(['float32', 'float64'] as const)('in %s', (dtype) => {
  const tanh = evaluate('tanh', dtype);
  const sigmoid = evaluate('sigmoid', dtype);
  const round = arithmetics[dtype].constant;

  test('tanh is odd, bit for bit', () => {
    for (const x of all.filter((_, index) => index % 10 === 0)) {
      if (!Object.is(tanh(-x), -tanh(x))) expect([x, tanh(-x)]).toEqual([x, -tanh(x)]);
    }
  });

  test('tanh of ±0, ±Infinity and NaN', () => {
    expect([0, -0, Infinity, -Infinity, Number.NaN].map(tanh)).toEqual([0, -0, 1, -1, Number.NaN]);
  });

  test('sigmoid of ±0, ±Infinity and NaN', () => {
    expect([0, -0, Infinity, -Infinity, Number.NaN].map(sigmoid)).toEqual([0.5, 0.5, 1, 0, Number.NaN]);
  });

  test.each([1e-5, 1e-10, 1e-20, 1e-37, 1e-40, 1.5e-45, 1e-300, 5e-324])('tanh(±%s) is its operand', (tiny) => {
    const x = round(tiny);
    const expected = x > 1e-6 ? round(Math.tanh(x)) : x;
    expect(tanh(x)).toBe(expected);
    expect(tanh(-x)).toBe(-expected);
  });

  test.each([1, 20, 88, 104, 745, 1000, 1e30])('far out, sigmoid(%s) and tanh are saturated without NaN', (x) => {
    expect(Math.abs(sigmoid(x) - oracle.sigmoid(x))).toBeLessThanOrEqual(2 ** -23);
    expect(Math.abs(sigmoid(-x) - oracle.sigmoid(-x))).toBeLessThanOrEqual(2 ** -24);
    expect(Math.abs(tanh(x) - Math.tanh(x))).toBeLessThanOrEqual(2 ** -23);
  });
});

test('sigmoid in float32 from -104 to -87, where results are subnormal, is the nearest number or the one beside it', () => {
  const sigmoid = evaluate('sigmoid', 'float32');
  for (let x = -104; x <= -87; x += 1 / 64) {
    expect(Math.abs(sigmoid(x) - oracle.sigmoid(x)) / 2 ** -149).toBeLessThanOrEqual(
      ulp32(oracle.sigmoid(x)) / 2 ** -149,
    );
  }
  expect(sigmoid(-103)).toBe(2 ** -149);
  expect(sigmoid(-104)).toBe(0);
  expect(sigmoid(-1000)).toBe(0);
});

test('sigmoid in float64 from -745 to -708, where results are subnormal, is the nearest number or the one beside it', () => {
  const sigmoid = evaluate('sigmoid', 'float64');
  for (let x = -745; x <= -708; x += 1 / 16) {
    expect(Math.abs(ulpsFrom(sigmoid(x), exactSigmoid(x)))).toBeLessThanOrEqual(1);
  }
  expect(sigmoid(-745)).toBe(5e-324);
  expect(sigmoid(-746)).toBe(0);
});

describe.each([
  ['sigmoid', exactSigmoid, oracle.sigmoid],
  ['tanh', exactTanh, oracle.tanh],
] as const)('%s in float64', (name, exact, platform) => {
  const of = evaluate(name, 'float64');
  const { ulp } = functions[name]!;
  const random = numbers(3);
  const operands = Array.from({ length: 1500 }, () => random() * 2 ** (random() * 12 - 4));

  test(`is within ${ulp} ulp of the exact value`, () => {
    const errors = operands.map((x) => Math.abs(ulpsFrom(of(x), exact(x))));
    expect(Math.max(...errors)).toBeLessThanOrEqual(ulp);
  });

  test('agrees with the platform to 4 ulp, and so does the exact value', () => {
    for (const x of operands) {
      const theirs = platform(x);
      expect(Math.abs(of(x) - theirs)).toBeLessThanOrEqual(4 * 2 ** -52 * Math.abs(theirs));
      expect(Math.abs(ulpsFrom(theirs, exact(x)))).toBeLessThanOrEqual(4);
    }
  });
});

test('pow2 of an integer is exact, subnormal powers of float64 included', () => {
  for (let k = -1074, power = Number.MIN_VALUE; k <= 1023; k++, power *= 2) {
    if (float64.unary('pow2', k) !== power) expect([k, float64.unary('pow2', k)]).toEqual([k, power]);
  }
});
