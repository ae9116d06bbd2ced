import { compile } from '@congruent/codegen';
import { CELLS } from './cells.ts';
import { lengthOf, shapeIn } from './tensors.ts';
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

export function residualsOf(work: Work): Residuals {
  const { inputs, residuals } = compile(CELLS[work.cell].cell).forward;
  const all = [...inputs, ...residuals];
  const numbers = all.map(({ shape }) => lengthOf(shapeIn(work, 0, shape)));
  const numbersPerRow = numbers.reduce((sum, each) => sum + each, 0);
  return { names: all.map(({ name }) => name), numbersPerRow, bytesPerStep: 4 * work.batch * numbersPerRow };
}
