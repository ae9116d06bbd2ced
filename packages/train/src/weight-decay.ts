import type { FloatArray } from '@congruent/runtime';
import { roundingOf } from './rounding.ts';

/** Parameter and gradient as the update proper takes them; what it changes is a copy. */
export type WeightDecay = (
  parameter: FloatArray,
  gradient: FloatArray,
  lr: number,
) => readonly [FloatArray, FloatArray];

/** The gradient of λ/2·‖x‖² on top of the loss's, as in torch's Adam and SGD: g + λx. */
export const l2 =
  (weightDecay: number): WeightDecay =>
  (parameter, gradient) => {
    if (weightDecay === 0) return [parameter, gradient]; // 0·∞ is NaN
    const f = roundingOf(parameter);
    const lambda = f(weightDecay);
    return [parameter, gradient.map((g, i) => g + f(lambda * parameter[i]!))];
  };

/** Decay beside the gradient, which an adaptive step size doesn't scale, as in torch's AdamW: x(1 − lr·λ). */
export const decoupled =
  (weightDecay: number): WeightDecay =>
  (parameter, gradient, lr) => {
    const kept = roundingOf(parameter)(1 - lr * weightDecay);
    return [parameter.map((x) => kept * x), gradient];
  };
