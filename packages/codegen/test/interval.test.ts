import { gru } from '@congruent/spec';
import { cells } from '@congruent/spec/catalogue';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Arithmetic,
  compile,
  type Environment,
  float32,
  float32FlushedInterval,
  float32Interval,
  float64,
  type Interval,
  interpreter,
  type Program,
} from '../src/index.ts';
import { mapValues, numbers, valuesFor } from './values.ts';

/** float32 with sums taken from the right. */
const fromTheRight: Arithmetic<number> = {
  ...float32,
  dot: (row, vector) => row.reduceRight((sum, weight, k) => Math.fround(sum + Math.fround(weight * vector[k]!)), 0),
};

/** float32 with sums of unrounded products, as fused multiply-add takes them. */
const fused: Arithmetic<number> = {
  ...float32,
  dot: (row, vector) => row.reduce((sum, weight, k) => Math.fround(sum + weight * vector[k]!), 0),
};

const kinds = { float64, float32, 'float32 from the right': fromTheRight, 'float32 fused': fused };

/** 0 for a subnormal number. */
const flush = (value: number): number => (Math.abs(value) < 2 ** -126 ? 0 : value);

/** float32 of a device that takes subnormal operands, and gives subnormal results, as 0. */
const flushed: Arithmetic<number> = {
  ...float32,
  constant: (value) => flush(float32.constant(value)),
  unary: (operator, operand) => flush(float32.unary(operator, flush(operand))),
  binary: (operator, left, right) => flush(float32.binary(operator, flush(left), flush(right))),
  dot: (row, vector) =>
    row.reduce((sum, weight, k) => flush(Math.fround(sum + flush(Math.fround(flush(weight) * flush(vector[k]!))))), 0),
};

const point = (value: number): Interval => ({ low: value, high: value });

/** States after some steps with the same inputs, for one kind of numbers. */
function run<V>(
  program: Program,
  arithmetic: Arithmetic<V>,
  parameters: Environment<V>,
  operands: Environment<V>,
  steps: number,
): Environment<V> {
  const { forward } = interpreter(program, arithmetic, parameters);
  let now = operands;
  for (let t = 0; t < steps; t++) {
    const { states, outputs } = forward(now);
    now = { ...now, ...outputs, ...states };
  }
  return now;
}

describe.each(cells)('$name', (cell) => {
  const program = compile(cell);
  const results = [...cell.states, ...cell.outputs];

  test('with and without subnormal numbers, float32 lies inside the interval for devices that may flush them', () => {
    const constant = (value: number): Interval => float32FlushedInterval.constant(value);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.constantFrom(1e-44, 1e-40, 1e-38, 1e-19, 1e-3, 1),
        fc.constantFrom(1e-40, 1e-38, 1, 40),
        (seed, parameterScale, operandScale) => {
          const random = numbers(seed);
          const lengths = { I: 3, H: 5, G: 2, P: 4, M: 2, O: 3 };
          const { parameters } = valuesFor(cell, lengths, () => Math.fround(random() * parameterScale));
          const { operands } = valuesFor(cell, lengths, () => Math.fround(random() * operandScale));
          const bounds = run(
            program,
            float32FlushedInterval,
            mapValues(parameters, constant),
            mapValues(operands, constant),
            2,
          );
          for (const arithmetic of [flushed, float32, float64]) {
            const states = run(program, arithmetic, parameters, operands, 2);
            for (const { name } of results) {
              ([states[name]].flat() as readonly number[]).forEach((value, j) => {
                const { low, high } = ([bounds[name]].flat() as readonly Interval[])[j]!;
                expect(low <= value && value <= high, `${name}[${j}]: ${value} in [${low}, ${high}]`).toBe(true);
              });
            }
          }
        },
      ),
      { numRuns: 30, seed: 4 },
    );
  });

  test('every kind of float32 and float64 lies inside the interval, for random parameters and operands', () => {
    fc.assert(
      fc.property(
        fc.record({
          I: fc.integer({ min: 1, max: 6 }),
          H: fc.integer({ min: 1, max: 9 }),
          G: fc.integer({ min: 1, max: 5 }),
          P: fc.integer({ min: 1, max: 5 }),
          M: fc.constant(2),
          O: fc.constant(3),
        }),
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.constantFrom(1e-30, 1e-3, 0.3, 1, 3, 40, 1e3),
        fc.integer({ min: 1, max: 2 }),
        (lengths, seed, scale, steps) => {
          const random = numbers(seed);
          const { parameters, operands } = valuesFor(cell, lengths, () => Math.fround(random() * scale));
          const bounds = run(program, float32Interval, mapValues(parameters, point), mapValues(operands, point), steps);
          for (const [kind, arithmetic] of Object.entries(kinds)) {
            const states = run(program, arithmetic, parameters, operands, steps);
            for (const { name } of results) {
              ([states[name]].flat() as readonly number[]).forEach((value, j) => {
                const { low, high } = ([bounds[name]].flat() as readonly Interval[])[j]!;
                // Where float32 overflows and ∞ / ∞ follows, there is no number to enclose.
                if (!(low <= value && value <= high) && !Number.isNaN(value))
                  throw new Error(`${kind}: ${name}[${j}] = ${value} is not in [${low}, ${high}]`);
              });
            }
          }
        },
      ),
      { numRuns: 25, seed: 1 },
    );
  });
});

test('the interval of a step of the GRU with 8 units and moderate values is narrow', () => {
  const program = compile(gru);
  let widest = 0;
  for (let seed = 0; seed < 50; seed++) {
    const random = numbers(seed);
    const { parameters, operands } = valuesFor(gru, { I: 5, H: 8 }, random);
    const bounds = run(program, float32Interval, mapValues(parameters, point), mapValues(operands, point), 1);
    for (const { low, high } of bounds['h'] as readonly Interval[]) widest = Math.max(widest, high - low);
  }
  expect(widest).toBeLessThan(1e-5);
  expect(widest).toBeGreaterThan(1e-8);
});

describe('an operation', () => {
  const interval = fc.tuple(number(), number()).map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }));
  const within = fc.tuple(interval, fc.double({ min: 0, max: 1, noNaN: true })).map(([bounds, at]) => {
    const inside = Math.fround(bounds.low + (bounds.high - bounds.low) * at);
    return { bounds, value: Math.min(bounds.high, Math.max(bounds.low, inside)) };
  });

  function number(): fc.Arbitrary<number> {
    return fc
      .oneof(fc.double({ min: -100, max: 100, noNaN: true }), fc.double({ min: -1e-40, max: 1e-40, noNaN: true }))
      .map(Math.fround);
  }

  test.each(['+', '-', '*', '/', 'max', 'min'] as const)(
    '%s of numbers in intervals lies in the interval',
    (operator) => {
      fc.assert(
        fc.property(within, within, (left, right) => {
          const { low, high } = float32Interval.binary(operator, left.bounds, right.bounds);
          for (const arithmetic of [float32, float64]) {
            const value = arithmetic.binary(operator, left.value, right.value);
            if (Number.isFinite(value)) expect(low <= value && value <= high).toBe(true);
          }
        }),
        { seed: 2, numRuns: 500 },
      );
    },
  );

  test.each(['negate', 'abs', 'floor'] as const)('%s of a number in an interval lies in the interval', (operator) => {
    fc.assert(
      fc.property(within, ({ bounds, value }) => {
        const { low, high } = float32Interval.unary(operator, bounds);
        const result = float64.unary(operator, value);
        expect(low <= result && result <= high).toBe(true);
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  test('a comparison that may go either way gives both results', () => {
    const [one, two] = [point(1), point(2)];
    expect(float32Interval.select('<', { low: 0, high: 1 }, point(2), one, two)).toEqual(one);
    expect(float32Interval.select('<', point(2), { low: 0, high: 2 }, one, two)).toEqual(two);
    expect(float32Interval.select('<', { low: 0, high: 3 }, point(2), one, two)).toEqual({ low: 1, high: 2 });
    expect(float32Interval.select('>', { low: 0, high: 3 }, point(-1), one, two)).toEqual(one);
    expect(float32Interval.select('>', { low: 0, high: 3 }, point(3), one, two)).toEqual(two);
  });

  test('a constant that float32 cannot hold is bounded with and without rounding', () => {
    const { low, high } = float32Interval.constant(0.1);
    expect([low, high].sort()).toEqual([0.1, Math.fround(0.1)].sort());
    expect(float32Interval.constant(0.5)).toEqual(point(0.5));
  });
});
