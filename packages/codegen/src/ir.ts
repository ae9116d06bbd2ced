import type { Shape } from '@congruent/spec';

/**
 * The intermediate representation: ten kinds of expression and named definitions. Every pass takes and gives it.
 * `shape` is `[]` for a number, `['H']` for a vector, `['H', 'I']` for a matrix.
 */
export type Expression =
  | { readonly kind: 'reference'; readonly name: string; readonly shape: Shape }
  | { readonly kind: 'constant'; readonly value: number; readonly shape: Shape }
  | { readonly kind: 'matvec'; readonly matrix: Reference; readonly vector: Expression; readonly shape: Shape }
  | {
      /** `[u; v] @ [U; V]`: vectors one below the other, times matrices one below the other, transposed. */
      readonly kind: 'vecmat';
      readonly vectors: readonly Expression[];
      readonly matrices: readonly Reference[];
      readonly shape: Shape;
    }
  | { readonly kind: 'outer'; readonly left: Expression; readonly right: Expression; readonly shape: Shape }
  | {
      /** The sum of a vector's elements. */
      readonly kind: 'total';
      readonly operand: Expression;
      readonly shape: Shape;
    }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression; readonly shape: Shape }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly shape: Shape;
    }
  | {
      readonly kind: 'select';
      readonly comparison: '<' | '>';
      readonly left: Expression;
      readonly right: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
      readonly shape: Shape;
    }
  | { readonly kind: 'call'; readonly function: string; readonly operand: Expression; readonly shape: Shape };

export type Reference = Extract<Expression, { kind: 'reference' }>;

/** `pow2`: 2^k for an integer k whose power is a normal number; exact. `floor`: towards −∞. */
export type UnaryOperator = 'negate' | 'abs' | 'floor' | 'pow2';

export type BinaryOperator = '+' | '-' | '*' | '/';

/** `name = value`, evaluated once, in order. */
export interface Definition {
  readonly name: string;
  readonly value: Expression;
  /** What the specification says about it. */
  readonly comment?: string | undefined;
}

/** A cell as definitions in the order of its equations; `h'` is the next value of the state `h`. */
export interface CellIr {
  readonly name: string;
  readonly inputs: readonly Reference[];
  readonly states: readonly Reference[];
  readonly parameters: readonly Reference[];
  readonly definitions: readonly Definition[];
}

/** A function of one number for one element type; its result is the last definition. */
export interface FunctionIr {
  readonly name: string;
  readonly operand: string;
  readonly definitions: readonly Definition[];
  /** Largest error in units in the last place. */
  readonly ulp: number;
}

export const reference = (name: string, shape: Shape): Reference => ({ kind: 'reference', name, shape });

export const constant = (value: number): Expression => ({ kind: 'constant', value, shape: [] });

export const binary = (operator: BinaryOperator, left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  operator,
  left,
  right,
  shape: left.shape.length > 0 ? left.shape : right.shape,
});

export const add = (left: Expression, right: Expression): Expression => binary('+', left, right);

/** The expressions directly inside an expression. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'reference':
    case 'constant':
      return [];
    case 'matvec':
      return [expression.matrix, expression.vector];
    case 'vecmat':
      return [...expression.vectors, ...expression.matrices];
    case 'unary':
    case 'call':
    case 'total':
      return [expression.operand];
    case 'binary':
    case 'outer':
      return [expression.left, expression.right];
    case 'select':
      return [expression.left, expression.right, expression.whenTrue, expression.whenFalse];
    default:
      return expression satisfies never;
  }
}

/** Whether a function is called anywhere in an expression. */
export const callsFunction = (expression: Expression): boolean =>
  expression.kind === 'call' || operandsOf(expression).some(callsFunction);

/** The same expression with its direct operands replaced; the matrices of a product stay. */
export function mapOperands(expression: Expression, change: (operand: Expression) => Expression): Expression {
  switch (expression.kind) {
    case 'reference':
    case 'constant':
      return expression;
    case 'matvec':
      return { ...expression, vector: change(expression.vector) };
    case 'vecmat':
      return { ...expression, vectors: expression.vectors.map(change) };
    case 'unary':
    case 'call':
    case 'total':
      return { ...expression, operand: change(expression.operand) };
    case 'binary':
    case 'outer':
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

/** Every name an expression reads. */
export const namesIn = (expression: Expression): readonly string[] =>
  expression.kind === 'reference' ? [expression.name] : operandsOf(expression).flatMap(namesIn);

/** Every name a cell has. */
export const namesOf = ({ inputs, states, parameters, definitions }: CellIr): readonly string[] =>
  [...inputs, ...states, ...parameters, ...definitions].map(({ name }) => name);
