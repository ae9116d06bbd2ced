import { type Length, termsOf } from '@congruent/spec';
import type { Definition, FunctionIr } from '../ir/definition.ts';
import { type Contraction, isContraction, type MapExpression, type Reference } from '../ir/expression.ts';
import { fold, type Table } from '../ir/table.ts';
import type { Arithmetic } from './arithmetic.ts';

/** A value by its rank: a number, a vector, or a matrix as rows. */
export type Value<V> = V | readonly V[] | readonly (readonly V[])[];

/** Values by name. */
export type Environment<V> = Readonly<Record<string, Value<V>>>;

/** A function of one number, evaluated operation by operation. */
export function interpretFunction<V>(called: FunctionIr, arithmetic: Arithmetic<V>, operand: V): V {
  return new Evaluator(arithmetic, [called]).apply(called, operand);
}

interface Transpose<V> {
  readonly matrices: readonly (readonly (readonly V[])[])[];
  readonly columns: readonly (readonly V[])[];
}

/** Evaluates definitions by walking them, one row at a time. */
export class Evaluator<V> {
  private readonly arithmetic: Arithmetic<V>;
  private readonly functions: ReadonlyMap<string, FunctionIr>;
  private readonly lengths: ReadonlyMap<string, number>;
  private readonly table: Omit<Table<Value<V>>, 'reference'>;
  private readonly transposes = new WeakMap<object, Transpose<V>>();

  /** @param lengths  of the named dimensions of constants that have a shape */
  constructor(
    arithmetic: Arithmetic<V>,
    functions: readonly FunctionIr[],
    lengths: ReadonlyMap<string, number> = new Map(),
  ) {
    this.arithmetic = arithmetic;
    this.functions = new Map(functions.map((called) => [called.name, called]));
    this.lengths = lengths;
    this.table = elementwise(arithmetic, (name, operand) => {
      const called = this.functions.get(name)!;
      return arithmetic.call(called, operand, (of) => this.apply(called, of));
    });
  }

  /** The environment with the definitions' values added, in order. */
  evaluate(definitions: readonly Definition[], environment: Environment<V>): Environment<V> {
    const values: Record<string, Value<V>> = { ...environment };
    for (const { name, value } of definitions) {
      values[name] = isContraction(value) ? this.contract(value, [values]) : this.map(value, values);
    }
    return values;
  }

  apply(called: FunctionIr, operand: V): V {
    const values: Record<string, Value<V>> = { [called.operand]: operand };
    for (const { name, value } of called.definitions) values[name] = this.map(value, values);
    return values[called.definitions.at(-1)!.name] as V;
  }

  /** A sum of products, of values of one row or, for a `sum`, of several. */
  contract(contraction: Contraction, rows: readonly Environment<V>[]): Value<V> {
    const { arithmetic } = this;
    const [values] = rows as readonly [Environment<V>];
    const vectorOf = ({ name }: Reference): readonly V[] => values[name] as readonly V[];
    const matrixOf = ({ name }: Reference): readonly (readonly V[])[] => values[name] as readonly (readonly V[])[];
    switch (contraction.kind) {
      case 'product': {
        const { matrix, vector, bias } = contraction;
        const product = matrixOf(matrix).map((row) => arithmetic.dot(row, vectorOf(vector)));
        return bias ? product.map((sum, row) => arithmetic.binary('+', sum, vectorOf(bias)[row]!)) : product;
      }
      case 'transposed': {
        const vector = contraction.vectors.flatMap((part) => vectorOf(part));
        return this.transposed(contraction.matrices.map(matrixOf)).map((column) => arithmetic.dot(column, vector));
      }
      case 'total':
        return this.total(vectorOf(contraction.operand));
      case 'join':
        return contraction.parts.flatMap(({ name }) => values[name] as V | readonly V[]);
      case 'slice': {
        const { operand, before, shape } = contraction;
        const [start, [length = 1]] = [this.lengthOf(before), shape];
        const elements = vectorOf(operand).slice(start, start + this.lengthOf(length));
        return shape.length === 0 ? elements[0]! : elements;
      }
      case 'sum':
        return this.sum(contraction, rows);
      default:
        return contraction satisfies never;
    }
  }

  private lengthOf(length: Length): number {
    return termsOf(length).reduce<number>((sum, of) => sum + (typeof of === 'string' ? this.lengths.get(of)! : of), 0);
  }

  /** The columns of matrices one below the other; found once, as the same matrices come with every row. */
  private transposed(matrices: readonly (readonly (readonly V[])[])[]): readonly (readonly V[])[] {
    const [first] = matrices as readonly [readonly (readonly V[])[]];
    const known = this.transposes.get(first);
    const isKnown =
      known?.matrices.length === matrices.length && matrices.every((each, at) => each === known.matrices[at]);
    if (isKnown) return known.columns;
    const columns = columnsOf(matrices.flat());
    this.transposes.set(first, { matrices, columns });
    return columns;
  }

  /** Σ left, or Σ outer(left, right), over the rows, in the order of summation of a product. */
  private sum({ left, right }: Extract<Contraction, { kind: 'sum' }>, rows: readonly Environment<V>[]): Value<V> {
    if (left.shape.length === 0) return this.total(rows.map((row) => row[left.name] as V));
    const columns = ({ name }: Reference): readonly (readonly V[])[] =>
      columnsOf(rows.map((row) => row[name] as readonly V[]));
    const [lefts, rights] = [columns(left), right && columns(right)];
    return lefts.map((column) =>
      rights ? rights.map((other) => this.arithmetic.dot(column, other)) : this.total(column),
    ) as Value<V>;
  }

  /** Σ values[k], in the order of summation of a product. */
  private total(values: readonly V[]): V {
    const one = this.arithmetic.constant(1);
    return this.arithmetic.dot(
      values,
      values.map(() => one),
    );
  }

  /** A map; a number where a vector is meant stands for a vector of itself. */
  private map(expression: MapExpression, environment: Environment<V>): Value<V> {
    const value = fold(expression, { ...this.table, reference: (name) => environment[name]! });
    if (Array.isArray(value)) return value;
    return expression.shape.reduceRight<Value<V>>((element, of) => {
      const length = this.lengthOf(of);
      return Array.from({ length }, () => element) as Value<V>;
    }, value);
  }
}

/** The arithmetic's operations on whole values, element by element. */
function elementwise<V>(
  arithmetic: Arithmetic<V>,
  call: (name: string, operand: V) => V,
): Omit<Table<Value<V>>, 'reference'> {
  const over = (values: readonly Value<V>[], apply: (...elements: readonly V[]) => V): Value<V> => {
    const longest = values.find((value): value is readonly V[] => Array.isArray(value));
    if (!longest) return apply(...(values as readonly V[]));
    return longest.map((_, index) =>
      over(
        values.map((value) => (Array.isArray(value) ? value[index] : value) as Value<V>),
        apply,
      ),
    ) as Value<V>;
  };
  return {
    constant: arithmetic.constant,
    unary: (operator, operand) => over([operand], (of) => arithmetic.unary(operator, of!)),
    binary: (operator, left, right) => over([left, right], (a, b) => arithmetic.binary(operator, a!, b!)),
    select: (comparison, ...operands) => over(operands, (a, b, c, d) => arithmetic.select(comparison, a!, b!, c!, d!)),
    call: (name, operand) => over([operand], (of) => call(name, of!)),
  };
}

/** The columns of rows. */
const columnsOf = <V>(rows: readonly (readonly V[])[]): readonly (readonly V[])[] =>
  rows[0]!.map((_, column) => rows.map((row) => row[column]!));
