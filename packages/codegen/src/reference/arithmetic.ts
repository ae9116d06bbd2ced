import type { FunctionIr } from '../ir/definition.ts';
import type { BinaryOperator, Comparison, UnaryOperator } from '../ir/expression.ts';
import type { DType } from '../passes/lower.ts';

/** Numbers of one kind and their operations: what the interpreter computes with. */
export interface Arithmetic<V> {
  /** The element type whose functions and constants are used. */
  readonly dtype: DType;
  constant(value: number): V;
  unary(operator: UnaryOperator, operand: V): V;
  binary(operator: BinaryOperator, left: V, right: V): V;
  select(comparison: Comparison, left: V, right: V, whenTrue: V, whenFalse: V): V;
  /** Σ row[k]·vector[k], in the order of summation of `sumOfProducts` where the order matters. */
  dot(row: readonly V[], vector: readonly V[]): V;
  /** A function's value; `operations` evaluates its definitions with this arithmetic. */
  call(called: FunctionIr, operand: V, operations: (operand: V) => V): V;
}

/**
 * The order of summation of every matrix product, part of the specification: products are added from the left, starting
 * at +0, in blocks of this many; each block's sum is then added to the total. Blocks keep the error of a long sum
 * near that of the pairwise and vectorised sums other libraries use, for one more addition in 64.
 */
export const SUM_BLOCK = 64;

function sumOfProducts<V>({ constant, binary }: Arithmetic<V>, row: readonly V[], vector: readonly V[]): V {
  let total: V | undefined;
  for (let start = 0; start < row.length; start += SUM_BLOCK) {
    let block = constant(0);
    for (let k = start; k < Math.min(start + SUM_BLOCK, row.length); k++) {
      block = binary('+', block, binary('*', row[k]!, vector[k]!));
    }
    total = total === undefined ? block : binary('+', total, block);
  }
  return total ?? constant(0);
}

const UNARY: Readonly<Record<UnaryOperator, (operand: number) => number>> = {
  negate: (operand) => -operand,
  abs: Math.abs,
  floor: Math.floor,
  pow2: (operand) => 2 ** operand,
  sqrt: Math.sqrt,
};

const BINARY: Readonly<Record<BinaryOperator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  max: Math.max,
  min: Math.min,
};

const holds = (comparison: Comparison, left: number, right: number): boolean =>
  comparison === '<' ? left < right : left > right;

/** Arithmetic on numbers where every operation is followed by `round`. */
const rounded = (dtype: DType, round: (exact: number) => number): Arithmetic<number> => {
  const arithmetic: Arithmetic<number> = {
    dtype,
    constant: round,
    unary: (operator, operand) => round(UNARY[operator](operand)),
    binary: (operator, left, right) => round(BINARY[operator](left, right)),
    select: (comparison, left, right, whenTrue, whenFalse) => (holds(comparison, left, right) ? whenTrue : whenFalse),
    dot: (row, vector) => sumOfProducts(arithmetic, row, vector),
    call: (_, operand, operations) => operations(operand),
  };
  return arithmetic;
};

/** IEEE double precision. */
export const float64: Arithmetic<number> = rounded('float64', (exact) => exact);

/**
 * IEEE single precision, operation by operation. Rounding a double result to single gives the correctly rounded single
 * result for + - * / and sqrt (S. A. Figueroa, "When is double rounding innocuous?", 1995).
 */
export const float32: Arithmetic<number> = rounded('float32', Math.fround);
