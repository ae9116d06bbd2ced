import type { DType } from '@congruent/runtime';

/** How far a result may be from an expected value. */
export type Bound = (expected: number) => number;

/**
 * Distance from |value| to the next larger float32.
 *
 * @param subnormals  whether there are numbers between 0 and 2^-126
 */
function ulp32(value: number, subnormals = true): number {
  const magnitude = Math.abs(value);
  // Below the smallest normal number, 2^-126, all float32 are 2^-149 apart.
  if (!(magnitude >= 2 ** -126)) return subnormals ? 2 ** -149 : 2 ** -126;
  let exponent = Math.floor(Math.log2(magnitude));
  if (2 ** exponent > magnitude) exponent--;
  if (2 ** (exponent + 1) <= magnitude) exponent++;
  return 2 ** (exponent - 23);
}

/**
 * The bound of a recorded case, the same for every backend: in float32 twice PyTorch's own error or 8 ulp of the largest
 * value, whichever is larger; in float64 1e-12, relative above 1.
 *
 * @param torchError  the largest error of PyTorch's float32 result, recorded with the case
 * @param subnormals  whether the backend keeps subnormal numbers
 */
export function recordedBound(
  dtype: DType,
  expected: ArrayLike<number>,
  torchError: number | undefined,
  subnormals = true,
): Bound {
  if (dtype === 'float64') return (value) => 1e-12 * Math.max(1, Math.abs(value));
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const magnitude = Math.abs(expected[i]!);
    if (magnitude > largest && magnitude < Infinity) largest = magnitude;
  }
  const bound = Math.max(2 * (torchError ?? 0), 8 * ulp32(largest, subnormals));
  return () => bound;
}

/**
 * The same for a gradient, in float32 four times PyTorch's own error: the forward pass may lose twice as much, and so
 * may the backward pass.
 */
export const gradientBound = (
  dtype: DType,
  expected: ArrayLike<number>,
  torchError: number | undefined,
  subnormals = true,
): Bound => recordedBound(dtype, expected, torchError === undefined ? undefined : 2 * torchError, subnormals);

/** The bound at 1, which is where float64's begins to be relative. */
export const boundText = (bound: Bound): string => bound(1).toExponential(2);
