import type { DType, FloatArray } from '@congruent/runtime';

/** Distinct numbers from −1 to 1 that follow from the seed. */
export function numbers(dtype: 'float32', count: number, seed?: number): Float32Array;
export function numbers(dtype: DType, count: number, seed?: number): FloatArray;
export function numbers(dtype: DType, count: number, seed = 0): FloatArray {
  const array = dtype === 'float64' ? new Float64Array(count) : new Float32Array(count);
  for (let index = 0; index < count; index++) array[index] = Math.sin(12.9898 * (index + 1) + 78.233 * (seed % 1000));
  return array;
}
