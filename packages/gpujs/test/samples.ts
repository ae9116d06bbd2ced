import { tensor } from '../src/index.ts';

/** Devices by name. */
export type Device = 'webgpu' | 'webgl2' | 'webgl' | 'webasm' | 'cpu';

export const sizes = { inputSize: 3, hiddenSize: 5, numLayers: 2, bidirectional: true } as const;

/** Numbers in (−1, 1), the same for the same shape. */
export const input = (...shape: number[]) => {
  const length = shape.reduce((size, n) => size * n, 1);
  return tensor(
    Float32Array.from({ length }, (_, i) => Math.sin(12.9898 * (i + 1))),
    shape,
  );
};

/** The largest distance between elements of the same place, and the largest magnitude of the second. */
export function compare(got: ArrayLike<number>, expected: ArrayLike<number>) {
  let [difference, scale] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(got[i]! - expected[i]!));
    scale = Math.max(scale, Math.abs(expected[i]!));
  }
  return { difference, scale };
}
