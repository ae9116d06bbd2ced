import { type Definition, type FlatCell, namesOf } from '../ir/definition.ts';
import {
  isContraction,
  type MapExpression,
  mapOperands,
  namesIn,
  operandsOf,
  type Reference,
  reference,
  select,
  type Value,
} from '../ir/expression.ts';
import type { Keys } from '../ir/keys.ts';
import { Names, prefixed, stemOf } from '../ir/names.ts';
import { type Regions, regionsOf } from './regions.ts';

/**
 * Decides which values of the forward pass the backward pass finds again, and how. Inputs and parameters are there
 * anyway. A state, the result of a function and the sum of a vector are residuals. An expression that reads a product is
 * one itself, whole. Comparisons, and functions that the backward pass alone calls, are taken of such values there, so
 * that the forward pass is spared them. Everything else is rematerialised: it takes only + - * / of what is there, or
 * puts it side by side.
 */
export class ResidualFinder {
  private readonly cell: FlatCell;
  private readonly names: Names;
  private readonly keys: Keys;
  private readonly regions: Regions;
  private readonly definitions: ReadonlyMap<string, Definition>;
  private readonly states: ReadonlySet<string>;
  private readonly kept = new Map<string, Reference>();
  private readonly again = new Map<string, Definition>();
  /** Parts of definitions that got a name, by the definition they stand in, and there by their keys. */
  private readonly parts = new Map<string, Map<number, Definition<MapExpression>>>();
  private readonly known = new Map<string, boolean>();

  constructor(cell: FlatCell, keys: Keys) {
    this.cell = cell;
    this.keys = keys;
    this.names = new Names(namesOf(cell));
    this.regions = regionsOf(cell);
    this.definitions = new Map(cell.definitions.map((definition) => [definition.name, definition]));
    this.states = new Set(cell.carries.map(({ given }) => given.name));
  }

  /** The expression, of values of the forward pass, in terms of what the backward pass has; `within`: where it stands. */
  find(expression: MapExpression, within: Definition): MapExpression {
    if (!decides(expression) && this.readsProduct(expression)) return this.keep(this.named(expression, within));
    if (expression.kind === 'reference') return this.name(expression);
    const inner = (operand: MapExpression): MapExpression => this.find(operand, within);
    if (expression.kind !== 'select') return mapOperands(expression, inner);
    const { comparison, left, right, whenTrue, whenFalse } = expression;
    return select(comparison, this.compared(left), this.compared(right), inner(whenTrue), inner(whenFalse));
  }

  /** What a comparison reads, found name by name. */
  private compared(expression: MapExpression): MapExpression {
    if (expression.kind === 'reference') return this.name(expression);
    return mapOperands<MapExpression>(expression, (operand) => this.compared(operand));
  }

  /** As `find`, for a name. */
  name(operand: Reference): Reference {
    const definition = this.definitions.get(operand.name);
    if (definition === undefined && !this.states.has(operand.name)) return operand;
    if (this.regions.isEarly(operand.name)) return operand;
    const { value } = definition ?? {};
    if (value?.kind === 'join' && !this.namesProduct(operand.name)) {
      const parts = value.parts.map((part) => this.name(part));
      this.again.set(operand.name, { ...definition!, value: { ...value, parts } });
      return operand;
    }
    if (value === undefined || value.kind === 'call' || isContraction(value) || this.namesProduct(operand.name)) {
      return this.keep(operand);
    }
    if (!this.again.has(operand.name)) {
      this.again.set(operand.name, { ...definition!, value: this.find(value, definition!) });
    }
    return operand;
  }

  /** What the forward pass records, in the order of the forward pass. */
  get residuals(): readonly Reference[] {
    return namesOf(this.forward).flatMap((name) => this.kept.get(name) ?? []);
  }

  /** What the backward pass computes again, in the order of the forward pass. */
  get rematerialised(): readonly Definition[] {
    return this.cell.definitions.flatMap(({ name }) => this.again.get(name) ?? []);
  }

  /** The cell with a definition for each part that is a residual. */
  get forward(): FlatCell {
    const definitions = this.cell.definitions.flatMap((definition): Definition[] => {
      const parts = this.parts.get(definition.name);
      if (parts === undefined || isContraction(definition.value)) return [...(parts?.values() ?? []), definition];
      const shorten = (expression: MapExpression): MapExpression => {
        const part = parts.get(this.keys.of(expression));
        return part ? reference(part.name, part.value.shape) : mapOperands(expression, shorten);
      };
      return [...parts.values(), { ...definition, value: shorten(definition.value) }];
    });
    return { ...this.cell, definitions };
  }

  private keep(name: Reference): Reference {
    this.kept.set(name.name, name);
    return name;
  }

  /** A name for an expression: its own, or that of a new part of the definition it stands in. */
  private named(expression: MapExpression, within: Definition): Reference {
    if (expression.kind === 'reference') return expression;
    const parts = this.parts.get(within.name) ?? new Map<number, Definition<MapExpression>>();
    this.parts.set(within.name, parts);
    const key = this.keys.of(expression);
    const part = parts.get(key) ?? { name: this.names.fresh(prefixed('u_', equationOf(within))), value: expression };
    parts.set(key, part);
    return reference(part.name, expression.shape);
  }

  /** Whether a value cannot be had without computing a product again. */
  private readsProduct(value: Value): boolean {
    for (const name of namesIn(value)) if (this.namesProduct(name)) return true;
    return false;
  }

  private namesProduct(name: string): boolean {
    let reads = this.known.get(name);
    if (reads === undefined) {
      const value = this.definitions.get(name)?.value;
      reads =
        value !== undefined &&
        value.kind !== 'call' &&
        value.shape.length > 0 && // a sum is kept itself: one number instead of a vector of what reads it
        !this.regions.isEarly(name) &&
        ((isContraction(value) && value.kind !== 'join') || this.readsProduct(value));
      this.known.set(name, reads);
    }
    return reads;
  }
}

/** Whether it compares, or calls a function. */
const decides = (expression: MapExpression): boolean =>
  expression.kind === 'select' || expression.kind === 'call' || operandsOf(expression).some(decides);

/** `n` for n itself and for `a_n`, the operand of its function. */
const equationOf = ({ name }: Definition): string => stemOf(name).replace(/(^|\.)a_/, '$1');
