import type { Arithmetic } from './arithmetic.ts';
import type { Program } from './compile.ts';
import type { Definition, Expression, FunctionIr } from './ir.ts';
import { definitionsOf } from './stages.ts';

/** A value by its rank: a number, a vector, or a matrix as rows. */
export type Value<V> = V | readonly V[] | readonly (readonly V[])[];

/** Values by name. */
export type Environment<V> = Readonly<Record<string, Value<V>>>;

/** A cell with its parameters, evaluated by walking its IR: the reference for every backend. */
export interface Interpreter<V> {
  /** The next states, by the states' names, from the inputs and the states, both by name. */
  step(operands: Environment<V>): Environment<V>;
}

/**
 * Evaluates a program in the order of its schedule, one row at a time.
 *
 * @param arithmetic  the kind of numbers: float64, float32 (every operation rounded), float32Interval
 * @param parameters  the blocks by name: `W_ir` as rows, `b_ir` as a vector
 * @example
 * const { step } = interpreter(compile(gru), float64, parameters);
 * const { h } = step({ x: [1, 2], h: [0, 0, 0] });
 */
export function interpreter<V>(
  program: Program,
  arithmetic: Arithmetic<V>,
  parameters: Environment<V>,
): Interpreter<V> {
  const { cell, prepare, before, step } = program.schedule;
  const evaluator = new Evaluator(arithmetic, program.functions[arithmetic.dtype]);
  const prepared = evaluator.evaluate(definitionsOf(prepare), parameters);
  const definitions = definitionsOf([...before, ...step]);
  return {
    step(operands) {
      const values = evaluator.evaluate(definitions, { ...prepared, ...operands });
      return Object.fromEntries(cell.states.map(({ name }) => [name, values[`${name}'`]!]));
    },
  };
}

/** A function of one number, evaluated operation by operation. */
export function interpretFunction<V>(called: FunctionIr, arithmetic: Arithmetic<V>, operand: V): V {
  return new Evaluator(arithmetic, [called]).apply(called, operand);
}

/** Σ values[k], in the order of summation of a product. */
export const total = <V>(arithmetic: Arithmetic<V>, values: readonly V[]): V =>
  arithmetic.dot(
    values,
    values.map(() => arithmetic.constant(1)),
  );

/** Evaluates definitions by walking them. */
export class Evaluator<V> {
  private readonly arithmetic: Arithmetic<V>;
  private readonly functions: ReadonlyMap<string, FunctionIr>;
  private readonly lengths: ReadonlyMap<string, number>;

  /** @param lengths  of the dimensions of constants that have a shape */
  constructor(
    arithmetic: Arithmetic<V>,
    functions: readonly FunctionIr[],
    lengths: ReadonlyMap<string, number> = new Map(),
  ) {
    this.arithmetic = arithmetic;
    this.functions = new Map(functions.map((called) => [called.name, called]));
    this.lengths = lengths;
  }

  /** The environment with the definitions' values added, in order. */
  evaluate(definitions: readonly Definition[], environment: Environment<V>): Environment<V> {
    const values: Record<string, Value<V>> = { ...environment };
    for (const { name, value } of definitions) values[name] = this.value(value, values);
    return values;
  }

  apply(called: FunctionIr, operand: V): V {
    const values = this.evaluate(called.definitions, { [called.operand]: operand });
    return values[called.definitions.at(-1)!.name] as V;
  }

  private value(expression: Expression, environment: Environment<V>): Value<V> {
    const { arithmetic } = this;
    switch (expression.kind) {
      case 'reference':
        return environment[expression.name]!;
      case 'constant':
        return expression.shape.reduceRight<Value<V>>(
          (element, dimension) => Array.from({ length: this.lengths.get(dimension)! }, () => element) as Value<V>,
          arithmetic.constant(expression.value),
        );
      case 'matvec': {
        const rows = environment[expression.matrix.name] as readonly (readonly V[])[];
        const vector = this.value(expression.vector, environment) as readonly V[];
        return rows.map((row) => arithmetic.dot(row, vector));
      }
      case 'vecmat': {
        const vector = expression.vectors.flatMap((part) => this.value(part, environment) as readonly V[]);
        const rows = expression.matrices.flatMap(({ name }) => environment[name] as readonly (readonly V[])[]);
        const columns = rows[0]!.map((_, column) => rows.map((row) => row[column]!));
        return columns.map((column) => arithmetic.dot(column, vector));
      }
      case 'outer': {
        const right = this.value(expression.right, environment) as readonly V[];
        return (this.value(expression.left, environment) as readonly V[]).map((left) =>
          right.map((factor) => arithmetic.binary('*', left, factor)),
        );
      }
      case 'total':
        return total(arithmetic, this.value(expression.operand, environment) as readonly V[]);
      case 'unary':
        return this.elementwise([expression.operand], environment, ([operand]) =>
          arithmetic.unary(expression.operator, operand!),
        );
      case 'binary':
        return this.elementwise([expression.left, expression.right], environment, ([left, right]) =>
          arithmetic.binary(expression.operator, left!, right!),
        );
      case 'select': {
        const { left, right, whenTrue, whenFalse, comparison } = expression;
        return this.elementwise([left, right, whenTrue, whenFalse], environment, ([a, b, c, d]) =>
          arithmetic.select(comparison, a!, b!, c!, d!),
        );
      }
      case 'call': {
        const called = this.functions.get(expression.function)!;
        return this.elementwise([expression.operand], environment, ([operand]) =>
          arithmetic.call(called, operand!, (at) => this.apply(called, at)),
        );
      }
      default:
        return expression satisfies never;
    }
  }

  /** Applies an operation element by element; numbers stand for vectors of themselves. */
  private elementwise(
    operands: readonly Expression[],
    environment: Environment<V>,
    apply: (elements: readonly V[]) => V,
  ): Value<V> {
    const over = (values: readonly Value<V>[]): Value<V> => {
      const longest = values.find((value): value is readonly V[] => Array.isArray(value));
      if (!longest) return apply(values as readonly V[]);
      return longest.map((_, index) =>
        over(values.map((value) => (Array.isArray(value) ? value[index] : value) as Value<V>)),
      ) as Value<V>;
    };
    return over(operands.map((operand) => this.value(operand, environment)));
  }
}
