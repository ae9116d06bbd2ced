import type { Program } from '../compile.ts';
import type { Reference } from '../ir/expression.ts';
import { definitionsIn, type Schedule, sectionsOf, stagesIn } from '../schedule/schedule.ts';
import type { Arithmetic } from './arithmetic.ts';
import { type Environment, Evaluator, type Value } from './evaluator.ts';

/** A cell with its parameters, forwards and backwards, one row at a time: the reference for every backend. */
export interface Interpreter<V> {
  /** One step: the next states by the states' names, its outputs, and what a step backwards reads of it. */
  forward(operands: Environment<V>): ForwardRow<V>;
  /**
   * The same step backwards.
   *
   * @param residuals  what `forward` gave
   * @param outputs    the adjoints of the step's outputs, by the outputs' names
   * @param states     the adjoints of its next states, from the step after it, by the states' names
   */
  backward(residuals: Environment<V>, outputs: Environment<V>, states: Environment<V>): BackwardRow<V>;
  /** The gradients of the parameters, by block, from the rows of all steps in the order of the sequence. */
  gradients(rows: readonly Environment<V>[]): Environment<V>;
}

export interface ForwardRow<V> {
  readonly states: Environment<V>;
  readonly outputs: Environment<V>;
  readonly residuals: Environment<V>;
}

/** The adjoints of the states before a step and of its inputs, and what the row adds to the parameters'. */
export interface BackwardRow<V> {
  readonly states: Environment<V>;
  readonly inputs: Environment<V>;
  readonly row: Environment<V>;
}

/**
 * Evaluates a program in the order of its schedules. One row at a time, all phases are one step: each reads only what
 * the ones before it gave for the same row, and what the last step handed on.
 *
 * @param arithmetic  the kind of numbers: float64, float32 (every operation rounded), float32Interval
 * @param parameters  the blocks by name: `W_ir` as rows, `b_ir` as a vector
 * @example
 * const { forward } = interpreter(compile(gru), float64, parameters);
 * const { states } = forward({ x: [1, 2], h: [0, 0, 0] });
 */
export function interpreter<V>(
  { forward, backward, adjoint, functions }: Program,
  arithmetic: Arithmetic<V>,
  parameters: Environment<V>,
): Interpreter<V> {
  const of = { arithmetic, functions: functions[arithmetic.dtype], parameters };
  const there = scheduleInterpreter(of, forward);
  const back = scheduleInterpreter(of, backward);
  const states = forward.carries.map(({ given }) => given);
  const nexts = forward.carries.map(({ next }) => next);
  return {
    forward(operands) {
      const values = there.row(operands);
      return {
        states: renamed(values, nexts, states),
        outputs: renamed(values, forward.outputs),
        residuals: renamed(values, [...forward.inputs, ...forward.residuals]),
      };
    },
    backward(residuals, outputs, later) {
      const given = backward.carries.map((carry) => carry.given);
      const handedOn = backward.carries.map((carry) => carry.next);
      const row = back.row({
        ...residuals,
        ...renamed(outputs, forward.outputs, adjoint.outputs),
        ...renamed(later, states, given),
      });
      return { states: renamed(row, handedOn, states), inputs: renamed(row, backward.outputs, forward.inputs), row };
    },
    gradients: (rows) =>
      renamed(
        back.reduce(rows),
        backward.parameters.map(({ name }) => ({ name: backward.gradients.get(name)! })),
        backward.parameters,
      ),
  };
}

type Named = Pick<Reference, 'name'>;

/** Some values, under the names of others. */
const renamed = <V>(values: Environment<V>, some: readonly Named[], others = some): Environment<V> =>
  Object.fromEntries(some.map(({ name }, index) => [others[index]!.name, values[name]!]));

interface Interpreted<V> {
  readonly arithmetic: Arithmetic<V>;
  readonly functions: Program['functions']['float32'];
  readonly parameters: Environment<V>;
}

/** One schedule: all values of a row, and what follows from all rows. */
function scheduleInterpreter<V>({ arithmetic, functions, parameters }: Interpreted<V>, schedule: Schedule) {
  const given = [...schedule.parameters, ...schedule.inputs, ...schedule.carries.map((carry) => carry.given)];
  const evaluatorFor = (values: Environment<V>): Evaluator<V> =>
    new Evaluator(arithmetic, functions, lengthsOf([...given, ...schedule.residuals], values));
  const { early, rows, sums, finish } = sectionsOf(schedule);
  const ofRow = definitionsIn(stagesIn(rows));
  /** Made with the first row, which has all lengths; they are those of every row. */
  let prepared: { readonly evaluator: Evaluator<V>; readonly known: Environment<V> } | undefined;
  const prepare = (operands: Environment<V>): NonNullable<typeof prepared> => {
    const evaluator = evaluatorFor({ ...parameters, ...operands });
    return { evaluator, known: evaluator.evaluate(definitionsIn(early), parameters) };
  };
  return {
    row: (operands: Environment<V>): Environment<V> => {
      prepared ??= prepare(operands);
      return prepared.evaluator.evaluate(ofRow, { ...prepared.known, ...operands });
    },
    reduce: (all: readonly Environment<V>[]): Environment<V> => {
      const { evaluator, known } = prepared ?? prepare({});
      const totals = sums
        .flatMap(({ definitions }) => definitions)
        .map(({ name, value }) => [name, evaluator.contract(value, all)]);
      return evaluator.evaluate(definitionsIn(finish), { ...known, ...Object.fromEntries(totals) });
    },
  };
}

/** The lengths of the named dimensions of those variables that have a value. */
function lengthsOf<V>(variables: readonly Reference[], values: Environment<V>): ReadonlyMap<string, number> {
  const lengths = new Map<string, number>();
  for (const { name, shape } of variables) {
    let value: Value<V> | undefined = values[name];
    for (const length of shape) {
      if (!Array.isArray(value)) break;
      if (typeof length === 'string') lengths.set(length, value.length); // also a sum of lengths, which nobody asks for
      [value] = value as readonly Value<V>[];
    }
  }
  return lengths;
}
