import {
  type Arithmetic,
  type FunctionIr,
  float32,
  float32FlushedInterval,
  float32Interval,
  float64,
  type Interval,
  SUM_BLOCK,
} from '@congruent/codegen';
import type { DType } from '@congruent/runtime';
import { quickFunction } from './quick-function.ts';

const { fround, min, max, abs } = Math;

// The interpreter's arithmetics with their sums of products as one loop and their functions as closures: the same bits,
// many times as fast; a test compares the two.

/** Adds the products of one block of a sum. */
type SumBlock = (row: readonly number[], vector: readonly number[], from: number, to: number) => number;

function quick(
  arithmetic: Arithmetic<number>,
  round: (exact: number) => number,
  sumBlock: SumBlock,
): Arithmetic<number> {
  const functions = new Map<FunctionIr, (operand: number) => number>();
  return {
    ...arithmetic,
    dot(row, vector) {
      let total = sumBlock(row, vector, 0, min(SUM_BLOCK, row.length));
      for (let from = SUM_BLOCK; from < row.length; from += SUM_BLOCK) {
        total = round(total + sumBlock(row, vector, from, min(from + SUM_BLOCK, row.length)));
      }
      return total;
    },
    call(called, operand) {
      let evaluate = functions.get(called);
      if (evaluate === undefined) {
        evaluate = quickFunction(called, arithmetic);
        functions.set(called, evaluate);
      }
      return evaluate(operand);
    },
  };
}

const quickFloat32: Arithmetic<number> = quick(float32, fround, (row, vector, from, to) => {
  let sum = 0;
  for (let k = from; k < to; k++) sum = fround(sum + fround(row[k]! * vector[k]!));
  return sum;
});

const quickFloat64: Arithmetic<number> = quick(
  float64,
  (exact) => exact,
  (row, vector, from, to) => {
    let sum = 0;
    for (let k = from; k < to; k++) sum += row[k]! * vector[k]!;
    return sum;
  },
);

export const quickArithmetic: Readonly<Record<DType, Arithmetic<number>>> = {
  float32: quickFloat32,
  float64: quickFloat64,
};

const UNIT = 2 ** -24;

/** As the interval interpreter's dot, operation by operation. */
const quickInterval = (arithmetic: Arithmetic<Interval>, tiny: number): Arithmetic<Interval> => ({
  ...arithmetic,
  dot: (row, vector) => {
    let [low, high, magnitude] = [0, 0, 0];
    for (let k = 0; k < row.length; k++) {
      const [left, right] = [row[k]!, vector[k]!];
      const [a, b] = [left.low * right.low, left.low * right.high];
      const [c, d] = [left.high * right.low, left.high * right.high];
      const [least, most] = [min(a, b, c, d), max(a, b, c, d)];
      low += least;
      high += most;
      magnitude += max(abs(least), abs(most));
    }
    const n = row.length + 1;
    const slack = (magnitude * n * UNIT) / (1 - n * UNIT) + n * tiny;
    return { low: low - slack, high: high + slack };
  },
});

export const quickFloat32Interval: Arithmetic<Interval> = quickInterval(float32Interval, 2 ** -150);

export const quickFloat32FlushedInterval: Arithmetic<Interval> = quickInterval(float32FlushedInterval, 2 ** -126);
