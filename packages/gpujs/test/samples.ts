import { numbers } from '../../../tools/testing/numbers.ts';
import { type GRU, tensor } from '../src/index.ts';

/** Devices by name, those of graphics interfaces apart. */
export type Graphics = 'webgpu' | 'webgl2' | 'webgl';
export type Device = Graphics | 'webasm' | 'cpu';

export const sizes = { inputSize: 3, hiddenSize: 5, numLayers: 2, bidirectional: true } as const;

/** Numbers in (−1, 1), the same for the same shape. */
export const input = (...shape: number[]) =>
  tensor(
    numbers(
      'float32',
      shape.reduce((size, n) => size * n, 1),
    ),
    shape,
  );

/** A forward pass and two ways back; the gradients of the second. */
export async function round(gru: (typeof GRU)['prototype'], ...shape: number[]) {
  const { output, hn, pullback } = await gru.vjp(input(...shape));
  using back = pullback;
  await back({ output, hn });
  return await back({ output });
}
