import type { DType } from '@congruent/codegen';
import { type Dimensions, type FloatArray, widthOf } from '@congruent/runtime';
import { type Cell, termsOf } from '@congruent/spec';
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
    variables.map((variable) => array(count * widthOf(variable, dimensions)));
  const sizes = new Map(cell.parameters.map((parameter) => [parameter.name, widthOf(parameter, dimensions)]));
  const tensors = cell.tensors.map(({ name, blocks }): [string, FloatArray] => [
    name,
    array(blocks.reduce((length, block) => length + sizes.get(block.name)!, 0)),
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

/** A length for each named dimension of a cell. */
function dimensionsOf({ inputs, states, parameters, outputs }: Cell, lengths: readonly number[]): Dimensions {
  const names = new Set([...inputs, ...states, ...parameters, ...outputs].flatMap(({ shape }) => shape));
  const terms = new Set([...names].flatMap(termsOf));
  const named = [...terms].filter((length) => typeof length === 'string');
  return Object.fromEntries(named.map((name, index) => [name, lengths[index]!]));
}
