import type { DType } from '@congruent/codegen';
import type { Dimensions, FloatArray } from '@congruent/runtime';
import type { Cell } from '@congruent/spec';
import type { CellProblem } from '../oracle/cell.ts';
import { fill, tensorSeed } from '../vectors/fill.ts';

/** A run of a cell over numbers that follow from its shapes, which get these lengths in order. */
export function problemOf(
  cell: Cell,
  dtype: DType,
  lengths: readonly number[],
  batchSizes: readonly number[],
  reverse: boolean,
): CellProblem {
  const dimensions = dimensionsOf(cell, lengths);
  const rows = batchSizes.reduce((sum, size) => sum + size, 0);
  let ordinal = 0;
  const array = (length: number): FloatArray => fill(tensorSeed(7, ordinal++), length, 1, dtype);
  const each = (variables: Cell['inputs'], count: number): FloatArray[] =>
    variables.map(({ shape }) => array(shape.reduce((length, name) => length * dimensions[name]!, count)));
  const shapes = new Map(cell.parameters.map(({ name, shape }) => [name, shape]));
  const tensors = (cell.layouts.at(0)?.tensors ?? []).map(({ name, blocks }): [string, FloatArray] => [
    name,
    array(
      blocks.reduce(
        (length, block) => length + shapes.get(block.name)!.reduce((of, key) => of * dimensions[key]!, 1),
        0,
      ),
    ),
  ]);
  return {
    dimensions,
    batchSizes,
    reverse,
    parameters: Object.fromEntries(tensors),
    inputs: each(cell.inputs, rows),
    states: each(cell.states, batchSizes[0]!),
    outputAdjoints: each(cell.outputs, rows),
    stateAdjoints: each(cell.states, batchSizes[0]!),
  };
}

/** A length for each dimension of a cell. */
function dimensionsOf({ inputs, states, parameters, outputs }: Cell, lengths: readonly number[]): Dimensions {
  const names = new Set([...inputs, ...states, ...parameters, ...outputs].flatMap(({ shape }) => shape));
  return Object.fromEntries([...names].map((name, index) => [name, lengths[index]!]));
}
