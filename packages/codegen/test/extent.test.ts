import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Extent, evaluate, offsetsOf, printExtent, product, sizeOf, sum, total, up } from '../src/plan/extent.ts';

const LENGTHS = { H: 5, I: 3, G: 7 };

/** What an extent prints as, evaluated in JavaScript. */
const printedValue = (extent: Extent): number =>
  new Function('H', 'I', 'G', 'up', 'min', 'max', `return ${printExtent(extent)};`)(
    ...Object.values(LENGTHS),
    (of: number, to: number) => to * Math.ceil(of / to),
    Math.min,
    Math.max,
  ) as number;

const anyExtent: fc.Arbitrary<Extent> = fc.letrec<{ extent: Extent }>((tie) => {
  const some = fc.array(tie('extent'), { minLength: 0, maxLength: 3 });
  const two = fc.tuple(tie('extent'), tie('extent'));
  return {
    extent: fc.oneof(
      { maxDepth: 4 },
      fc.oneof<fc.Arbitrary<Extent>[]>(fc.nat(9), fc.constantFrom('H', 'I', 'G')),
      some.map((of) => sum(...of)),
      some.map((of) => product(...of)),
      fc.tuple(tie('extent'), fc.constantFrom(1, 4, 8)).map(([of, to]) => up(of, to)),
      fc.tuple(fc.constantFrom('min', 'max'), two).map(([kind, of]): Extent => ({ kind: kind as 'min' | 'max', of })),
    ),
  };
}).extent;

test('any extent prints as what it evaluates to', () => {
  fc.assert(
    fc.property(anyExtent, (extent) => {
      expect(printedValue(extent)).toBe(evaluate(extent, LENGTHS));
    }),
    { seed: 1 },
  );
});

test('sums and products of any extents evaluate to the sum and the product', () => {
  const reduce = (of: readonly Extent[], by: (left: number, right: number) => number, start: number): number =>
    of.map((each) => evaluate(each, LENGTHS)).reduce(by, start);
  fc.assert(
    fc.property(fc.array(anyExtent, { maxLength: 4 }), (of) => {
      expect(evaluate(sum(...of), LENGTHS)).toBe(reduce(of, (left, right) => left + right, 0));
      expect(evaluate(product(...of), LENGTHS)).toBe(reduce(of, (left, right) => left * right, 1));
    }),
    { seed: 2 },
  );
});

test('numbers become one in front, what adds 0 or is multiplied by 1 goes, brackets stand where a sum is a factor', () => {
  expect(printExtent(sum('H', 1, sum(2, 'I')))).toBe('3 + H + I');
  expect(printExtent(product('H', 2, product(3, 'I')))).toBe('6 * H * I');
  expect([sum('H', 0), product('H', 1), product('H', 0), sum(), product(), up('H', 1)]).toEqual([
    'H',
    'H',
    0,
    0,
    1,
    'H',
  ]);
  expect(printExtent(product(2, sum('H', 'I')))).toBe('2 * (H + I)');
  expect(printExtent(sum(up(sum('H', 1), 4), product('H', 'I')))).toBe('up(1 + H, 4) + H * I');
});

test('shapes one after the other: their total, and where each begins', () => {
  const shapes = [['H'], ['H', 'I'], [], ['H']];
  expect(printExtent(total(shapes))).toBe('1 + 2 * H + H * I');
  expect(offsetsOf(shapes).map(printExtent)).toEqual(['0', 'H', 'H + H * I', '1 + H + H * I']);
  expect([sizeOf([]), sizeOf(['H']), total([])]).toEqual([1, 'H', 0]);
});
