import { describe, expect, test } from 'vitest';
import { findExtrema, fold, fuseProducts, javascript, type Table, type TargetExpression } from '../src/index.ts';

const name = (of: string): TargetExpression => ({ kind: 'reference', name: of });
const [a, b, c, d] = [name('a'), name('b'), name('c'), name('d')];

type Operator = '+' | '-' | '*' | '/';

const binary = (operator: Operator, left: TargetExpression, right: TargetExpression): TargetExpression => {
  return { kind: 'binary', operator, left, right };
};

const select = (comparison: '<' | '>', ...operands: readonly TargetExpression[]): TargetExpression => {
  const [left, right, whenTrue, whenFalse] = operands as [TargetExpression, ...TargetExpression[]];
  return { kind: 'select', comparison, left, right: right!, whenTrue: whenTrue!, whenFalse: whenFalse! };
};

const WORDS = { abs: 'abs', floor: 'floor', pow2: 'pow2', sqrt: 'sqrt', max: 'max', min: 'min' };

/** The larger operations as calls, all others as in JavaScript. */
const words: Table<{ text: string; strength: number }> = {
  ...javascript(WORDS),
  fused: (operator, addend, left, right) => {
    return { text: `fused(${addend.text} ${operator} ${left.text}, ${right.text})`, strength: 9 };
  },
  extremum: (which, left, right) => ({ text: `${which}(${left.text}, ${right.text})`, strength: 9 }),
};

const after = (expression: TargetExpression, pass: Table<TargetExpression>): string =>
  fold(fold(expression, pass), words).text;

describe('products are fused', () => {
  test.each([
    [binary('+', a, binary('*', b, c)), 'fused(a + b, c)'],
    [binary('+', binary('*', b, c), a), 'fused(a + b, c)'],
    [binary('-', a, binary('*', b, c)), 'fused(a - b, c)'],
    [binary('+', binary('*', a, b), binary('*', c, d)), 'fused(a * b + c, d)'],
    [binary('*', binary('+', a, binary('*', b, c)), d), 'fused(a + b, c) * d'],
  ])('%# %j', (expression, text) => {
    expect(after(expression, fuseProducts)).toBe(text);
  });

  test.each([
    [binary('-', binary('*', a, b), c), 'a * b - c'],
    [binary('/', a, binary('*', b, c)), 'a / (b * c)'],
    [binary('+', a, { kind: 'unary', operator: 'negate', operand: binary('*', b, c) }), 'a + -(b * c)'],
  ])('but not where no sum of one waits: %# %j', (expression, text) => {
    expect(after(expression, fuseProducts)).toBe(text);
  });
});

describe('selections of what they compare are extrema', () => {
  const zero: TargetExpression = { kind: 'constant', value: 0 };
  const minusZero: TargetExpression = { kind: 'constant', value: -0 };
  test.each([
    [select('<', a, b, a, b), 'min(a, b)'],
    [select('<', a, b, b, a), 'max(a, b)'],
    [select('>', a, b, b, a), 'min(b, a)'],
    [select('>', a, b, a, b), 'max(b, a)'],
    [select('<', binary('+', a, b), zero, binary('+', a, b), zero), 'min(a + b, 0)'],
    [select('<', select('<', a, b, a, b), c, select('<', a, b, a, b), c), 'min(min(a, b), c)'],
  ])('%# %j', (expression, text) => {
    expect(after(expression, findExtrema)).toBe(text);
  });

  test.each([
    [select('<', a, b, a, c), 'a < b ? a : c'],
    [select('<', binary('+', a, b), c, binary('+', b, a), c), 'a + b < c ? b + a : c'],
    [select('<', a, zero, a, minusZero), 'a < 0 ? a : -0'],
  ])('but nothing else: %# %j', (expression, text) => {
    expect(after(expression, findExtrema)).toBe(text);
  });
});

test('a table without a word for what a pass made is refused', () => {
  const fused = fold(binary('+', a, binary('*', b, c)), fuseProducts);
  expect(() => fold(fused, javascript(WORDS))).toThrow('no word for fused');
});
