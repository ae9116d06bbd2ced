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
      /** `[u; v]`: vectors one after the other, a number as one element. */
      readonly kind: 'concatenation';
      readonly parts: readonly Expression[];
      readonly span: Span;
    }
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

/** `${gru}(x)`: an instance of a cell on these inputs; a whole right side. */
export interface CellCall {
  readonly kind: 'cell';
  /** The name between the braces. */
  readonly name: string;
  readonly operands: readonly Expression[];
  readonly span: Span;
}

/**
 * How long a dimension is: a name, such as `H`, for any length; a number; or, of a concatenation, a sum of such: the
 * names in alphabetical order, then the number, `H + I + 1`.
 */
export type Length = string | number;

/** The lengths of the dimensions: `[]` a number, `['H']` or `[65]` a vector, `['H', 'I']` a matrix. */
export type Shape = readonly Length[];

/** The names and numbers that a length is the sum of. */
export const termsOf = (length: Length): readonly Length[] =>
  typeof length === 'number' ? [length] : length.split(' + ').map((term) => (/^\d/.test(term) ? Number(term) : term));

/** How long vectors are one after the other. */
export function sumOfLengths(lengths: readonly Length[]): Length {
  const terms = lengths.flatMap(termsOf);
  const names = terms.filter((term) => typeof term === 'string').sort();
  const number = terms.reduce((sum: number, term) => (typeof term === 'number' ? sum + term : sum), 0);
  if (names.length === 0) return number;
  return [...names, ...(number > 0 ? [number] : [])].join(' + ');
}

/** What makes a number of a vector: `sum(v)`, and `mean(v)`, which is the sum divided by the number of elements. */
export type Reduction = (typeof REDUCTIONS)[number];

export const REDUCTIONS = ['sum', 'mean'] as const;

export const isReduction = (name: string): name is Reduction => (REDUCTIONS as readonly string[]).includes(name);

/** `name = expression   # comment`, or `name[H] = expression` where it states its shape. */
export interface Equation<E = Expression> {
  readonly name: string;
  /** The lengths of its dimensions, where the equation states them. */
  readonly shape: Shape | undefined;
  readonly expression: E;
  readonly comment: string | undefined;
  /** The instance of a called cell that it is an equation of. */
  readonly instance?: string | undefined;
  readonly span: Span;
}

/** `x[I]`: a name with the lengths of its dimensions. */
export interface Declaration {
  readonly name: string;
  readonly shape: Shape;
  readonly span: Span;
}

/** What stands after `->`: the next value of a state, `h'`, or an output, `y`. */
export interface Result {
  readonly name: string;
  readonly span: Span;
}

/** `h'` is the next value of `h`. */
export const isPrimed = (name: string): boolean => name.endsWith("'");

/** `h` for `h'`, and for `h`. */
export const withoutPrime = (name: string): string => (isPrimed(name) ? name.slice(0, -1) : name);

/** A parameter in a layout: `W_ir`, or `W_ir[H, I]` where it declares its shape. */
export interface Block {
  readonly kind: 'block';
  readonly name: string;
  readonly shape: Shape | undefined;
  readonly span: Span;
}

/**
 * What a tensor is made of. `rows`: one below the other, `[a; b]`; `columns`: side by side, `[a | b]`, where a vector is a
 * column; `transposed`: `[a; b]^T`; `sum`: added up, `[a + b]`, of which a dict in this layout has one tensor.
 */
export type Packing =
  | Block
  | { readonly kind: 'rows' | 'columns' | 'sum'; readonly parts: readonly Packing[]; readonly span: Span }
  | { readonly kind: 'transposed'; readonly operand: Packing; readonly span: Span };

/** `kernel = [W_z; W_r; W_n]^T`: parameters put together to one tensor. */
export interface PackedTensor {
  readonly name: string;
  readonly packing: Packing;
  /** The parameters in it, in the order of the text. */
  readonly blocks: readonly Block[];
  readonly span: Span;
}

/** How one framework packs the parameters. */
export interface Layout {
  readonly name: string;
  readonly tensors: readonly PackedTensor[];
  readonly span: Span;
}

export interface CellSyntax {
  readonly name: string;
  readonly operands: readonly Declaration[];
  readonly results: readonly Result[];
  readonly equations: readonly Equation<Expression | CellCall>[];
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

type Written = Expression | CellCall;

/** The fields of each kind that hold operands, one or several, in the order of the text. */
const OPERANDS: { readonly [K in Written['kind']]: readonly (keyof Extract<Written, { kind: K }>)[] } = {
  number: [],
  name: [],
  negate: ['operand'],
  binary: ['left', 'right'],
  call: ['operands'],
  cell: ['operands'],
  concatenation: ['parts'],
  if: ['left', 'right', 'whenTrue', 'whenFalse'],
};

/** What an expression of any kind has in a field. */
type Fields = Readonly<Record<string, Expression | readonly Expression[]>>;

/** The expressions directly inside an expression. */
export const operandsOf = (expression: Expression | CellCall): readonly Expression[] =>
  OPERANDS[expression.kind].flatMap((field) => (expression as unknown as Fields)[field]!);

/** The same expression with those directly inside it replaced. */
export function mapOperands<E extends Expression | CellCall>(
  expression: E,
  change: (operand: Expression) => Expression,
): E {
  const changed = OPERANDS[expression.kind].map((field) => {
    const held = (expression as unknown as Fields)[field]!;
    return [field, 'kind' in held ? change(held) : held.map(change)] as const;
  });
  return { ...expression, ...Object.fromEntries(changed) };
}

/** Every name an expression mentions, with where, in the order of the text. */
export function namesIn(expression: Expression | CellCall): readonly { readonly name: string; readonly span: Span }[] {
  const names: (Expression & { kind: 'name' })[] = [];
  const collect = (inside: Expression | CellCall): void => {
    if (inside.kind === 'name') names.push(inside);
    else operandsOf(inside).forEach(collect);
  };
  collect(expression);
  return names;
}

/** Every parameter of layouts, as often as it stands there, in the order of the text. */
export const blocksOf = (layouts: readonly Layout[]): readonly Block[] =>
  layouts.flatMap(({ tensors }) => tensors.flatMap(({ blocks }) => blocks));

/** The parameters that a tensor is made of, in the order of the text. */
export function blocksIn(packing: Packing): readonly Block[] {
  if (packing.kind === 'block') return [packing];
  return packing.kind === 'transposed' ? blocksIn(packing.operand) : packing.parts.flatMap(blocksIn);
}
