import type { Definition } from '../ir/definition.ts';
import {
  binary,
  type Comparison,
  type Constant,
  constant,
  type MapExpression,
  negate,
  reference,
  type Select,
  select,
  type Unary,
  unary,
} from '../ir/expression.ts';
import { lowerDerivative } from './lower.ts';

/**
 * The partial derivative of an element-wise definition with respect to a name that it reads, in terms of values of the
 * forward pass; a function's is in terms of its result or its operand.
 *
 * @throws TypeError where what is written as a call stands inside another expression: `nameCalls` gives it a definition
 *   of its own
 */
export function partial({ name, value }: Definition<MapExpression>, of: string): MapExpression {
  if (value.kind === 'call') return lowerDerivative(value.function, reference(name, value.shape), value.operand);
  if (value.kind === 'unary' && value.operator === 'abs') return ofAbsolute(value.operand, slope(value.operand, of));
  if (value.kind === 'binary' && (value.operator === 'max' || value.operator === 'min')) {
    const { operator, left, right } = value;
    const [larger, smaller] = operator === 'max' ? [left, right] : [right, left];
    return ofLarger([larger, smaller], [slope(left, of), slope(right, of)]);
  }
  return slope(value, of);
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
      if (operator === 'max' || operator === 'min') break;
      return over(minus(inner(left), times(expression, inner(right))), right);
    }
    case 'select':
    case 'call':
      break;
    default:
      return expression satisfies never;
  }
  throw new TypeError(
    `${'operator' in expression ? expression.operator : expression.kind} has no derivative inside an expression`,
  );
}

/**
 * The slope of |operand| where that of the operand is `inner`: times the sign, which is 0 at 0 and at NaN. The sign is a
 * difference because it is a factor and chooses nothing: 0 times a NaN or an infinity is NaN, as in PyTorch.
 */
const ofAbsolute = (operand: MapExpression, inner: MapExpression): MapExpression =>
  times(minus(choice('>', operand, ZERO, constant(1), ZERO), choice('<', operand, ZERO, constant(1), ZERO)), inner);

/**
 * `whenLarger` where the first is larger than the second, `whenSmaller` where it is smaller. Equal ones share; where one
 * is NaN, each has its whole slope. This is PyTorch's rule. Of two that no comparison holds of, the sum tells: it is NaN,
 * and so of no magnitude above −1, unless they are equal.
 */
function ofLarger(
  [first, second]: readonly [MapExpression, MapExpression],
  [whenLarger, whenSmaller]: readonly [MapExpression, MapExpression],
): MapExpression {
  const both = plus(whenLarger, whenSmaller);
  const magnitude = unary('abs', plus(first, second));
  const whenNeither = choice('>', magnitude, constant(-1), times(both, constant(0.5)), both);
  return choice('>', first, second, whenLarger, choice('<', first, second, whenSmaller, whenNeither));
}

const ZERO = constant(0);

const isNumber = (expression: MapExpression, value: number): expression is Constant =>
  expression.kind === 'constant' && expression.value === value;

/** Whether it chooses between numbers, or between a number and something else. */
const choosesNumber = (expression: MapExpression): expression is Select<MapExpression> =>
  expression.kind === 'select' && [expression.whenTrue, expression.whenFalse].some(({ kind }) => kind === 'constant');

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

/**
 * left · right, with signs taken outside; times a reciprocal is one division. What is chosen by a comparison is chosen
 * after the product: where the choice is 0, an infinite factor counts for nothing.
 */
export function times(left: MapExpression, right: MapExpression): MapExpression {
  if (isNumber(left, 0) || isNumber(right, 0)) return ZERO;
  if (isNumber(left, 1)) return right;
  if (isNumber(right, 1)) return left;
  if (right.kind === 'binary' && right.operator === '/' && isNumber(right.left, 1)) return over(left, right.right);
  if (choosesNumber(left)) return eachChoice(left, (chosen) => times(chosen, right));
  if (choosesNumber(right)) return eachChoice(right, (chosen) => times(left, chosen));
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

const eachChoice = (
  { comparison, left, right, whenTrue, whenFalse }: Select<MapExpression>,
  change: (chosen: MapExpression) => MapExpression,
): MapExpression => choice(comparison, left, right, change(whenTrue), change(whenFalse));

/** A selection, or the number that both choices are. */
function choice(
  comparison: Comparison,
  left: MapExpression,
  right: MapExpression,
  whenTrue: MapExpression,
  whenFalse: MapExpression,
): MapExpression {
  const isSame = whenTrue.kind === 'constant' && isNumber(whenFalse, whenTrue.value);
  return isSame ? whenTrue : select(comparison, left, right, whenTrue, whenFalse);
}

function negated(operand: MapExpression): MapExpression {
  if (operand.kind === 'constant') return constant(-operand.value);
  return isNegated(operand) ? operand.operand : negate(operand);
}
