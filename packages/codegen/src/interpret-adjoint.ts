import type { Arithmetic } from './arithmetic.ts';
import type { Program } from './compile.ts';
import { type Environment, Evaluator, total, type Value } from './interpret.ts';
import { definitionsOf } from './stages.ts';

/** A cell with its parameters, forwards and backwards, one row at a time: the reference for every backend's gradients. */
export interface AdjointInterpreter<V> {
  /** One step: the next states, and what a step backwards reads of this one; from inputs and states, all by name. */
  forward(operands: Environment<V>): { readonly states: Environment<V>; readonly kept: Environment<V> };
  /**
   * The same step backwards.
   *
   * @param kept    what `forward` gave
   * @param output  the adjoint of the step's output
   * @param states  the adjoints of its next states, from the step after it, by the states' names
   * @returns the adjoints of the states before the step and of the inputs, and what the row adds to the parameters'
   */
  backward(kept: Environment<V>, output: Value<V>, states: Environment<V>): AdjointRow<V>;
  /** The gradients of the parameters, by block, from the rows of all steps in the order of the sequence. */
  gradients(rows: readonly Environment<V>[]): Environment<V>;
}

export interface AdjointRow<V> {
  readonly states: Environment<V>;
  readonly inputs: Environment<V>;
  readonly row: Environment<V>;
}

/** Evaluates a program's backward pass in the order of its schedule. */
export function adjointInterpreter<V>(
  program: Program,
  arithmetic: Arithmetic<V>,
  parameters: Environment<V>,
): AdjointInterpreter<V> {
  const { adjoint, forward, prepare, step, after, sums, finish } = program.adjoint;
  const { inputs, states } = forward.cell;
  const evaluator = new Evaluator(arithmetic, program.functions[arithmetic.dtype]);
  const prepared = evaluator.evaluate(definitionsOf(forward.prepare), parameters);
  const needed = evaluator.evaluate(definitionsOf(prepare), parameters);
  const take = (names: readonly string[], from: Environment<V>): Environment<V> =>
    Object.fromEntries(names.map((name) => [name, from[name]!]));
  const sum = (rows: readonly Environment<V>[], adjoint: string, operand: string | undefined): Value<V> => {
    const column = (name: string, index: number): readonly V[] =>
      rows.map((row) => (row[name] as readonly V[])[index]!);
    const first = rows[0]![adjoint]!;
    if (!Array.isArray(first))
      return total(
        arithmetic,
        rows.map((row) => row[adjoint] as V),
      );
    return (first as readonly V[]).map((_, i) => {
      if (operand === undefined) return total(arithmetic, column(adjoint, i));
      const lefts = column(adjoint, i);
      return (rows[0]![operand] as readonly V[]).map((__, k) => arithmetic.dot(lefts, column(operand, k)));
    }) as Value<V>;
  };
  return {
    forward(operands) {
      const values = evaluator.evaluate(definitionsOf([...forward.before, ...forward.step]), {
        ...prepared,
        ...operands,
      });
      return {
        states: Object.fromEntries(states.map(({ name }) => [name, values[`${name}'`]!])),
        kept: take(
          [...inputs, ...adjoint.kept].map(({ name }) => name),
          values,
        ),
      };
    },
    backward(kept, output, later) {
      const incoming = adjoint.states.map(({ state, incoming }) => [incoming.name, later[state.name]!]);
      const row = evaluator.evaluate(definitionsOf([...step, ...after]), {
        ...needed,
        ...kept,
        [adjoint.output.name]: output,
        ...Object.fromEntries(incoming),
      });
      return {
        states: Object.fromEntries(adjoint.states.map(({ state, outgoing }) => [state.name, row[outgoing.name]!])),
        inputs: Object.fromEntries(inputs.map(({ name }) => [name, row[adjoint.gradients.get(name)!]!])),
        row,
      };
    },
    gradients(rows) {
      const summed = sums.flatMap(({ operand, blocks }) =>
        blocks.map((block) => [block.name, sum(rows, block.adjoint.name, operand?.name)]),
      );
      const values = evaluator.evaluate(finish, { ...needed, ...Object.fromEntries(summed) });
      const names = forward.cell.parameters.map(({ name }) => name);
      return Object.fromEntries(names.map((name) => [name, values[adjoint.gradients.get(name)!]!]));
    },
  };
}
