import type { Tensor } from '@congruent/runtime';

/** The gradient of `of` at `at` by central differences, in float64. */
export function centralDifferences(of: (at: Tensor) => number, { data, shape }: Tensor): number[] {
  const step = 1e-5;
  const moved = (index: number, by: number): number => {
    const copy = Float64Array.from(data);
    copy[index]! += by;
    return of({ data: copy, shape });
  };
  return Array.from(data, (_, index) => (moved(index, step) - moved(index, -step)) / (2 * step));
}

/** The largest difference between two lists of numbers, relative above 1. */
export const farthest = (got: ArrayLike<number>, expected: readonly number[]): number =>
  Math.max(0, ...expected.map((value, i) => Math.abs(got[i]! - value) / Math.max(1, Math.abs(value))));
