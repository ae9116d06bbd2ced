import { listOf, type Resolved, type Rule } from '@congruent/runtime';
import { Optimizer, type UpdateRule } from './optimizer.ts';
import { nonNegative, rate, resolve } from './option-rules.ts';
import { roundingOf } from './rounding.ts';
import { decoupled, l2, type WeightDecay } from './weight-decay.ts';

/** Options of `Adam` and `AdamW`: torch's. */
export interface AdamOptions {
  /** Learning rate. Default: 1e-3. */
  readonly lr?: number | undefined;
  /** How much the averages of the gradient and of its square keep at each step, from 0 to below 1. Default: [0.9, 0.999]. */
  readonly betas?: readonly [number, number] | undefined;
  /** Added to the denominator. Default: 1e-8. */
  readonly eps?: number | undefined;
  /** How strongly parameters are drawn to 0. Default: 0 for `Adam`, 1e-2 for `AdamW`. */
  readonly weightDecay?: number | undefined;
}

/**
 * torch.optim.Adam. For each element x of a parameter with the gradient g, at the parameter's t-th step:
 *
 *     g' = g + weightDecay·x
 *     m  = β₁m + (1 − β₁)g'          v  = β₂v + (1 − β₂)g'²
 *     x' = x − lr/(1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + eps)
 *
 * @example
 * const optimizer = new Adam({ lr: 0.01 });
 * gru.loadStateDict(optimizer.step(gru.stateDict(), gradients));
 * @see https://pytorch.org/docs/stable/generated/torch.optim.Adam.html
 */
export class Adam extends Optimizer {
  /** @throws CONGRUENT_OPTION when an option is unknown or out of range */
  constructor(options: AdamOptions = {}) {
    const { lr, weightDecay, ...rest } = adamOptions('Adam', options, 0);
    super('Adam', lr, adamRule(rest, l2(weightDecay)));
  }
}

/**
 * torch.optim.AdamW: Adam with the decay beside the gradient. x(1 − lr·weightDecay) takes the place of x, and g' is g.
 *
 * @example
 * const optimizer = new AdamW({ lr: 0.01, weightDecay: 0.05 });
 * @see https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html
 */
export class AdamW extends Optimizer {
  /** @throws CONGRUENT_OPTION when an option is unknown or out of range */
  constructor(options: AdamOptions = {}) {
    const { lr, weightDecay, ...rest } = adamOptions('AdamW', options, 1e-2);
    super('AdamW', lr, adamRule(rest, decoupled(weightDecay)));
  }
}

const BETAS: Rule = {
  fallback: [0.9, 0.999],
  accepts(value) {
    const betas = listOf(value);
    return betas?.length === 2 && betas.every((beta) => typeof beta === 'number' && beta >= 0 && beta < 1);
  },
  expected: 'two numbers from 0 to below 1',
  torch: 'Invalid beta parameter',
};

const adamOptions = (where: string, given: AdamOptions, weightDecay: number): Resolved<AdamOptions> =>
  resolve(
    where,
    {
      lr: rate(1e-3),
      betas: BETAS,
      eps: nonNegative('Invalid epsilon value', 1e-8),
      weightDecay: nonNegative('Invalid weight_decay value', weightDecay),
    },
    given,
  ) as Resolved<AdamOptions>;

/** The operations are torch's, in its order, each rounded to the parameter's type. */
function adamRule(
  { betas: [beta1, beta2], eps }: Pick<Resolved<AdamOptions>, 'betas' | 'eps'>,
  weightDecay: WeightDecay,
): UpdateRule {
  return {
    moments: ['exp_avg', 'exp_avg_sq'],
    update({ parameter: given, gradient: slope, moments: [before1, before2], step, lr }) {
      const f = roundingOf(given);
      const [kept1, kept2, added1, added2, epsilon] = [beta1, beta2, 1 - beta1, 1 - beta2, eps].map(f) as Five;
      const size = f(-lr / (1 - power(beta1, step)));
      const correction = f(Math.sqrt(1 - power(beta2, step)));
      const [decayed, gradient] = weightDecay(given, slope, lr);
      const parameter = decayed.slice();
      const first = before1!.slice();
      const second = before2!.slice();
      for (let i = 0; i < parameter.length; i++) {
        const g = gradient[i]!;
        const m = f(f(kept1 * first[i]!) + f(added1 * g));
        const v = f(f(kept2 * second[i]!) + f(f(added2 * g) * g));
        const denominator = f(f(f(Math.sqrt(v)) / correction) + epsilon);
        first[i] = m;
        second[i] = v;
        parameter[i] = decayed[i]! + f(f(size * m) / denominator);
      }
      return { parameter, moments: [first, second] };
    },
  };
}

type Five = [number, number, number, number, number];

/** base^exponent for an integer exponent > 0, by squaring: the last bits of Math.pow differ between engines. */
function power(base: number, exponent: number): number {
  let result = 1;
  for (let [square, left] = [base, exponent]; left > 0; square *= square, left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square;
  }
  return result;
}
