import type { PackedSequence, Tensor } from '../src/index.ts';

/** What a call gives, and how much each element of it counts. */
export interface Weighted {
  readonly result: Tensor | PackedSequence;
  readonly weight: Tensor | PackedSequence;
}

const flat = (value: Tensor | PackedSequence): Tensor => ('batchSizes' in value ? value.data : value);

/** The sum of all elements, each times its weight. */
export const lossOf = (results: readonly Weighted[]): number =>
  results.reduce((loss, { result, weight }) => {
    const weights = flat(weight).data;
    return [...flat(result).data].reduce((sum, value, i) => sum + value * weights[i]!, loss);
  }, 0);

/**
 * The slopes of a loss with respect to each element of a tensor. The linear backend's results are of first degree in
 * any one of them, so a difference over any distance is exact, but for rounding.
 */
export async function slopesOf(tensor: Tensor, loss: (moved: Tensor) => Promise<number>): Promise<number[]> {
  const slopes: number[] = [];
  for (const i of tensor.data.keys()) {
    const moved = (by: number): Tensor => ({
      ...tensor,
      data: tensor.data.map((value, k) => (k === i ? value + by : value)),
    });
    slopes.push(((await loss(moved(1))) - (await loss(moved(-1)))) / 2);
  }
  return slopes;
}
