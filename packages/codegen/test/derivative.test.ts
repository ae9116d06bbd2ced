import { defineCell, functions } from '@congruent/spec';
import { describe, expect, test } from 'vitest';
import {
  type Definition,
  float64,
  interpretFunction,
  lowerCell,
  lowerFunction,
  type MapExpression,
  printExpression,
  reference,
} from '../src/index.ts';
import { partial } from '../src/passes/derivative.ts';

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
  ])('of %s with respect to a: %s', (text, expected) => {
    expect(printExpression(partial(definition(text), 'a'))).toBe(expected);
  });

  test('of a function, in terms of its result', () => {
    expect(printExpression(partial(definition('sigmoid(a)'), 'a'))).toBe('y * (1 - y)');
    expect(printExpression(partial(definition('tanh(a)'), 'a'))).toBe('1 - y * y');
  });

  test('of a function inside an expression: none', () => {
    expect(() => partial(definition('2 * tanh(a)'), 'a')).toThrow('call has no derivative inside an expression');
  });
});

describe.each(Object.values(functions))('the stated derivative of $name', ({ name }) => {
  const called = lowerFunction(functions[name]!, 'float64');
  const value: MapExpression = { kind: 'call', function: name, operand: reference('x', []), shape: [] };

  test('is the slope of its operations, from one saturated end to the other', () => {
    const slope = partial({ name: 'y', value }, 'x');
    const at = (x: number): number => interpretFunction(called, float64, x);
    for (let x = -20; x <= 20; x += 0.37) {
      const definitions = [{ name: 'slope', value: slope }];
      const stated = interpretFunction({ name: 'slope', operand: 'y', definitions, ulp: 0 }, float64, at(x));
      const by = 2 ** -9;
      const measured = (8 * (at(x + by) - at(x - by)) - (at(x + 2 * by) - at(x - 2 * by))) / (12 * by);
      expect(Math.abs(stated - measured)).toBeLessThan(1e-9);
    }
  });
});
