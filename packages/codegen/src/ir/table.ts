import type { BinaryOperator, Comparison, UnaryOperator } from './expression.ts';

/** What a target computes element by element: a `MapExpression`, or one that its passes have put larger operations into. */
export type TargetExpression =
  | { readonly kind: 'reference'; readonly name: string }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: TargetExpression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: TargetExpression;
      readonly right: TargetExpression;
    }
  | {
      readonly kind: 'select';
      readonly comparison: Comparison;
      readonly left: TargetExpression;
      readonly right: TargetExpression;
      readonly whenTrue: TargetExpression;
      readonly whenFalse: TargetExpression;
    }
  | { readonly kind: 'call'; readonly function: string; readonly operand: TargetExpression }
  | {
      /** `addend + left * right` or `addend - left * right`, rounded once where the target likes that better. */
      readonly kind: 'fused';
      readonly operator: '+' | '-';
      readonly addend: TargetExpression;
      readonly left: TargetExpression;
      readonly right: TargetExpression;
    }
  | {
      /** `min`: `left < right ? left : right`; `max`: `left < right ? right : left`. */
      readonly kind: 'extremum';
      readonly which: 'min' | 'max';
      readonly left: TargetExpression;
      readonly right: TargetExpression;
    };

/**
 * How a target says each kind of expression; `R` is what it says it in: text, nodes of a tree, numbers. Printers,
 * emitters, passes and the arithmetics of the interpreter are tables for the one `fold` below.
 */
export interface Table<R> {
  reference(name: string): R;
  constant(value: number): R;
  unary(operator: UnaryOperator, operand: R): R;
  binary(operator: BinaryOperator, left: R, right: R): R;
  select(comparison: Comparison, left: R, right: R, whenTrue: R, whenFalse: R): R;
  call(name: string, operand: R): R;
  /** Only for targets with the pass `fuseProducts`. */
  fused?(operator: '+' | '-', addend: R, left: R, right: R): R;
  /** Only for targets with the pass `findExtrema`. */
  extremum?(which: 'min' | 'max', left: R, right: R): R;
}

/** An expression in the words of a table, from the inside out. */
export function fold<R>(expression: TargetExpression, table: Table<R>): R {
  const inner = (operand: TargetExpression): R => fold(operand, table);
  switch (expression.kind) {
    case 'reference':
      return table.reference(expression.name);
    case 'constant':
      return table.constant(expression.value);
    case 'unary':
      return table.unary(expression.operator, inner(expression.operand));
    case 'binary':
      return table.binary(expression.operator, inner(expression.left), inner(expression.right));
    case 'select': {
      const { comparison, left, right, whenTrue, whenFalse } = expression;
      return table.select(comparison, inner(left), inner(right), inner(whenTrue), inner(whenFalse));
    }
    case 'call':
      return table.call(expression.function, inner(expression.operand));
    case 'fused': {
      const { operator, addend, left, right } = expression;
      return table.fused?.(operator, inner(addend), inner(left), inner(right)) ?? unknown(expression.kind);
    }
    case 'extremum': {
      const { which, left, right } = expression;
      return table.extremum?.(which, inner(left), inner(right)) ?? unknown(expression.kind);
    }
    default:
      return expression satisfies never;
  }
}

function unknown(kind: string): never {
  throw new TypeError(`the table has no word for ${kind}, which a pass of its target makes`);
}
