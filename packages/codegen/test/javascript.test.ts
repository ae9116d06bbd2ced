import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Arithmetic, float32, float64, fold, javascript, type MapExpression } from '../src/index.ts';
import { anyMap } from './random-maps.ts';

type Numbers = Readonly<Record<'a' | 'b' | 'c', number>>;

const number = fc.oneof(fc.constantFrom(0, -0, 1, -1, Infinity, -Infinity, Number.NaN), fc.double());

const names = { pow2: '2 **' };

/** What the printed expression evaluates to. */
function evaluated(text: string, { a, b, c }: Numbers): number {
  return new Function('a', 'b', 'c', `return ${text};`)(a, b, c) as number;
}

const computed = (expression: MapExpression, arithmetic: Arithmetic<number>, values: Numbers): number =>
  fold<number>(expression, {
    ...arithmetic,
    reference: (name) => values[name as 'a'],
    call: () => Number.NaN,
  });

test('what is printed in JavaScript has the bits of the arithmetic: signs, brackets, selects in selects', () => {
  fc.assert(
    fc.property(anyMap, fc.record({ a: number, b: number, c: number }), (expression, values) => {
      const { text } = fold(expression, javascript(names));
      expect(evaluated(text, values)).toBe(computed(expression, float64, values));
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test('with every operation rounded it has the bits of float32', () => {
  const table = javascript({ ...names, round: 'Math.fround' });
  const rounded = { ...table, constant: (value: number) => table.constant(Math.fround(value)) };
  const float = number.map(Math.fround);
  fc.assert(
    fc.property(anyMap, fc.record({ a: float, b: float, c: float }), (expression, values) => {
      const { text } = fold(expression, rounded);
      expect(evaluated(text, values)).toBe(computed(expression, float32, values));
    }),
    { seed: 2, numRuns: 1000 },
  );
});
