import { CongruentError, flag, type Resolved } from '@congruent/runtime';
import { Optimizer, type UpdateRule } from './optimizer.ts';
import { nonNegative, rate, resolve } from './option-rules.ts';
import { roundingOf } from './rounding.ts';
import { l2 } from './weight-decay.ts';

/** Options of `SGD`: torch's. */
export interface SGDOptions {
  /** Learning rate. Default: 1e-3. */
  readonly lr?: number | undefined;
  /** How much of the step before is kept. Default: 0, plain gradient descent. */
  readonly momentum?: number | undefined;
  /** How much less than the whole gradient is added to the momentum, after the first step. Default: 0. */
  readonly dampening?: number | undefined;
  /** How strongly parameters are drawn to 0. Default: 0. */
  readonly weightDecay?: number | undefined;
  /** Nesterov's momentum; needs a momentum and no dampening. Default: false. */
  readonly nesterov?: boolean | undefined;
}

/**
 * torch.optim.SGD. For each element x of a parameter with the gradient g:
 *
 *     g' = g + weightDecay·x
 *     b  = g' at the first step, then momentum·b + (1 − dampening)g'
 *     x' = x − lr·b          with nesterov: x − lr(g' + momentum·b)          without momentum: x − lr·g'
 *
 * @example
 * const optimizer = new SGD({ lr: 0.1, momentum: 0.9, nesterov: true });
 * @see https://pytorch.org/docs/stable/generated/torch.optim.SGD.html
 */
export class SGD extends Optimizer {
  /** @throws CONGRUENT_OPTION when an option is unknown or out of range, or nesterov has no momentum or dampening */
  constructor(options: SGDOptions = {}) {
    const { lr, ...rest } = sgdOptions(options);
    super('SGD', lr, rest.momentum === 0 ? plainRule(rest) : momentumRule(rest));
  }
}

function sgdOptions(given: SGDOptions): Resolved<SGDOptions> {
  const options = resolve(
    'SGD',
    {
      lr: rate(1e-3),
      momentum: nonNegative('Invalid momentum value', 0),
      dampening: { fallback: 0, accepts: Number.isFinite, expected: 'a number' },
      weightDecay: nonNegative('Invalid weight_decay value', 0),
      nesterov: flag(false),
    },
    given,
  ) as Resolved<SGDOptions>;
  const { momentum, dampening, nesterov } = options;
  if (nesterov && (momentum === 0 || dampening !== 0)) {
    throw new CongruentError(
      'CONGRUENT_OPTION',
      `SGD: Nesterov momentum requires a momentum and zero dampening, got momentum ${momentum} and dampening ${dampening}. ` +
        'Give a momentum above 0 and no dampening, or leave nesterov out.',
    );
  }
  return options;
}

type RuleOptions = Omit<Resolved<SGDOptions>, 'lr'>;

function plainRule({ weightDecay }: RuleOptions): UpdateRule {
  const decay = l2(weightDecay);
  return {
    moments: [],
    update({ parameter: given, gradient: slope, lr }) {
      const f = roundingOf(given);
      const [parameter, gradient] = decay(given, slope, lr);
      const size = f(-lr);
      return { parameter: parameter.map((x, i) => x + f(size * gradient[i]!)), moments: [] };
    },
  };
}

function momentumRule({ momentum, dampening, weightDecay, nesterov }: RuleOptions): UpdateRule {
  const decay = l2(weightDecay);
  return {
    moments: ['momentum_buffer'],
    update({ parameter: given, gradient: slope, moments: [before], step, lr }) {
      const f = roundingOf(given);
      const [parameter, gradient] = decay(given, slope, lr);
      const [kept, added, size] = [momentum, 1 - dampening, -lr].map(f) as [number, number, number];
      const buffer = step === 1 ? gradient.slice() : gradient.map((g, i) => f(kept * before![i]!) + f(added * g));
      const direction = nesterov ? gradient.map((g, i) => g + f(kept * buffer[i]!)) : buffer;
      return { parameter: parameter.map((x, i) => x + f(size * direction[i]!)), moments: [buffer] };
    },
  };
}
