import type { DType, FloatArray } from '@congruent/runtime';

/** Distinct numbers from −1 to 1 that follow from the seed. */
export function numbers(dtype: DType, count: number, seed: number): FloatArray {
  const array = dtype === 'float64' ? new Float64Array(count) : new Float32Array(count);
  for (let index = 0; index < count; index++) array[index] = Math.sin(12.9898 * (index + 1) + 78.233 * (seed % 1000));
  return array;
}

/** Where two arrays first differ in their bits, NaNs being alike; −1 where they do not. */
export function firstDifference(a: FloatArray, b: FloatArray): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  for (let index = 0; index < a.length; index++) if (!Object.is(a[index], b[index])) return index;
  return -1;
}
