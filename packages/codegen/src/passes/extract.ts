import type { Length } from '@congruent/spec';
import { type CellIr, type Definition, type FlatCell, namesOf } from '../ir/definition.ts';
import {
  binary,
  type Contraction,
  constant,
  type Expression,
  isContraction,
  type MapExpression,
  mapOperands,
  type Reduction,
  type Reference,
  reference,
  type Value,
} from '../ir/expression.ts';
import { Names, prefixed, stemOf } from '../ir/names.ts';
import { copyEarly } from './copy-early.ts';
import { type Region, type Regions, regionsByInstance } from './regions.ts';

/**
 * Gives every product, every sum of a vector, every concatenation, and every largest part of an equation that is known
 * earlier than the equation, a definition of its own. Afterwards a definition is either a contraction, a product with
 * the parameter that is added to it where neither needs the state, or has none in it; and what reads an output or a next
 * state of parameters alone reads the value that it is a copy of.
 */
export function extractProducts(cell: CellIr): FlatCell {
  return copyEarly({ ...cell, definitions: new Extractor(cell).definitions });
}

/** The equation that is taken apart. */
interface Equation {
  /** Its name without the prime. */
  readonly stem: string;
  readonly regions: Regions;
}

class Extractor {
  readonly definitions: Definition[] = [];
  private readonly names: Names;
  /** By the dimension: the number of its elements, as a value. */
  private readonly counts = new Map<Length, MapExpression>();

  constructor(cell: CellIr) {
    const regionsFor = regionsByInstance(cell);
    this.names = new Names(namesOf(cell));
    for (const definition of cell.definitions) this.define(definition, regionsFor(definition));
  }

  private define({ name, value, ...rest }: Definition<Expression>, regions: Regions): void {
    const equation = { stem: stemOf(name), regions };
    const flat = this.flat(value, equation);
    const earlier = flat.kind !== 'reference' && isEarlier(value, regions.of(name), regions);
    this.definitions.push({ name, value: earlier ? this.name(earlyName(value, equation), flat) : flat, ...rest });
  }

  /** A contraction whose operands are names, or an expression without any. */
  private flat(value: Expression, equation: Equation): Value {
    if (value.kind === 'reduction') return this.reduced(value, equation);
    if (value.kind === 'concatenation') {
      return { ...value, kind: 'join', parts: value.parts.map((part) => this.operand(part, 'v', equation)) };
    }
    const product = productIn(value, equation.regions);
    if (product === undefined) return this.inner(value, equation);
    const { matrix, vector, bias } = product;
    return {
      kind: 'product',
      matrix,
      vector: this.operand(vector, 'v', equation),
      bias: bias && this.operand(bias, prefixed('b_', equation.stem), equation),
      shape: value.shape,
    };
  }

  private reduced({ which, operand }: Reduction, equation: Equation): Value {
    const total = { kind: 'total', operand: this.operand(operand, 'v', equation), shape: [] } as const;
    if (which === 'sum') return total;
    return binary('/', this.name(prefixed('sum_', equation.stem), total), this.count(operand.shape[0]!));
  }

  /** How many elements a dimension has: for one that is named a sum of ones, which is exact. */
  private count(length: Length): MapExpression {
    if (typeof length === 'number') return constant(length);
    const operand = (): Reference => this.name('one', constant(1, [length]));
    const count = this.counts.get(length) ?? this.name(`n_${length}`, { kind: 'total', operand: operand(), shape: [] });
    this.counts.set(length, count);
    return count;
  }

  /** A name for the operand of a contraction. */
  private operand(expression: Expression, wish: string, equation: Equation): Reference {
    return expression.kind === 'reference' ? expression : this.name(wish, this.flat(expression, equation));
  }

  /** The expression with its products and its earlier parts replaced by references to definitions. */
  private inner(expression: Expression, equation: Equation): MapExpression {
    const { stem, regions } = equation;
    const own = regions.within(expression);
    return mapOperands(expression, (operand) => {
      const flat = this.flat(operand, equation);
      if (isContraction(flat)) return this.name(prefixed(`${operandName(flat)}_`, stem), flat);
      if (!isEarlier(operand, own, regions) || flat.kind === 'reference') return flat;
      return this.name(earlyName(operand, equation), flat);
    }) as MapExpression;
  }

  /** Adds a definition under this name, or one like it where it is taken. */
  private name(wish: string, value: Value): Reference {
    const name = this.names.fresh(wish);
    this.definitions.push({ name, value });
    return reference(name, value.shape);
  }
}

/** Whether an expression is worth a definition of its own, computed before the region it is read in. */
function isEarlier(expression: Expression, own: Region, regions: Regions): boolean {
  const region = regions.within(expression);
  return region !== own && region !== 'constant';
}

const earlyName = (expression: Expression, { stem, regions }: Equation): string =>
  prefixed(regions.within(expression) === 'parameter' ? 'b_' : 'x_', stem);

/** `W @ v`, or `W @ v + b` where neither needs the state and b is no number. */
function productIn(
  expression: Expression,
  regions: Regions,
): { readonly matrix: Reference; readonly vector: Expression; readonly bias?: Expression } | undefined {
  if (expression.kind === 'matvec') return expression;
  if (expression.kind !== 'binary' || expression.operator !== '+' || regions.within(expression) === 'state') return;
  const { left, right } = expression;
  const isBias = right.shape.length > 0 && regions.within(right) === 'parameter';
  return left.kind === 'matvec' && isBias ? { ...left, bias: right } : undefined;
}

/** What the name of a contraction is made of: of a product its vector, `h_next` for h' and for g1.h'. */
function operandName(value: Contraction): string {
  if (value.kind === 'product') return value.vector.name.replace(/^.*\./, '').replace("'", '_next');
  return value.kind === 'join' ? 'v' : 'sum';
}
