import { type CongruentError, type Tensor, tensor } from '@congruent/runtime';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectCode } from '../../runtime/test/expect-code.ts';
import { takeRows } from '../src/index.ts';

test('the rows asked for, in their order, also more than once, in a fresh tensor', () => {
  const input = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [3, 2, 2]);
  const taken = takeRows(input, [2, 0, 2]);
  expect(taken).toEqual(tensor([9, 10, 11, 12, 1, 2, 3, 4, 9, 10, 11, 12], [3, 2, 2]));
  taken.data.fill(0);
  expect(input.data[8]).toBe(9);
  expect(takeRows(input, [])).toEqual(tensor([], [0, 2, 2]));
  expect(takeRows(tensor(Float64Array.of(1, 2)), [1])).toEqual(tensor(Float64Array.of(2)));
});

test('rows of rows are the rows of the chosen rows', () => {
  const rows = fc.array(fc.nat(4), { minLength: 1 });
  fc.assert(
    fc.property(rows, fc.array(fc.nat(1000)), (first, drawn) => {
      const input = tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [5, 2]);
      const second = drawn.map((row) => row % first.length);
      const chosen = second.map((row) => first[row]!);
      expect(takeRows(takeRows(input, first), second)).toEqual(takeRows(input, chosen));
    }),
    { seed: 1 },
  );
});

const input = tensor([1, 2], [2, 1]);
const refused: readonly (readonly [string, unknown, unknown, CongruentError['code'], string])[] = [
  [
    'a row above',
    input,
    [0, 2],
    'CONGRUENT_OPTION',
    'takeRows: index out of range in self: row 2, of an input of shape [2, 1]',
  ],
  ['a row below', input, [-1], 'CONGRUENT_OPTION', 'row -1'],
  ['a row between', input, [0.5], 'CONGRUENT_OPTION', 'row 0.5'],
  ['a number for the rows', input, 1, 'CONGRUENT_OPTION', 'rows must be an array of integers, got 1'],
  ['a scalar', tensor([1], []), [0], 'CONGRUENT_SHAPE', 'must have rows, [N, ...], got the scalar []'],
  ['a list', [1, 2], [0], 'CONGRUENT_SHAPE', 'takeRows: input must be a tensor'],
];
test.each(refused)('refuses %s', (_, given, rows, code, text) =>
  expectCode(() => takeRows(given as Tensor, rows as number[]), code, text),
);
