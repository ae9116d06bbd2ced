import { type Region, type RegionOf, regionsOf } from './dependence.ts';
import { type CellIr, type Definition, type Expression, mapOperands, namesOf, reference } from './ir.ts';
import { Names, stemOf } from './names.ts';

/**
 * Gives every product, and every largest part of an equation that is known earlier than the equation, a definition of
 * its own. Afterwards a product stands only at the top of a definition, alone or, where it needs no state, with the
 * parameter that is added to it.
 */
export function extractProducts(cell: CellIr): CellIr {
  return { ...cell, definitions: new Extractor(cell).definitions };
}

class Extractor {
  readonly definitions: Definition[] = [];
  private readonly regionOf: RegionOf;
  private readonly names: Names;

  constructor(cell: CellIr) {
    this.regionOf = regionsOf(cell, cell.definitions);
    this.names = new Names(namesOf(cell));
    for (const definition of cell.definitions) this.define(definition);
  }

  private define({ name, value, comment }: Definition): void {
    const stem = stemOf(name);
    const flat = isProduct(value, this.regionOf) ? this.flatten(value, stem) : this.inner(value, stem);
    const own = this.regionOf(reference(name, value.shape));
    const earlier = flat.kind !== 'reference' && this.isEarlier(value, own);
    this.definitions.push({ name, value: earlier ? this.name(this.earlyName(value, stem), flat) : flat, comment });
  }

  /** The expression with its products and its earlier parts replaced by references to definitions. */
  private inner(expression: Expression, stem: string): Expression {
    const own = this.regionOf(expression);
    return mapOperands(expression, (operand) => {
      if (isProduct(operand, this.regionOf)) {
        const flat = this.flatten(operand, stem);
        return this.name(`${operandName(flat)}_${stem}`, flat);
      }
      const replaced = this.inner(operand, stem);
      if (!this.isEarlier(operand, own) || replaced.kind === 'reference') return replaced;
      return this.name(this.earlyName(operand, stem), replaced);
    });
  }

  /** Whether an expression is worth a definition of its own, computed before the region it is read in. */
  private isEarlier(expression: Expression, own: Region): boolean {
    const region = this.regionOf(expression);
    return region !== own && region !== 'constant';
  }

  private earlyName(expression: Expression, stem: string): string {
    return `${this.regionOf(expression) === 'parameter' ? 'b' : 'x'}_${stem}`;
  }

  /** A product whose vector and addend are references. */
  private flatten(product: Expression, stem: string): Expression {
    return mapOperands(product, (operand) => {
      if (operand.kind === 'reference') return operand;
      if (product.kind === 'binary' && operand === product.left) return this.flatten(operand, stem);
      const wish = product.kind === 'matvec' ? 'v' : `b_${stem}`;
      return this.name(
        wish,
        isProduct(operand, this.regionOf) ? this.flatten(operand, stem) : this.inner(operand, stem),
      );
    });
  }

  /** Adds a definition under this name, or one like it where it is taken. */
  private name(wish: string, value: Expression): Expression {
    const name = this.names.fresh(wish);
    this.definitions.push({ name, value });
    return reference(name, value.shape);
  }
}

/** `W @ v`, or `W @ v + b` where neither needs the state. */
function isProduct(expression: Expression, regionOf: RegionOf): boolean {
  if (expression.kind === 'matvec') return true;
  if (expression.kind !== 'binary' || expression.operator !== '+' || regionOf(expression) === 'state') return false;
  return expression.left.kind === 'matvec' && regionOf(expression.right) === 'parameter';
}

/** The name of the vector of a flat product, `h_next` for h'. */
function operandName(product: Expression): string {
  if (product.kind === 'binary') return operandName(product.left);
  return product.kind === 'matvec' && product.vector.kind === 'reference'
    ? product.vector.name.replace("'", '_next')
    : 'v';
}
