import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exp, log } from '../src/exponential.ts';

/** The distance in units of the last place of `expected`, which is normal. */
const ulps = (got: number, expected: number): number =>
  Math.abs(got - expected) / 2 ** (Math.floor(Math.log2(Math.abs(expected))) - 52);

// Math.exp and Math.log are within an ulp themselves.
test('exp is within 2 ulp of Math.exp from -708 to 0', () => {
  fc.assert(
    fc.property(fc.double({ min: -708, max: 0, noNaN: true }), (x) => {
      expect(ulps(exp(x), Math.exp(x))).toBeLessThanOrEqual(2);
    }),
    { seed: 1, numRuns: 20_000 },
  );
});

test('log is within 2 ulp of Math.log from 1 to 1e15', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 1e15, minExcluded: true, noNaN: true }), fc.boolean(), (drawn, near) => {
      const x = near ? 1 + (drawn % 1) * 1e-3 : drawn;
      if (x > 1) expect(ulps(log(x), Math.log(x))).toBeLessThanOrEqual(2);
    }),
    { seed: 1, numRuns: 20_000 },
  );
});

test('at the ends: e^0 and ln 1 are exact, subnormals and 0 are reached, NaN stays', () => {
  expect([exp(0), exp(-0), log(1)]).toEqual([1, 1, 0]);
  expect([exp(-745.13), exp(-745.14), exp(-1e6), exp(Number.NEGATIVE_INFINITY)]).toEqual([5e-324, 0, 0, 0]);
  expect(exp(-744) / Math.exp(-744)).toBeCloseTo(1, 12);
  expect([exp(Number.NaN), log(Number.NaN)]).toEqual([Number.NaN, Number.NaN]);
});

test('e^x never decreases, also where k changes', () => {
  fc.assert(
    fc.property(fc.double({ min: -700, max: 0, noNaN: true }), (x) => {
      const next = x * (1 - 2 ** -50);
      expect(exp(next)).toBeGreaterThanOrEqual(exp(x));
    }),
    { seed: 1, numRuns: 5000 },
  );
});
