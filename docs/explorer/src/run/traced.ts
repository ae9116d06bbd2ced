import type { Program } from '@congruent/codegen';
import type { Cell } from '@congruent/spec';

/** A cell that computes the same, every equation of which is an output: those of the cells that it calls, too. */
export const traced = ({ cell, ir }: Program): Cell => ({
  ...cell,
  outputs: ir.definitions.map(({ name, value }) => ({ name, shape: value.shape })),
});
