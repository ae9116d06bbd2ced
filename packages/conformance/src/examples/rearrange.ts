import type { FloatArray, Tensor } from '@congruent/runtime';

/** Rows along the second dimension, in the given order: a batch permuted, or a part of it. */
export function takeBatch({ data, shape }: Tensor, order: readonly number[]): Tensor {
  const [first, batch, width] = shape as readonly [number, number, number];
  return build([first, order.length, width], data, (i, j, k) => (i * batch + order[j]!) * width + k);
}

/** Rows along the first dimension, in the given order: steps reversed, or a part of them. */
export function takeSteps({ data, shape }: Tensor, order: readonly number[]): Tensor {
  const [, batch, width] = shape as readonly [number, number, number];
  return build([order.length, batch, width], data, (i, j, k) => (order[i]! * batch + j) * width + k);
}

/** The features from `from` to `to`: one direction of an output. */
export function takeFeatures({ data, shape }: Tensor, from: number, to: number): Tensor {
  const [steps, batch, width] = shape as readonly [number, number, number];
  return build([steps, batch, to - from], data, (i, j, k) => (i * batch + j) * width + from + k);
}

/** [T, B, features] as [B, T, features], and back. */
export function swapped({ data, shape }: Tensor): Tensor {
  const [first, second, width] = shape as readonly [number, number, number];
  return build([second, first, width], data, (i, j, k) => (j * second + i) * width + k);
}

export const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

function build(
  shape: readonly [number, number, number],
  source: FloatArray,
  from: (i: number, j: number, k: number) => number,
): Tensor {
  const data: number[] = [];
  const [first, second, width] = shape;
  for (let i = 0; i < first; i++) {
    for (let j = 0; j < second; j++) for (let k = 0; k < width; k++) data.push(source[from(i, j, k)]!);
  }
  return { data: source instanceof Float64Array ? Float64Array.from(data) : Float32Array.from(data), shape };
}
