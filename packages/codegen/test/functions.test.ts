import { functions } from '@congruent/spec';
import { beforeAll, describe, expect, test } from 'vitest';
import { type DType, float32, float64, interpretFunction, lowerFunction } from '../src/index.ts';
import { exactSigmoid, exactTanh, ulpsFrom } from './exact.ts';
import { numbers, ulp32 } from './values.ts';

const arithmetics = { float32, float64 } as const;

function evaluate(name: string, dtype: DType): (x: number) => number {
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

const oracle: Readonly<Record<string, (x: number) => number>> = {
  sigmoid: (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
  tanh: Math.tanh,
  relu: (x) => Math.max(x, 0),
  exp: Math.exp,
  log: Math.log,
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  sqrt: Math.sqrt,
};

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
    const errors = all.map((x, index) => Math.abs(values[index]! - oracle[name]!(x)) / ulp32(oracle[name]!(x)));
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
    expect(Math.abs(sigmoid(x) - oracle['sigmoid']!(x))).toBeLessThanOrEqual(2 ** -23);
    expect(Math.abs(sigmoid(-x) - oracle['sigmoid']!(-x))).toBeLessThanOrEqual(2 ** -24);
    expect(Math.abs(tanh(x) - Math.tanh(x))).toBeLessThanOrEqual(2 ** -23);
  });
});

test('sigmoid in float32 from -104 to -87, where results are subnormal, is the nearest number or the one beside it', () => {
  const sigmoid = evaluate('sigmoid', 'float32');
  for (let x = -104; x <= -87; x += 1 / 64) {
    expect(Math.abs(sigmoid(x) - oracle['sigmoid']!(x)) / 2 ** -149).toBeLessThanOrEqual(
      ulp32(oracle['sigmoid']!(x)) / 2 ** -149,
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
  expect(sigmoid(-744)).toBe(1e-323);
  expect(sigmoid(-746)).toBe(0);
});

describe.each([
  ['sigmoid', exactSigmoid, oracle['sigmoid']!],
  ['tanh', exactTanh, Math.tanh],
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

describe.each(['exp', 'log', 'softplus', 'sqrt'])('%s', (name) => {
  const { ulp } = functions[name]!;

  test(`is within ${ulp} ulp in float32 at 10 000 numbers over all magnitudes, and what the oracle is where none is near`, () => {
    const of = evaluate(name, 'float32');
    let worst = 0;
    for (const x of all.filter((_, index) => index % 10 === 0)) {
      const [value, exact] = [of(x), oracle[name]!(x)];
      const error = Math.abs(value - exact) / ulp32(exact);
      if (Number.isFinite(Math.fround(exact))) worst = Math.max(worst, error);
      else expect(value).toBe(Math.fround(exact));
    }
    expect(worst).toBeLessThanOrEqual(ulp);
    expect(worst).toBeGreaterThan(ulp / 2);
  });

  test(`is within ${ulp} ulp in float64, and the 2 ulp that the platform's may be off`, () => {
    const of = evaluate(name, 'float64');
    const random = numbers(5);
    for (let sample = 0; sample < 2000; sample++) {
      const x = random() * 2 ** (random() * 12 - 4);
      const [value, theirs] = [of(x), oracle[name]!(x)];
      if (Number.isNaN(theirs) || theirs === Infinity) expect(value).toBe(theirs);
      else expect(Math.abs(value - theirs)).toBeLessThanOrEqual((ulp + 2) * 2 ** -52 * Math.abs(theirs));
    }
  });

  test('never falls by more than an ulp from one sample to the next', () => {
    const values = all.filter((_, index) => index % 10 === 0).map(evaluate(name, 'float32'));
    expect(values.filter((value, index) => value < values[index - 1]! - ulp32(value))).toEqual([]);
  });

  test.each(['float32', 'float64'] as const)('of ±0, ±Infinity, NaN and the ends of the range in %s', (dtype) => {
    const [least, largest] = dtype === 'float32' ? [2 ** -149, float32Of(0x7f7fffff)] : [5e-324, Number.MAX_VALUE];
    const { constant } = arithmetics[dtype];
    const specials = [0, -0, Infinity, -Infinity, Number.NaN, -largest, largest, least, -least];
    const exactly: Readonly<Record<string, readonly number[]>> = {
      exp: [1, 1, Infinity, 0, Number.NaN, 0, Infinity, 1, 1],
      log: [-Infinity, -Infinity, Infinity, Number.NaN, Number.NaN, Number.NaN, Math.log(largest), Math.log(least)],
      softplus: [Math.LN2, Math.LN2, Infinity, 0, Number.NaN, 0, largest, Math.LN2, Math.LN2],
      sqrt: [0, -0, Infinity, Number.NaN, Number.NaN, Number.NaN, Math.sqrt(largest), Math.sqrt(least)],
    };
    const expected = exactly[name]!.map(constant);
    expect(specials.slice(0, expected.length).map(evaluate(name, dtype))).toEqual(expected);
  });
});

test('results of exp that are subnormal are the nearest number or the one beside it', () => {
  const exp = evaluate('exp', 'float32');
  for (let x = -104; x <= -87; x += 1 / 64) {
    expect(Math.abs(exp(x) - Math.exp(x))).toBeLessThanOrEqual(ulp32(Math.exp(x)));
  }
});

describe.each(['float32', 'float64'] as const)('what chooses, in %s', (dtype) => {
  const { binary } = arithmetics[dtype];

  test('relu of ±0, ±Infinity and NaN', () => {
    const relu = evaluate('relu', dtype);
    expect([0, -0, 1e-45, -1e-45, Infinity, -Infinity, Number.NaN].map(arithmetics[dtype].constant).map(relu)).toEqual(
      [0, -0, 1e-45, 0, Infinity, 0, Number.NaN].map(arithmetics[dtype].constant),
    );
  });

  test.each([
    [1, 2, 2, 1],
    [-0, 0, 0, -0],
    [0, -0, 0, -0],
    [-0, -0, -0, -0],
    [Infinity, -Infinity, Infinity, -Infinity],
    [Number.NaN, 1, Number.NaN, Number.NaN],
    [-Infinity, Number.NaN, Number.NaN, Number.NaN],
  ])('max and min of %s and %s are %s and %s', (left, right, larger, smaller) => {
    expect([binary('max', left, right), binary('min', left, right)]).toEqual([larger, smaller]);
  });
});
