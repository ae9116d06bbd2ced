import type { Definition } from '../ir/definition.ts';
import {
  binary,
  type Constant,
  constant,
  type MapExpression,
  negate,
  reference,
  type Unary,
} from '../ir/expression.ts';
import { lowerDerivative } from './lower.ts';

/**
 * The partial derivative of an element-wise definition with respect to a name that it reads, in terms of values of the
 * forward pass; a function's is in terms of its result.
 *
 * @throws TypeError where a function stands inside another expression: `nameCalls` gives it a definition of its own
 */
export function partial({ name, value }: Definition<MapExpression>, of: string): MapExpression {
  if (value.kind !== 'call') return slope(value, of);
  return lowerDerivative(value.function, reference(name, value.shape), value.operand);
}

function slope(expression: MapExpression, of: string): MapExpression {
  const inner = (operand: MapExpression): MapExpression => slope(operand, of);
  switch (expression.kind) {
    case 'reference':
      return expression.name === of ? constant(1) : ZERO;
    case 'constant':
      return ZERO;
    case 'unary':
      if (expression.operator === 'negate') return negated(inner(expression.operand));
      break;
    case 'binary': {
      const { operator, left, right } = expression;
      if (operator === '+') return plus(inner(left), inner(right));
      if (operator === '-') return minus(inner(left), inner(right));
      if (operator === '*') return plus(times(inner(left), right), times(left, inner(right)));
      return over(minus(inner(left), times(expression, inner(right))), right);
    }
    case 'select':
    case 'call':
      break;
    default:
      return expression satisfies never;
  }
  throw new TypeError(`${expression.kind} has no derivative inside an expression`);
}

const ZERO = constant(0);

const isNumber = (expression: MapExpression, value: number): expression is Constant =>
  expression.kind === 'constant' && expression.value === value;

const isNegated = (expression: MapExpression): expression is Unary<MapExpression> =>
  expression.kind === 'unary' && expression.operator === 'negate';

/** left + right, without what adds nothing. */
export function plus(left: MapExpression, right: MapExpression): MapExpression {
  if (isNumber(left, 0)) return right;
  if (isNumber(right, 0)) return left;
  if (isNegated(right)) return minus(left, right.operand);
  return isNegated(left) ? minus(right, left.operand) : binary('+', left, right);
}

function minus(left: MapExpression, right: MapExpression): MapExpression {
  if (isNumber(left, 0)) return negated(right);
  return isNumber(right, 0) ? left : binary('-', left, right);
}

/** left · right, with signs taken outside; times a reciprocal is one division. */
export function times(left: MapExpression, right: MapExpression): MapExpression {
  if (isNumber(left, 0) || isNumber(right, 0)) return ZERO;
  if (isNumber(left, 1)) return right;
  if (isNumber(right, 1)) return left;
  if (right.kind === 'binary' && right.operator === '/' && isNumber(right.left, 1)) return over(left, right.right);
  if (isNegated(left)) return negated(times(left.operand, right));
  if (isNegated(right)) return negated(times(left, right.operand));
  if (isNumber(left, -1)) return negated(right);
  return isNumber(right, -1) ? negated(left) : binary('*', left, right);
}

function over(left: MapExpression, right: MapExpression): MapExpression {
  if (isNumber(left, 0)) return ZERO;
  if (isNumber(left, -1)) return negated(over(constant(1), right));
  return isNegated(left) ? negated(over(left.operand, right)) : binary('/', left, right);
}

function negated(operand: MapExpression): MapExpression {
  if (operand.kind === 'constant') return constant(-operand.value);
  return isNegated(operand) ? operand.operand : negate(operand);
}
