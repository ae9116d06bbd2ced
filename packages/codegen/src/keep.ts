import { regionsOf } from './dependence.ts';
import {
  type CellIr,
  type Definition,
  type Expression,
  mapOperands,
  namesIn,
  namesOf,
  type Reference,
  reference,
} from './ir.ts';
import { Names, stemOf } from './names.ts';
import { printExpression } from './print.ts';
import { isProduct } from './stages.ts';

/**
 * Decides which values of the forward pass the backward pass finds again, and how. Inputs and parameters are there
 * anyway. A state and the result of a function are kept. An expression that reads a product is kept itself, whole.
 * Everything else is computed again: it takes only + - * / of what is kept.
 */
export class Keeper {
  private readonly cell: CellIr;
  private readonly names: Names;
  private readonly definitions: ReadonlyMap<string, Definition>;
  private readonly states: ReadonlySet<string>;
  private readonly isEarly: (name: string) => boolean;
  private readonly kept = new Map<string, Reference>();
  private readonly again = new Map<string, Definition>();
  /** Parts of definitions that got a name, by the definition they stand in. */
  private readonly parts = new Map<string, Definition[]>();

  constructor(cell: CellIr) {
    this.cell = cell;
    this.names = new Names(namesOf(cell));
    this.definitions = new Map(cell.definitions.map((definition) => [definition.name, definition]));
    this.states = new Set(cell.states.map(({ name }) => name));
    const regionOf = regionsOf(cell, cell.definitions);
    this.isEarly = (name) => ['constant', 'parameter'].includes(regionOf(reference(name, [])));
  }

  /** The expression, of values of the forward pass, in terms of what the backward pass has; `within`: where it stands. */
  find(expression: Expression, within: Definition): Expression {
    if (this.readsProduct(expression)) return this.keep(this.named(expression, within));
    if (expression.kind === 'reference') return this.findName(expression);
    return mapOperands(expression, (operand) => this.find(operand, within));
  }

  /** What is kept, in the order of the forward pass. */
  get keeps(): readonly Reference[] {
    const order = [...namesOf(this.forward)];
    return [...this.kept.values()].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  }

  /** What is computed again, in the order of the forward pass. */
  get recomputed(): readonly Definition[] {
    return this.cell.definitions.filter(({ name }) => this.again.has(name)).map(({ name }) => this.again.get(name)!);
  }

  /** The cell with a definition for each part that is kept. */
  get forward(): CellIr {
    const definitions = this.cell.definitions.flatMap((definition) => {
      const parts = this.parts.get(definition.name) ?? [];
      const names = new Map(parts.map(({ name, value }) => [printExpression(value), reference(name, value.shape)]));
      const shorten = (expression: Expression): Expression =>
        names.get(printExpression(expression)) ?? mapOperands(expression, shorten);
      return [...parts, { ...definition, value: shorten(definition.value) }];
    });
    return { ...this.cell, definitions };
  }

  private findName(name: Reference): Reference {
    const definition = this.definitions.get(name.name);
    if (this.states.has(name.name) || definition?.value.kind === 'call')
      return this.isEarly(name.name) ? name : this.keep(name);
    if (definition === undefined || this.isEarly(name.name)) return name;
    if (!this.again.has(name.name)) {
      this.again.set(name.name, { ...definition, value: this.find(definition.value, definition) });
    }
    return name;
  }

  private keep(name: Reference): Reference {
    this.kept.set(name.name, name);
    return name;
  }

  /** A name for an expression: its own, or that of a new part of the definition it stands in. */
  private named(expression: Expression, within: Definition): Reference {
    if (expression.kind === 'reference') return expression;
    const parts = this.parts.get(within.name) ?? [];
    const text = printExpression(expression);
    const known = parts.find(({ value }) => printExpression(value) === text);
    if (known) return reference(known.name, expression.shape);
    const name = this.names.fresh(`u_${equationOf(within)}`);
    this.parts.set(within.name, [...parts, { name, value: expression }]);
    return reference(name, expression.shape);
  }

  /** Whether a value cannot be had without computing a product again. */
  private readsProduct(expression: Expression): boolean {
    return namesIn(expression).some((name) => {
      const value = this.definitions.get(name)?.value;
      if (value === undefined || value.kind === 'call' || this.isEarly(name)) return false;
      return isProduct(value) || this.readsProduct(value);
    });
  }
}

/** `n` for n itself and for `a_n`, the operand of its function. */
const equationOf = ({ name }: Definition): string => stemOf(name).replace(/^a_/, '');
