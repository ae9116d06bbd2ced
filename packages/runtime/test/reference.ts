import type { GRUOptions, Tensor } from '../src/index.ts';
import type { Resolved } from '../src/options/options.ts';

/**
 * One sequence through a stack of the linear backend's cells, h' = h / 2 + W x + b, written without the runtime.
 *
 * @param steps   x by step
 * @param h0      states by layer · directions + direction
 * @param masks   factors on a layer's output by layer, then by step
 */
export function reference(
  options: Resolved<GRUOptions>,
  dict: Readonly<Record<string, Tensor>>,
  steps: readonly (readonly number[])[],
  h0: readonly (readonly number[])[],
  masks: readonly (readonly (readonly number[])[])[] = [],
): { output: number[][]; hn: number[][] } {
  const suffixes = options.bidirectional ? ['', '_reverse'] : [''];
  const hn: number[][] = [];
  let below = steps.map((x) => [...x]);
  for (let layer = 0; layer < options.numLayers; layer++) {
    const above: number[][] = below.map(() => []);
    for (const [direction, suffix] of suffixes.entries()) {
      const W = dict[`weight_ih_l${layer}${suffix}`]!.data;
      const b = dict[`bias_ih_l${layer}${suffix}`]?.data;
      let h = [...h0[layer * suffixes.length + direction]!];
      const order = [...below.keys()];
      for (const t of direction === 1 ? order.reverse() : order) {
        const x = below[t]!;
        h = h.map((value, j) => x.reduce((sum, xi, i) => sum + W[j * x.length + i]! * xi, value / 2 + (b?.[j] ?? 0)));
        above[t]!.push(...h);
      }
      hn.push(h);
    }
    const mask = masks[layer];
    below = mask === undefined ? above : above.map((row, t) => row.map((value, j) => value * mask[t]![j]!));
  }
  return { output: below, hn };
}

/** Element [i, j, k] of a tensor of three dimensions. */
const at = ({ data, shape }: Tensor, i: number, j: number, k: number): number =>
  data[(i * shape[1]! + j) * shape[2]! + k]!;

/** The vector [i, j, :]. */
export const row = (t: Tensor, i: number, j: number): number[] =>
  Array.from({ length: t.shape[2]! }, (_, k) => at(t, i, j, k));

/** A float64 tensor of numbers that are all different and simple to tell apart. */
export function ramp(shape: readonly number[], scale = 1): Tensor {
  const length = shape.reduce((size, n) => size * n, 1);
  return { data: Float64Array.from({ length }, (_, i) => scale * (i + 1 - 0.7 * ((i * 7) % 5))), shape };
}
