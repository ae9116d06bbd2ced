import {
  type Arithmetic,
  compile,
  type Environment,
  type Interpreter,
  interpreter,
  type Program,
} from '@congruent/codegen';
import type { Cell } from '@congruent/spec';
import type { Kind } from '../kinds/kind.ts';
import type { Lengths } from '../kinds/sizes.ts';
import { type Block, blocksOf } from './blocks.ts';

/** A module's parameters as in its state dict. */
export type Parameters = Readonly<Record<string, { readonly data: ArrayLike<number> } | undefined>>;

type Vector<V> = readonly V[];

/** One layer in one direction by the interpreter: its one input, its one output, and its states in the cell's order. */
export interface StepCell<V> {
  forward(
    x: Vector<V>,
    states: readonly Vector<V>[],
  ): { readonly output: Vector<V>; readonly states: readonly Vector<V>[]; readonly residuals: Environment<V> };
  backward(
    residuals: Environment<V>,
    output: Vector<V>,
    states: readonly Vector<V>[],
  ): { readonly input: Vector<V>; readonly states: readonly Vector<V>[]; readonly row: Environment<V> };
  readonly gradients: Interpreter<V>['gradients'];
}

const programs = new Map<Cell, Program>();

/** Compiled once. */
function programOf(cell: Cell): Program {
  const program = programs.get(cell) ?? compile(cell);
  programs.set(cell, program);
  return program;
}

/** As torch names them, without suffixes: the first layout is torch's. */
export const tensorNames = ({ cell }: Kind): readonly string[] => cell.layouts[0]!.tensors.map(({ name }) => name);

/**
 * The parameters of one layer in one direction as the interpreter takes them; those that are missing are zeros.
 *
 * @param suffix  e.g. `_l0_reverse`
 * @param number  turns an element into the interpreter's kind of number
 */
export const stepBlocks = <V>(
  kind: Kind,
  parameters: Parameters,
  suffix: string,
  lengths: Lengths,
  number: (value: number) => V,
): Record<string, Block<V>> => {
  const tensors = tensorNames(kind).map((name) => [name, parameters[name + suffix]?.data] as const);
  return blocksOf(kind.cell, Object.fromEntries(tensors), lengths, number);
};

export function stepCell<V>(
  { cell }: Kind,
  arithmetic: Arithmetic<V>,
  blocks: Readonly<Record<string, Block<V>>>,
): StepCell<V> {
  const { forward, backward, gradients } = interpreter(programOf(cell), arithmetic, blocks);
  const [input, output] = [cell.inputs[0]!.name, cell.outputs[0]!.name];
  const named = (states: readonly Vector<V>[]): Environment<V> =>
    Object.fromEntries(cell.states.map(({ name }, index) => [name, states[index]!]));
  const inOrder = (states: Environment<V>): Vector<V>[] => cell.states.map(({ name }) => states[name] as Vector<V>);
  return {
    forward: (x, states) => {
      const step = forward({ [input]: x, ...named(states) });
      return { output: step.outputs[output] as Vector<V>, states: inOrder(step.states), residuals: step.residuals };
    },
    backward: (residuals, adjoint, states) => {
      const step = backward(residuals, { [output]: adjoint }, named(states));
      return { input: step.inputs[input] as Vector<V>, states: inOrder(step.states), row: step.row };
    },
    gradients,
  };
}
