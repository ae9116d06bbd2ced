import { compile } from '@congruent/codegen';
import { gru } from '@congruent/spec';
import type { Work } from './works.ts';

/** What the forward pass of one layer and direction leaves behind for the way back, as the schedule has it. */
export interface Kept {
  /** The inputs and the values that are recorded, by the names of the equations. */
  readonly names: readonly string[];
  /** Numbers of one row of one step. */
  readonly numbersPerRow: number;
  /** Bytes of one step of the batch, in float32. */
  readonly bytesPerStep: number;
}

export function keptBy({ batch, inputSize, hiddenSize }: Work): Kept {
  const { adjoint, forward } = compile(gru).adjoint;
  const kept = [...forward.cell.inputs, ...adjoint.kept];
  const sizes = new Map([
    ['I', inputSize],
    ['H', hiddenSize],
  ]);
  const numbers = kept.map(({ shape }) => shape.reduce((product, size) => product * sizes.get(size)!, 1));
  const numbersPerRow = numbers.reduce((sum, each) => sum + each, 0);
  return { names: kept.map(({ name }) => name), numbersPerRow, bytesPerStep: 4 * batch * numbersPerRow };
}
