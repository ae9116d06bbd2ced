import { dtypeOf, type FloatArray } from '@congruent/runtime';

/** Rounds the result of one operation to the element type of `data`; what is exact in float64 is rounded once. */
export const roundingOf = (data: FloatArray): ((value: number) => number) =>
  dtypeOf(data) === 'float32' ? Math.fround : (value) => value;
