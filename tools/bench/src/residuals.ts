import { compile } from '@congruent/codegen';
import { gru } from '@congruent/spec';
import type { Work } from './works.ts';

/** What the forward pass of one layer and direction leaves behind for the backward pass, as the schedule has it. */
export interface Residuals {
  /** The inputs and the values that are recorded, by the names of the equations. */
  readonly names: readonly string[];
  /** Numbers of one row of one step. */
  readonly numbersPerRow: number;
  /** Bytes of one step of the batch, in float32. */
  readonly bytesPerStep: number;
}

export function residualsOf({ batch, inputSize, hiddenSize }: Work): Residuals {
  const { inputs, residuals } = compile(gru).forward;
  const all = [...inputs, ...residuals];
  const sizes = new Map([
    ['I', inputSize],
    ['H', hiddenSize],
  ]);
  const numbers = all.map(({ shape }) => shape.reduce((product, size) => product * sizes.get(size)!, 1));
  const numbersPerRow = numbers.reduce((sum, each) => sum + each, 0);
  return { names: all.map(({ name }) => name), numbersPerRow, bytesPerStep: 4 * batch * numbersPerRow };
}
