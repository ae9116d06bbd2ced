import type { Rule, Tensor } from '@congruent/runtime';
import { oneOf } from './option-rules.ts';

/** What a loss function gives. */
export interface LossResult {
  readonly loss: number;
  /** Of the loss, by the function's first operand: a fresh tensor of its shape and type. */
  readonly gradient: Tensor;
}

/** How the losses of rows or elements become one: their mean, or their sum. */
export type Reduction = 'mean' | 'sum';

export const REDUCTION: Rule = oneOf(['mean', 'sum'], 'mean', 'is not a valid value for reduction');

/** What each of `count` losses counts. With none of them the mean is 0/0, NaN as in torch. */
export const weightOf = (reduction: Reduction, count: number): number => (reduction === 'mean' ? 1 / count : 1);
