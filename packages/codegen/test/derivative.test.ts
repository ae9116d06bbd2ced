import { defineCell, functions } from '@congruent/spec';
import { describe, expect, test } from 'vitest';
import { type Definition, float64, lowerCell, type MapExpression, printExpression, reference } from '../src/index.ts';
import { partial, times } from '../src/passes/derivative.ts';
import { lowerFunctions } from '../src/passes/lower.ts';
import { Evaluator } from '../src/reference/evaluator.ts';

/** `y = text`, of a, b and h, as IR. */
function definition(text: string) {
  const cell = lowerCell(defineCell(`c(a[H], b[H], h[H]) -> h'\ny = ${text}\nh' = y + a + b + h`));
  return cell.definitions[0] as Definition<MapExpression>;
}

describe('partial derivatives, simplified', () => {
  test.each([
    ['a', '1'],
    ['b', '0'],
    ['2 - a', '-1'],
    ['-a', '-1'],
    ['-(-a)', '1'],
    ['a + a', '1 + 1'],
    ['a * b', 'b'],
    ['a * (-b)', '-b'],
    ['a * a', 'a + a'],
    ['(1 - a) * b + a * h', 'h - b'],
    ['b * (a - h) * h', 'b * h'],
    ['a / 4', '1 / 4'],
    ['a / b', '1 / b'],
    ['-a / b', '-(1 / b)'],
    ['b / a', '-(b / a / a)'],
    ['(b + a) / (2 + a)', '(1 - (b + a) / (2 + a)) / (2 + a)'],
    ['abs(a)', '(if a > 0 then 1 else 0) - (if a < 0 then 1 else 0)'],
    ['max(a, b)', '(if a > b then 1 else (if a < b then 0 else (if abs(a + b) > -1 then 0.5 else 1)))'],
    ['min(a, b)', '(if b > a then 1 else (if b < a then 0 else (if abs(b + a) > -1 then 0.5 else 1)))'],
    ['max(a, a)', '(if a > a then 1 else (if a < a then 1 else (if abs(a + a) > -1 then (1 + 1) * 0.5 else 1 + 1)))'],
  ])('of %s with respect to a: %s', (text, expected) => {
    expect(printExpression(partial(definition(text), 'a'))).toBe(expected);
  });

  test('times the slope of abs is times a factor, so that 0 times an infinity is NaN', () => {
    const product = times(reference('h', ['H']), partial(definition('abs(a)'), 'a'));
    expect(printExpression(product)).toBe('h * ((if a > 0 then 1 else 0) - (if a < 0 then 1 else 0))');
  });

  test('of a function, in terms of its result', () => {
    expect(printExpression(partial(definition('sigmoid(a)'), 'a'))).toBe('y * (1 - y)');
    expect(printExpression(partial(definition('tanh(a)'), 'a'))).toBe('1 - y * y');
    expect(printExpression(partial(definition('relu(a)'), 'a'))).toBe(
      '(if y > 0 then 1 else (if y < 1 then 0 else 1))',
    );
    expect(printExpression(partial(definition('sqrt(a)'), 'a'))).toBe('1 / (2 * y)');
  });

  test('of a function, in terms of its operand, by another function', () => {
    expect(printExpression(partial(definition('log(a)'), 'a'))).toBe('1 / a');
    expect(printExpression(partial(definition('softplus(a)'), 'a'))).toBe('sigmoid(a)');
  });

  test.each([
    ['2 * tanh(a)', 'call'],
    ['2 * abs(a)', 'abs'],
    ['1 + max(a, b)', 'max'],
  ])('of what is written as a call inside an expression, %s: none', (text, what) => {
    expect(() => partial(definition(text), 'a')).toThrow(`${what} has no derivative inside an expression`);
  });

  test('times a choice is chosen after the product, so that an infinite factor does not make 0 into NaN', () => {
    const chosen = partial(definition('max(a, b)'), 'a');
    const product = '(if a > b then h else (if a < b then 0 else (if abs(a + b) > -1 then h * 0.5 else h)))';
    expect(printExpression(times(reference('h', ['H']), chosen))).toBe(product);
    expect(printExpression(times(chosen, reference('h', ['H'])))).toBe(product.replace('h * 0.5', '0.5 * h'));
  });
});

describe.each(Object.values(functions))('the stated derivative of $name', ({ name }) => {
  const called = lowerFunctions(Object.keys(functions), 'float64');
  const value: MapExpression = { kind: 'call', function: name, operand: reference('x', []), shape: [] };
  const definitions = [
    { name: 'y', value },
    { name: 'slope', value: partial({ name: 'y', value }, 'x') },
  ];
  const evaluator = new Evaluator(float64, called);
  const at = (x: number) => evaluator.evaluate(definitions, { x }) as { readonly y: number; readonly slope: number };

  test('is the slope of its operations, from one saturated end to the other', () => {
    const domain = Number.isNaN(at(-1).y) ? 0.51 : -20;
    for (let x = domain; x <= 20; x += 0.37) {
      const by = 2 ** -9;
      const change = (step: number): number => at(x + step).y - at(x - step).y;
      const measured = (8 * change(by) - change(2 * by)) / (12 * by);
      expect(Math.abs(at(x).slope - measured)).toBeLessThan(1e-9 * Math.max(1, Math.abs(measured)));
    }
  });
});
