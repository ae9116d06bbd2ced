import type { Span } from './error.ts';

/** An expression of the notation, as written. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
  | { readonly kind: 'name'; readonly name: string; readonly span: Span }
  | { readonly kind: 'negate'; readonly operand: Expression; readonly span: Span }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Expression[]; readonly span: Span }
  | {
      /** `if left < right then … else …`; only functions have it. */
      readonly kind: 'if';
      readonly comparison: '<' | '>';
      readonly left: Expression;
      readonly right: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
      readonly span: Span;
    };

/** `@`: matrix times vector. `*` and `/`: element by element. */
export type BinaryOperator = '+' | '-' | '*' | '/' | '@';

/** `name = expression   # comment`, or `name[H] = expression` where it states its shape. */
export interface Equation {
  readonly name: string;
  /** The lengths of its dimensions, where the equation states them. */
  readonly shape: readonly string[] | undefined;
  readonly expression: Expression;
  readonly comment: string | undefined;
  readonly span: Span;
}

/** `x[I]`: a name with the lengths of its dimensions. */
export interface Declaration {
  readonly name: string;
  readonly shape: readonly string[];
  readonly span: Span;
}

/** What stands after `->`: the next value of a state, `h'`, or an output, `y`. */
export interface Result {
  readonly name: string;
  readonly span: Span;
}

/** `h'` is the next value of `h`. */
export const isPrimed = (name: string): boolean => name.endsWith("'");

export const withoutPrime = (name: string): string => name.slice(0, -1);

/** `weight_ih = [W_ir; W_iz; W_in]`: parameters stacked by rows into one tensor. */
export interface StackedTensor {
  readonly name: string;
  readonly blocks: readonly { readonly name: string; readonly span: Span }[];
  readonly span: Span;
}

/** How one framework packs the parameters. */
export interface Layout {
  readonly name: string;
  readonly tensors: readonly StackedTensor[];
  readonly span: Span;
}

export interface CellSyntax {
  readonly name: string;
  readonly operands: readonly Declaration[];
  readonly results: readonly Result[];
  readonly equations: readonly Equation[];
  readonly layouts: readonly Layout[];
}

/** Constants of a function that depend on the element type: numbers, and coefficient lists for `horner`. */
export type ConstantTable = ReadonlyMap<string, number | readonly number[]>;

export interface FunctionSyntax {
  readonly name: string;
  readonly operand: string;
  readonly result: string;
  readonly ulp: number;
  /** d result / d operand, in terms of the two. */
  readonly derivative: Expression;
  readonly equations: readonly Equation[];
  readonly constants: { readonly float32: ConstantTable; readonly float64: ConstantTable };
}

/** The expressions directly inside an expression. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'name':
      return [];
    case 'negate':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'call':
      return expression.operands;
    case 'if':
      return [expression.left, expression.right, expression.whenTrue, expression.whenFalse];
    default:
      return expression satisfies never;
  }
}

/** Every name an expression mentions, with where, in the order of the text. */
export function namesIn(expression: Expression): readonly { readonly name: string; readonly span: Span }[] {
  const names: (Expression & { kind: 'name' })[] = [];
  const collect = (inside: Expression): void => {
    if (inside.kind === 'name') names.push(inside);
    else operandsOf(inside).forEach(collect);
  };
  collect(expression);
  return names;
}
