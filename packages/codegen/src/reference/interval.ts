import type { BinaryOperator } from '../ir/expression.ts';
import { type Arithmetic, float64 } from './arithmetic.ts';
import { interpretFunction } from './evaluator.ts';

/** All numbers from `low` to `high`. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Unit roundoff of float32, and its smallest normal number. */
const UNIT = 2 ** -24;
const NORMAL = 2 ** -126;

/** The largest number of float32. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/**
 * Arithmetic whose results hold every value that float32 operations can give, in any order of summation, with or
 * without fused multiply-add. Bounds of compositions follow by computing them.
 *
 * @param tiny  no operation rounds by more than |v|·UNIT + tiny
 */
const intervals = (tiny: number): Arithmetic<Interval> => ({
  dtype: 'float64',
  // A constant is rounded to float32 too; the bounds hold with and without.
  constant: (value) => hull([value, Math.fround(value), ...(Math.abs(value) < tiny ? [0] : [])]),
  unary: (operator, { low, high }) => {
    const ends = [float64.unary(operator, low), float64.unary(operator, high)];
    return operator === 'abs' && low < 0 && high > 0 ? { low: 0, high: Math.max(...ends) } : hull(ends);
  },
  binary: (operator, left, right) => roundOutward(combine(operator, left, right), tiny),
  select: (comparison, left, right, whenTrue, whenFalse) => {
    const [below, above] = comparison === '<' ? [left, right] : [right, left];
    if (below.high < above.low) return whenTrue;
    return below.low >= above.high ? whenFalse : hull([whenTrue.low, whenTrue.high, whenFalse.low, whenFalse.high]);
  },
  dot: (row, vector) => {
    const products = row.map((weight, k) => combine('*', weight, vector[k]!));
    const magnitude = products.reduce((sum, { low, high }) => sum + Math.max(Math.abs(low), Math.abs(high)), 0);
    // A sum of n rounded products is off by at most γ_n Σ|products| in any order (N. J. Higham, "Accuracy and
    // Stability of Numerical Algorithms", 2002, section 3.1), and each product may underflow.
    const n = row.length + 1;
    const slack = (magnitude * n * UNIT) / (1 - n * UNIT) + n * tiny;
    const [low, high] = products.reduce(([low, high], product) => [low + product.low, high + product.high], [0, 0]);
    return { low: low - slack, high: high + slack };
  },
  call: (called, { low, high }) => {
    // No function falls, so the ends are enough; evaluated in float64, they are far closer than an ulp of float32.
    // Not by their operations in intervals: floor would widen those by whole numbers.
    const below = interpretFunction(called, float64, low);
    const above = interpretFunction(called, float64, high);
    return held(below - slackOf(below, called.ulp, tiny), above + slackOf(above, called.ulp, tiny));
  },
});

/** Where subnormal numbers are kept: half the smallest of them. */
export const float32Interval: Arithmetic<Interval> = intervals(2 ** -150);

/** Where subnormal operands and results may become 0. */
export const float32FlushedInterval: Arithmetic<Interval> = intervals(NORMAL);

const hull = (values: readonly number[]): Interval => ({ low: Math.min(...values), high: Math.max(...values) });

const slackOf = (value: number, ulp: number, tiny: number): number => 2 * ulp * (Math.abs(value) * UNIT + tiny);

const roundOutward = ({ low, high }: Interval, tiny: number): Interval =>
  held(low - (Math.abs(low) * UNIT + tiny), high + (Math.abs(high) * UNIT + tiny));

/**
 * The interval between two ends: what float32 cannot hold may be infinite there, and where an end is no number, as the
 * logarithm of a negative one, there is no bound.
 */
const held = (low: number, high: number): Interval => ({
  low: low >= -LARGEST ? low : -Infinity,
  high: high <= LARGEST ? high : Infinity,
});

function combine(operator: BinaryOperator, left: Interval, right: Interval): Interval {
  switch (operator) {
    case '+':
      return { low: left.low + right.low, high: left.high + right.high };
    case '-':
      return { low: left.low - right.high, high: left.high - right.low };
    case 'max':
    case 'min':
      return {
        low: float64.binary(operator, left.low, right.low),
        high: float64.binary(operator, left.high, right.high),
      };
    case '*':
    case '/': {
      const straddles = operator === '/' && right.low <= 0 && right.high >= 0;
      if (straddles) return { low: -Infinity, high: Infinity };
      const ends = [left.low, left.high].flatMap((a) =>
        [right.low, right.high].map((b) => float64.binary(operator, a, b)),
      );
      return hull(ends);
    }
    default:
      return operator satisfies never;
  }
}
