import {
  CongruentError,
  checkTensor,
  describe,
  dtypeOf,
  listOf,
  type Rule,
  shapeText,
  type Tensor,
  zeros,
} from '@congruent/runtime';
import { exp, log } from './exponential.ts';
import { type LossResult, REDUCTION, type Reduction, weightOf } from './loss.ts';
import { resolve } from './option-rules.ts';

/** Options of `crossEntropy`: torch's. */
export interface CrossEntropyOptions {
  /** Default: `mean`, over the rows. */
  readonly reduction?: Reduction | undefined;
  /** Share of the target, 0 to 1, that is spread evenly over all classes. Default: 0. */
  readonly labelSmoothing?: number | undefined;
}

const LABEL_SMOOTHING: Rule = {
  fallback: 0,
  accepts: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  expected: 'a number from 0 to 1',
  torch: 'label_smoothing must be between 0.0 and 1.0',
};

/**
 * The cross entropy of logits and classes, torch.nn.functional.cross_entropy: the mean or the sum over the rows of
 * log Σ exp(x_c) − x_target. The largest logit of a row is subtracted first, so that nothing overflows.
 *
 * It is computed in float64, to the same bits in every engine; the gradient (softmax(x) − onehot(target))/N is
 * rounded once to its type.
 *
 * @param logits   x [N, C]; not modified. For [T, B, C] give the same data as [T·B, C]
 * @param targets  the class of each row, N integers from 0 to C − 1, in an array or a typed array
 * @returns the loss, and its gradient by `logits`
 * @throws LOSS_TARGET for targets that are no classes, or not one for each row
 * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE, CONGRUENT_OPTION
 * @example
 * const { loss, gradient } = crossEntropy(tensor([0, 0], [1, 2]), [1]);
 * loss; // log 2 = 0.6931471805599453
 * gradient.data; // Float32Array [ 0.5, -0.5 ]
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html
 */
export function crossEntropy(
  logits: Tensor,
  targets: ArrayLike<number>,
  options: CrossEntropyOptions = {},
): LossResult {
  const { reduction, labelSmoothing } = resolve(
    'crossEntropy',
    { reduction: REDUCTION, labelSmoothing: LABEL_SMOOTHING },
    options,
  ) as { reduction: Reduction; labelSmoothing: number };
  const { data, shape } = checkTensor('crossEntropy: logits', logits);
  const [rows, classes] = checkLogits(shape);
  const targetOf = readTargets(targets, rows, classes);

  const weight = weightOf(reduction, rows);
  const spread = labelSmoothing / classes;
  const gradient = zeros(dtypeOf(data), data.length);
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    const x = new Float64Array(data.subarray(start, start + classes));
    const target = targetOf[row]!;
    const largest = x.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
    const sum = x.reduce((part, logit) => part + exp(logit - largest), 0);
    const logSum = largest + log(sum);
    loss += (1 - labelSmoothing) * (logSum - x[target]!);
    // Not with 0 · (log Σ − x), which is NaN for a class that cannot be.
    if (spread > 0) loss += x.reduce((part, logit) => part + spread * (logSum - logit), 0);
    for (let c = 0; c < classes; c++) {
      const wanted = spread + (c === target ? 1 - labelSmoothing : 0);
      gradient[start + c] = weight * (exp(x[c]! - largest) / sum - wanted);
    }
  }
  return { loss: weight * loss, gradient: { data: gradient, shape: [...shape] } };
}

function checkLogits(shape: readonly number[]): readonly [number, number] {
  if (shape.length !== 2 || shape[1] === 0) {
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `crossEntropy: logits must be [N, C] with C at least 1, got ${shapeText(shape)}. ` +
        'For more dimensions give the same data with all but the last as one.',
    );
  }
  return shape as [number, number];
}

/** A copy, but of typed arrays. */
function readTargets(targets: unknown, rows: number, classes: number): ArrayLike<number> {
  const isTyped = ArrayBuffer.isView(targets) && 'length' in targets;
  const given = isTyped ? (targets as unknown as ArrayLike<unknown>) : listOf(targets);
  if (!given) refuse(`the targets must be an array of integers, got ${describe(targets)}`);
  if (given.length !== rows) {
    refuse(`Expected input batch_size (${rows}) to match target batch_size (${given.length})`);
  }
  for (let row = 0; row < rows; row++) {
    const target = given[row];
    if (!Number.isInteger(target) || (target as number) < 0 || (target as number) >= classes) {
      refuse(`Target ${describe(target)} is out of bounds, in row ${row}`);
    }
  }
  return given as ArrayLike<number>;

  function refuse(problem: string): never {
    throw new CongruentError(
      'LOSS_TARGET',
      `crossEntropy: ${problem}. Give one class for each row of the logits, an integer from 0 to ${classes - 1}.`,
    );
  }
}
