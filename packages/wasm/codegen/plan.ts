import type { FunctionIr, Program } from '@congruent/codegen';
import type { Lanes } from './lanes.ts';
import { arrayOf, type Layout, layoutOf, TRACE } from './layout.ts';
import { get, type Wat } from './wat.ts';

/** What the functions of a module are made from. Names are those of parameters, which hold the address of an array. */
export interface Plan {
  readonly program: Program;
  readonly lanes: Lanes;
  readonly layout: Layout;
  /** What the cell calls, for these lanes. */
  readonly functions: readonly FunctionIr[];
  readonly inputs: readonly string[];
  /** The inputs that the steps read themselves. */
  readonly carriedInputs: readonly string[];
  readonly states: readonly string[];
  /** The scratch arrays with a row for each row of a chunk. */
  readonly chunkArrays: readonly string[];
  readonly scratchArrays: readonly string[];
  /** Where the schedule keeps values: the array of what is recorded. */
  readonly trace: readonly string[];
}

export function planOf(program: Program, lanes: Lanes): Plan {
  const { cell, carried, kept } = program.schedule;
  const layout = layoutOf(program, lanes.bytes);
  const inputs = cell.inputs.map(({ name }) => arrayOf(name));
  return {
    program,
    lanes,
    layout,
    functions: program.functions[lanes.dtype],
    inputs,
    carriedInputs: inputs.filter((array) => carried.some(({ name }) => arrayOf(name) === array)),
    states: cell.states.map(({ name }) => arrayOf(name)),
    chunkArrays: layout.scratch.filter(({ per }) => per === 'chunk').map(({ name }) => name),
    scratchArrays: layout.scratch.map(({ name }) => name),
    trace: kept.length > 0 ? [TRACE] : [],
  };
}

/** The first arguments of `before`. */
export const beforeOperands = ({ layout, chunkArrays }: Plan): Wat[] =>
  [...layout.dimensions, 'weights', ...chunkArrays].map(get);

/** The first arguments of `advance`. */
export const advanceOperands = ({ layout, scratchArrays }: Plan): Wat[] =>
  [...layout.dimensions, 'weights', ...scratchArrays].map(get);
