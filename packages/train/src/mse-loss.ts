import { CongruentError, checkTensor, dtypeOf, shapeText, type Tensor } from '@congruent/runtime';
import { type LossResult, REDUCTION, type Reduction, weightOf } from './loss.ts';
import { resolve } from './option-rules.ts';

/** Options of `mseLoss`. */
export interface MSELossOptions {
  /** Default: `mean`, over all elements. */
  readonly reduction?: Reduction | undefined;
}

/**
 * The mean squared error, torch.nn.functional.mse_loss: the mean or the sum of (x − y)².
 *
 * The loss is computed in float64; the gradient 2(x − y)/n is rounded once to its type.
 *
 * @param input   x, of any shape; not modified
 * @param target  y, of the same shape and type; not modified
 * @returns the loss, and its gradient by `input`
 * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE, CONGRUENT_OPTION
 * @example
 * const { loss, gradient } = mseLoss(tensor([1, 5]), tensor([1, 2]));
 * loss; // 4.5
 * gradient.data; // Float32Array [ 0, 3 ]
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.mse_loss.html
 */
export function mseLoss(input: Tensor, target: Tensor, options: MSELossOptions = {}): LossResult {
  const { reduction } = resolve('mseLoss', { reduction: REDUCTION }, options) as { reduction: Reduction };
  const { data, shape } = checkTensor('mseLoss: input', input);
  const wanted = checkTensor('mseLoss: target', target, dtypeOf(data));
  if (shapeText(wanted.shape) !== shapeText(shape)) {
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `mseLoss: Using a target size (torch.Size(${shapeText(wanted.shape)})) that is different to the input size ` +
        `(torch.Size(${shapeText(shape)})). Nothing is broadcast; give a target of the input's shape.`,
    );
  }
  const weight = weightOf(reduction, data.length);
  let sum = 0;
  const gradient = data.map((x, i) => {
    const difference = x - wanted.data[i]!;
    sum += difference * difference;
    return 2 * weight * difference;
  });
  return { loss: weight * sum, gradient: { data: gradient, shape: [...shape] } };
}
