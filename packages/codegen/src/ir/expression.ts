import type { Shape } from '@congruent/spec';

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
  | MatrixProduct;

/** A sum of products, always a definition of its own; its operands are names. */
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
      /** The sum of `left`, or of `outer(left, right)`, over all rows; over the one row there is, outside a `reduce`. */
      readonly kind: 'sum';
      readonly left: Reference;
      readonly right: Reference | undefined;
      readonly shape: Shape;
    };

/** What a definition of a schedule is: either work on single elements or a sum of products. */
export type Value = MapExpression | Contraction;

/** `pow2`: 2^k for an integer k whose power is a normal number; exact. `floor`: towards −∞. */
export type UnaryOperator = 'negate' | 'abs' | 'floor' | 'pow2';

export type BinaryOperator = '+' | '-' | '*' | '/';

export type Comparison = '<' | '>';

export const reference = (name: string, shape: Shape): Reference => ({ kind: 'reference', name, shape });

export const constant = (value: number): Constant => ({ kind: 'constant', value, shape: [] });

export const negate = <E extends Expression>(operand: E): Unary<E> => ({
  kind: 'unary',
  operator: 'negate',
  operand,
  shape: operand.shape,
});

export const binary = <E extends Expression>(operator: BinaryOperator, left: E, right: E): Binary<E> => ({
  kind: 'binary',
  operator,
  left,
  right,
  shape: left.shape.length > 0 ? left.shape : right.shape,
});

export const add = <E extends Expression>(left: E, right: E): Binary<E> => binary('+', left, right);

/** Whether a value is a sum of products. */
export const isContraction = (value: Value): value is Contraction =>
  value.kind === 'product' || value.kind === 'transposed' || value.kind === 'total' || value.kind === 'sum';

/** The expressions directly inside an expression. */
export function operandsOf<E extends Expression>(expression: E): readonly E[];
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'reference':
    case 'constant':
      return [];
    case 'matvec':
      return [expression.matrix, expression.vector];
    case 'unary':
    case 'call':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'select':
      return [expression.left, expression.right, expression.whenTrue, expression.whenFalse];
    default:
      return expression satisfies never;
  }
}

/** The same expression with its direct operands replaced; the matrix of a product stays. */
export function mapOperands<E extends Expression>(expression: E, change: (operand: E) => E): E;
export function mapOperands(expression: Expression, change: (operand: Expression) => Expression): Expression {
  switch (expression.kind) {
    case 'reference':
    case 'constant':
      return expression;
    case 'matvec':
      return { ...expression, vector: change(expression.vector) };
    case 'unary':
    case 'call':
      return { ...expression, operand: change(expression.operand) };
    case 'binary':
      return { ...expression, left: change(expression.left), right: change(expression.right) };
    case 'select':
      return {
        ...expression,
        left: change(expression.left),
        right: change(expression.right),
        whenTrue: change(expression.whenTrue),
        whenFalse: change(expression.whenFalse),
      };
    default:
      return expression satisfies never;
  }
}

/** The names that a contraction reads, in order. */
export function contractionOperands(contraction: Contraction): readonly Reference[] {
  switch (contraction.kind) {
    case 'product':
      return [contraction.matrix, contraction.vector, ...(contraction.bias ? [contraction.bias] : [])];
    case 'transposed':
      return [...contraction.vectors, ...contraction.matrices];
    case 'total':
      return [contraction.operand];
    case 'sum':
      return [contraction.left, ...(contraction.right ? [contraction.right] : [])];
    default:
      return contraction satisfies never;
  }
}

/** Every name with its shape that a value or an expression reads, in order of appearance, repeated as it stands there. */
export function referencesIn(value: Value | Expression): readonly Reference[] {
  const found: Reference[] = [];
  const visit = (expression: Expression): void => {
    if (expression.kind === 'reference') found.push(expression);
    else for (const operand of operandsOf(expression)) visit(operand);
  };
  if (isContraction(value as Value)) return contractionOperands(value as Contraction);
  visit(value as Expression);
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
