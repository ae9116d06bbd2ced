import { type CellIr, type Definition, type FlatCell, namesOf } from '../ir/definition.ts';
import {
  type Expression,
  isContraction,
  type MapExpression,
  mapOperands,
  type Reference,
  reference,
  type Value,
} from '../ir/expression.ts';
import { Names, stemOf } from '../ir/names.ts';
import { type Region, type Regions, regionsOf } from './regions.ts';

/**
 * Gives every product, and every largest part of an equation that is known earlier than the equation, a definition of
 * its own. Afterwards a definition is either a product, with the parameter that is added to it where neither needs the
 * state, or has no products in it.
 */
export function extractProducts(cell: CellIr): FlatCell {
  return { ...cell, definitions: new Extractor(cell).definitions };
}

class Extractor {
  readonly definitions: Definition[] = [];
  private readonly regions: Regions;
  private readonly names: Names;

  constructor(cell: CellIr) {
    this.regions = regionsOf(cell);
    this.names = new Names(namesOf(cell));
    for (const definition of cell.definitions) this.define(definition);
  }

  private define({ name, value, comment }: Definition<Expression>): void {
    const stem = stemOf(name);
    const flat = this.flat(value, stem);
    const earlier = flat.kind !== 'reference' && this.isEarlier(value, this.regions.of(name));
    this.definitions.push({ name, value: earlier ? this.name(this.earlyName(value, stem), flat) : flat, comment });
  }

  /** A product whose operands are names, or an expression without products. */
  private flat(value: Expression, stem: string): Value {
    const product = productIn(value, this.regions);
    if (product === undefined) return this.inner(value, stem);
    const { matrix, vector, bias } = product;
    return {
      kind: 'product',
      matrix,
      vector: this.operand(vector, 'v', stem),
      bias: bias && this.operand(bias, `b_${stem}`, stem),
      shape: value.shape,
    };
  }

  /** A name for the operand of a product. */
  private operand(expression: Expression, wish: string, stem: string): Reference {
    return expression.kind === 'reference' ? expression : this.name(wish, this.flat(expression, stem));
  }

  /** The expression with its products and its earlier parts replaced by references to definitions. */
  private inner(expression: Expression, stem: string): MapExpression {
    const own = this.regions.within(expression);
    return mapOperands(expression, (operand) => {
      const flat = this.flat(operand, stem);
      if (isContraction(flat))
        return this.name(`${operandName(flat.kind === 'product' ? flat.vector : undefined)}_${stem}`, flat);
      if (!this.isEarlier(operand, own) || flat.kind === 'reference') return flat;
      return this.name(this.earlyName(operand, stem), flat);
    }) as MapExpression;
  }

  /** Whether an expression is worth a definition of its own, computed before the region it is read in. */
  private isEarlier(expression: Expression, own: Region): boolean {
    const region = this.regions.within(expression);
    return region !== own && region !== 'constant';
  }

  private earlyName(expression: Expression, stem: string): string {
    return `${this.regions.within(expression) === 'parameter' ? 'b' : 'x'}_${stem}`;
  }

  /** Adds a definition under this name, or one like it where it is taken. */
  private name(wish: string, value: Value): Reference {
    const name = this.names.fresh(wish);
    this.definitions.push({ name, value });
    return reference(name, value.shape);
  }
}

/** `W @ v`, or `W @ v + b` where neither needs the state. */
function productIn(
  expression: Expression,
  regions: Regions,
): { readonly matrix: Reference; readonly vector: Expression; readonly bias?: Expression } | undefined {
  if (expression.kind === 'matvec') return expression;
  if (expression.kind !== 'binary' || expression.operator !== '+' || regions.within(expression) === 'state') return;
  const { left, right } = expression;
  return left.kind === 'matvec' && regions.within(right) === 'parameter' ? { ...left, bias: right } : undefined;
}

/** What the name of a product is made of, `h_next` for h'. */
const operandName = (vector: Reference | undefined): string => vector?.name.replace("'", '_next') ?? 'v';
