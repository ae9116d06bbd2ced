import type { Arithmetic } from './arithmetic.ts';
import type { Program } from './compile.ts';
import { type Environment, Evaluator, total, type Value } from './interpret.ts';
import type { CellIr, Reference } from './ir.ts';
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
  const { cell } = forward;
  const evaluatorOf = (values: Environment<V>): Evaluator<V> =>
    new Evaluator(arithmetic, program.functions[arithmetic.dtype], lengthsOf(cell, values));
  const early = evaluatorOf(parameters);
  const prepared = early.evaluate(definitionsOf(forward.prepare), parameters);
  const needed = early.evaluate(definitionsOf(prepare), parameters);
  return {
    forward(operands) {
      const definitions = definitionsOf([...forward.before, ...forward.step]);
      const values = early.evaluate(definitions, { ...prepared, ...operands });
      return {
        states: pick(cell.states, values, ({ name }) => `${name}'`),
        kept: pick([...cell.inputs, ...adjoint.kept], values),
      };
    },
    backward(kept, output, later) {
      const incoming = adjoint.states.map(({ state, incoming }) => [incoming.name, later[state.name]!]);
      const given = { ...needed, ...kept, [adjoint.output.name]: output, ...Object.fromEntries(incoming) };
      const evaluator = evaluatorOf({ ...parameters, ...kept, ...later });
      const row = evaluator.evaluate(definitionsOf([...step, ...after]), given);
      return {
        states: Object.fromEntries(adjoint.states.map(({ state, outgoing }) => [state.name, row[outgoing.name]!])),
        inputs: pick(cell.inputs, row, ({ name }) => adjoint.gradients.get(name)!),
        row,
      };
    },
    gradients(rows) {
      const summed = sums.flatMap(({ operand, blocks }) =>
        blocks.map((block) => [block.name, sumOf(arithmetic, rows, block.adjoint, operand)]),
      );
      const values = early.evaluate(finish, { ...needed, ...Object.fromEntries(summed) });
      return pick(cell.parameters, values, ({ name }) => adjoint.gradients.get(name)!);
    },
  };
}

/** The values of variables by their own names; `at`: the name a value has in the environment. */
const pick = <V>(
  variables: readonly Reference[],
  values: Environment<V>,
  at: (variable: Reference) => string = ({ name }) => name,
): Environment<V> => Object.fromEntries(variables.map((variable) => [variable.name, values[at(variable)]!]));

/** The lengths of the dimensions of those variables that have a value. */
function lengthsOf<V>({ inputs, states, parameters }: CellIr, values: Environment<V>): ReadonlyMap<string, number> {
  const lengths = new Map<string, number>();
  for (const { name, shape } of [...inputs, ...states, ...parameters]) {
    let value = values[name];
    for (const dimension of shape) {
      if (!Array.isArray(value)) break;
      lengths.set(dimension, value.length);
      [value] = value as readonly Value<V>[];
    }
  }
  return lengths;
}

/** `Σ adjoint`, or `Σ outer(adjoint, operand)`, over the rows. */
function sumOf<V>(
  arithmetic: Arithmetic<V>,
  rows: readonly Environment<V>[],
  adjoint: Reference,
  operand: Reference | undefined,
): Value<V> {
  if (adjoint.shape.length === 0) {
    return total(
      arithmetic,
      rows.map((row) => row[adjoint.name] as V),
    );
  }
  const columns = ({ name }: Reference): readonly (readonly V[])[] => {
    const vectors = rows.map((row) => row[name] as readonly V[]);
    return vectors[0]!.map((_, index) => vectors.map((vector) => vector[index]!));
  };
  const lefts = columns(adjoint);
  if (operand === undefined) return lefts.map((left) => total(arithmetic, left));
  const rights = columns(operand);
  return lefts.map((left) => rights.map((right) => arithmetic.dot(left, right)));
}
