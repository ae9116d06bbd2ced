import { type Length, type Shape, sumOfLengths, type Reduction as Which } from '@congruent/spec';

/** A name and the shape of its value: `[]` for a number, `['H']` for a vector, `['H', 'I']` for a matrix. */
export interface Reference {
  readonly kind: 'reference';
  readonly name: string;
  readonly shape: Shape;
}

export interface Constant {
  readonly kind: 'constant';
  readonly value: number;
  readonly shape: Shape;
}

export interface Unary<E> {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: E;
  readonly shape: Shape;
}

export interface Binary<E> {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: E;
  readonly right: E;
  readonly shape: Shape;
}

export interface Select<E> {
  readonly kind: 'select';
  readonly comparison: Comparison;
  readonly left: E;
  readonly right: E;
  readonly whenTrue: E;
  readonly whenFalse: E;
  readonly shape: Shape;
}

export interface Call<E> {
  readonly kind: 'call';
  readonly function: string;
  readonly operand: E;
  readonly shape: Shape;
}

/** A matrix times a vector, wherever the specification has one; only the passes before `extract` see it. */
export interface MatrixProduct {
  readonly kind: 'matvec';
  readonly matrix: Reference;
  readonly vector: Expression;
  readonly shape: Shape;
}

/** The sum or the mean of a vector's elements, wherever the specification has one; only the passes before `extract` see it. */
export interface Reduction {
  readonly kind: 'reduction';
  readonly which: Which;
  readonly operand: Expression;
  readonly shape: Shape;
}

/** Vectors one after the other, a number as one element; only the passes before `extract` see it. */
export interface Concatenation {
  readonly kind: 'concatenation';
  readonly parts: readonly Expression[];
  readonly shape: Shape;
}

/** What is computed element by element: no products, so a loop over elements can compute it. */
export type MapExpression =
  | Reference
  | Constant
  | Unary<MapExpression>
  | Binary<MapExpression>
  | Select<MapExpression>
  | Call<MapExpression>;

/** The right side of an equation as the specification has it. */
export type Expression =
  | Reference
  | Constant
  | Unary<Expression>
  | Binary<Expression>
  | Select<Expression>
  | Call<Expression>
  | MatrixProduct
  | Reduction
  | Concatenation;

/**
 * A sum of products, always a definition of its own; its operands are names. Those with rows of the identity, `join` and
 * `slice`, are copies.
 */
export type Contraction =
  | {
      /** `matrix @ vector`, or `matrix @ vector + bias`. */
      readonly kind: 'product';
      readonly matrix: Reference;
      readonly vector: Reference;
      readonly bias: Reference | undefined;
      readonly shape: Shape;
    }
  | {
      /** `[u; v] @ [U; V]`: vectors one below the other, times matrices one below the other, transposed. */
      readonly kind: 'transposed';
      readonly vectors: readonly Reference[];
      readonly matrices: readonly Reference[];
      readonly shape: Shape;
    }
  | {
      /** The sum of a vector's elements. */
      readonly kind: 'total';
      readonly operand: Reference;
      readonly shape: Shape;
    }
  | {
      /** `[u; v]`: vectors one after the other, a number as one element. */
      readonly kind: 'join';
      readonly parts: readonly Reference[];
      readonly shape: Shape;
    }
  | {
      /** A part of a vector, or an element as a number. */
      readonly kind: 'slice';
      readonly operand: Reference;
      /** How many elements stand before it. */
      readonly before: Length;
      readonly shape: Shape;
    }
  | {
      /** The sum of `left`, or of `outer(left, right)`, over all rows; over the one row there is, outside a `reduce`. */
      readonly kind: 'sum';
      readonly left: Reference;
      readonly right: Reference | undefined;
      readonly shape: Shape;
    };

/** What a definition of a schedule is: either work on single elements or a sum of products. */
export type Value = MapExpression | Contraction;

/**
 * `pow2`: 2^k for an integer k whose power is a normal number; exact. `floor`: towards −∞. `sqrt`: the nearest number to
 * the root, as IEEE 754 demands of it like of + - * /.
 */
export type UnaryOperator = 'negate' | 'abs' | 'floor' | 'pow2' | 'sqrt';

/** `max` and `min` are IEEE 754-2019's maximum and minimum: NaN where either is, and −0 is less than +0. */
export type BinaryOperator = '+' | '-' | '*' | '/' | 'max' | 'min';

export type Comparison = '<' | '>';

export const reference = (name: string, shape: Shape): Reference => ({ kind: 'reference', name, shape });

export const constant = (value: number, shape: Shape = []): Constant => ({ kind: 'constant', value, shape });

export const unary = <E extends Expression>(operator: UnaryOperator, operand: E): Unary<E> => ({
  kind: 'unary',
  operator,
  operand,
  shape: operand.shape,
});

export const negate = <E extends Expression>(operand: E): Unary<E> => unary('negate', operand);

export const binary = <E extends Expression>(operator: BinaryOperator, left: E, right: E): Binary<E> => ({
  kind: 'binary',
  operator,
  left,
  right,
  shape: left.shape.length > 0 ? left.shape : right.shape,
});

/** `if left < right then whenTrue else whenFalse`, or with `>`. */
export const select = <E extends Expression>(
  comparison: Comparison,
  left: E,
  right: E,
  whenTrue: E,
  whenFalse: E,
): Select<E> => {
  const { shape } = [left, right, whenTrue].find(({ shape: { length } }) => length > 0) ?? whenFalse;
  return { kind: 'select', comparison, left, right, whenTrue, whenFalse, shape };
};

export const add = <E extends Expression>(left: E, right: E): Binary<E> => binary('+', left, right);

/** Whether a value is a sum of products. */
export const isContraction = (value: Value | Expression): value is Contraction => CONTRACTIONS.has(value.kind);

const CONTRACTIONS: ReadonlySet<string> = new Set<Contraction['kind']>([
  ...(['product', 'transposed', 'total', 'sum'] as const),
  ...(['join', 'slice'] as const),
]);

/** The shape of vectors one after the other. */
export const joinedShape = (parts: readonly { readonly shape: Shape }[]): Shape => [
  sumOfLengths(parts.map(({ shape: [length = 1] }) => length)),
];

/** The fields of each kind that hold operands, one or several, in order. */
const OPERANDS: Readonly<Record<(Value | Expression)['kind'], readonly string[]>> = {
  reference: [],
  constant: [],
  unary: ['operand'],
  binary: ['left', 'right'],
  select: ['left', 'right', 'whenTrue', 'whenFalse'],
  call: ['operand'],
  matvec: ['matrix', 'vector'],
  reduction: ['operand'],
  concatenation: ['parts'],
  product: ['matrix', 'vector', 'bias'],
  transposed: ['vectors', 'matrices'],
  total: ['operand'],
  join: ['parts'],
  slice: ['operand'],
  sum: ['left', 'right'],
};

/** The values directly inside a value; those of a contraction are names. */
export function operandsOf<V extends Value | Expression>(value: V): readonly V[] {
  return OPERANDS[value.kind].flatMap((field) => fieldOf(value, field) ?? []);
}

/** The same value with its direct operands replaced. */
export function mapOperands<V extends Value | Expression>(value: V, change: (operand: V) => V): V {
  const fields = OPERANDS[value.kind];
  if (fields.length === 0) return value;
  const changed: Record<string, V | readonly V[] | undefined> = {};
  for (const field of fields) {
    const held = fieldOf(value, field);
    changed[field] = isList(held) ? held.map(change) : held && change(held);
  }
  return { ...value, ...changed };
}

const fieldOf = <V extends Value | Expression>(value: V, field: string): V | readonly V[] | undefined =>
  (value as unknown as Readonly<Record<string, V | readonly V[] | undefined>>)[field];

const isList = <V>(held: V | readonly V[] | undefined): held is readonly V[] => Array.isArray(held);

/** Every name with its shape that a value or an expression reads, in order of appearance, repeated as it stands there. */
export function referencesIn(value: Value | Expression): readonly Reference[] {
  const found: Reference[] = [];
  const visit = (part: Value | Expression): void => {
    if (part.kind === 'reference') found.push(part);
    else for (const operand of operandsOf(part)) visit(operand);
  };
  visit(value);
  return found;
}

const namesKnown = new WeakMap<Value | Expression, ReadonlySet<string>>();

/** Every name that a value or an expression reads, each once, in order of first use. */
export function namesIn(value: Value | Expression): ReadonlySet<string> {
  let names = namesKnown.get(value);
  if (names === undefined) {
    names = new Set(referencesIn(value).map(({ name }) => name));
    namesKnown.set(value, names);
  }
  return names;
}

/** Whether a function is called anywhere in an expression. */
export const callsFunction = (expression: Expression): boolean =>
  expression.kind === 'call' || operandsOf(expression).some(callsFunction);
