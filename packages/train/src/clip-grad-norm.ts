import type { Rule, Tensor } from '@congruent/runtime';
import { resolve } from './option-rules.ts';
import { roundingOf } from './rounding.ts';
import { checkTensors } from './tensor-records.ts';

/** Options of `clipGradNorm`. */
export interface ClipGradNormOptions {
  /** What the norm is to be at most; Infinity only measures. */
  readonly maxNorm: number;
}

/** What `clipGradNorm` gives. */
export interface ClippedGradients<K extends string = string> {
  /** The norm before clipping. */
  readonly totalNorm: number;
  /** The gradients after it, in fresh tensors. */
  readonly gradients: Record<K, Tensor>;
}

/** torch's, against division by 0. */
const EPSILON = 1e-6;

const MAX_NORM: Rule = {
  accepts: (value) => typeof value === 'number' && value >= 0,
  expected: 'a number ≥ 0',
};

/**
 * Scales gradients down where their norm, taken over all of them as one vector, is above `maxNorm`:
 * torch.nn.utils.clip_grad_norm_, but in fresh tensors. Each is multiplied by min(1, maxNorm / (norm + 1e-6)).
 *
 * The norm is computed in float64 for float32 gradients too, so only squares beyond float64 overflow or vanish. As in torch,
 * a NaN among the gradients makes all of them NaN, and an infinity makes zeros of the finite ones.
 *
 * @param gradients  by name, e.g. `(await pullback(…)).parameters`; not modified
 * @throws CONGRUENT_OPTION for `maxNorm`; CONGRUENT_STATE_DICT, CONGRUENT_SHAPE, CONGRUENT_DTYPE for gradients that are no tensors
 * @example
 * const { totalNorm, gradients } = clipGradNorm({ x: tensor([3, 4]) }, { maxNorm: 1 });
 * totalNorm; // 5
 * gradients.x.data; // 0.6 and 0.8, but for 1e-6
 * @see https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html
 */
export function clipGradNorm<K extends string>(
  gradients: Readonly<Record<K, Tensor>>,
  options: ClipGradNormOptions,
): ClippedGradients<K> {
  const { maxNorm } = resolve('clipGradNorm', { maxNorm: MAX_NORM }, options) as unknown as ClipGradNormOptions;
  const given = [...checkTensors('clipGradNorm: gradients', gradients)];
  let squares = 0;
  for (const [, { data }] of given) for (const g of data) squares += g * g;
  const totalNorm = Math.sqrt(squares);
  const factor = Math.min(1, maxNorm / (totalNorm + EPSILON));
  const clipped = given.map(([name, { data, shape }]): [string, Tensor] => {
    const rounded = roundingOf(data)(factor);
    return [name, { data: data.map((g) => rounded * g), shape: [...shape] }];
  });
  return { totalNorm, gradients: Object.fromEntries(clipped) as Record<K, Tensor> };
}
