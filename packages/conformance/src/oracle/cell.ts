import { type Arithmetic, type Environment, interpreter, type Program } from '@congruent/codegen';
import type { Dimensions, FloatArray } from '@congruent/runtime';
import { blocksOf, stackedOf } from './blocks.ts';
import { rowOrder } from './row-order.ts';
import { putRow, rowOf, type Variables } from './row-values.ts';

/** One run of a cell over a packed sequence, and the adjoints that are fed back; everything in rows, row-major. */
export interface CellProblem {
  readonly dimensions: Dimensions;
  readonly batchSizes: readonly number[];
  readonly reverse: boolean;
  /** By layout name. */
  readonly parameters: Readonly<Record<string, FloatArray>>;
  readonly inputs: readonly FloatArray[];
  readonly states: readonly FloatArray[];
  readonly outputAdjoints: readonly FloatArray[];
  readonly stateAdjoints: readonly FloatArray[];
}

/** What the run gives, forwards and backwards, in the same order. */
export interface CellResult<V> {
  readonly outputs: readonly (readonly V[])[];
  readonly states: readonly (readonly V[])[];
  readonly inputAdjoints: readonly (readonly V[])[];
  readonly stateAdjoints: readonly (readonly V[])[];
  readonly parameters: Readonly<Record<string, readonly V[]>>;
}

/** A cell in any arithmetic, by the interpreter, one row at a time. */
export function cellOracle<V>(program: Program, arithmetic: Arithmetic<V>, problem: CellProblem): CellResult<V> {
  const { cell } = program;
  const { dimensions, batchSizes, reverse } = problem;
  const number = (value: number): V => arithmetic.constant(value);
  const run = interpreter(program, arithmetic, blocksOf(cell, problem.parameters, dimensions, number));
  const numbers = (arrays: readonly FloatArray[]): V[][] => arrays.map((array) => Array.from(array, number));
  const empty = (variables: Variables): V[][] => variables.map(() => []);
  const read = (arrays: readonly V[][], variables: Variables, row: number): Environment<V> =>
    rowOf(arrays, variables, dimensions, row);
  const put = (arrays: readonly V[][], variables: Variables, row: number, values: Environment<V>): void =>
    putRow(arrays, variables, dimensions, row, values);
  const order = rowOrder(batchSizes, reverse);
  const [inputs, states, outputs] = [numbers(problem.inputs), numbers(problem.states), empty(cell.outputs)];
  const residuals: Environment<V>[] = [];
  for (const { row, state } of order) {
    const step = run.forward({ ...read(inputs, cell.inputs, row), ...read(states, cell.states, state) });
    put(states, cell.states, state, step.states);
    put(outputs, cell.outputs, row, step.outputs);
    residuals[row] = step.residuals;
  }
  const [outputAdjoints, stateAdjoints] = [numbers(problem.outputAdjoints), numbers(problem.stateAdjoints)];
  const inputAdjoints = empty(cell.inputs);
  const rows: Environment<V>[] = [];
  for (const { row, state } of order.toReversed()) {
    const given = read(stateAdjoints, cell.states, state);
    const step = run.backward(residuals[row]!, read(outputAdjoints, cell.outputs, row), given);
    put(stateAdjoints, cell.states, state, step.states);
    put(inputAdjoints, cell.inputs, row, step.inputs);
    rows[row] = step.row;
  }
  const parameters = stackedOf(cell, run.gradients(rows));
  return { outputs, states, inputAdjoints, stateAdjoints, parameters };
}
