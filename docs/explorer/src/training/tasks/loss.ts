import { arrayOf, dtypeOf, type Tensor, zeros } from '@congruent/runtime';
import { crossEntropy, type LossResult, mseLoss } from '@congruent/train';
import type { Task } from './task.ts';

/**
 * The loss of a network's outputs, and its gradient by all of them: zero at steps that are not asked.
 *
 * @param output   [steps, sequences, outputs], of either element type
 * @param targets  those of the batch
 */
export function lossOf(
  { from, measure }: Pick<Task, 'from' | 'measure'>,
  { data, shape }: Tensor,
  targets: Float32Array,
): LossResult {
  const [, sequences = 0, outputs = 0] = shape;
  const before = from * sequences * outputs;
  const asked = { data: data.slice(before), shape: [data.length / outputs - from * sequences, outputs] };
  const { loss, gradient } =
    measure === 'classes'
      ? crossEntropy(asked, targets)
      : mseLoss(asked, { ...asked, data: arrayOf(dtypeOf(data)).from(targets) });
  const whole = zeros(dtypeOf(data), data.length);
  whole.set(gradient.data, before);
  return { loss, gradient: { data: whole, shape } };
}
