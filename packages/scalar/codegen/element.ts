import { type Code, type DType, javascript, type Table } from '@congruent/codegen';

/** What code for one element type has of its own. */
export interface Element {
  readonly dtype: DType;
  /** The typed array of a vector. */
  readonly array: string;
  readonly table: Table<Code>;
  /** The result of an operation, rounded. */
  round(text: string): string;
  /** A vector as a matrix is held: float32 values in float64, which is exact. */
  widened(vector: string): string;
}

/** In float32, every operation that can be inexact is rounded by `fround`. */
export const ELEMENTS: readonly Element[] = [
  {
    dtype: 'float32',
    array: 'Float32Array',
    table: javascript({ abs: 'abs', floor: 'floor', round: 'fround' }),
    round: (text) => `fround(${text})`,
    widened: (vector) => `new Float64Array(${vector})`,
  },
  {
    dtype: 'float64',
    array: 'Float64Array',
    table: javascript({ abs: 'abs', floor: 'floor' }),
    round: (text) => text,
    widened: (vector) => vector,
  },
];
