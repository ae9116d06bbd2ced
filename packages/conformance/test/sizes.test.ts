import { expect, test } from 'vitest';
import { specified } from '../src/checks/sizes.ts';
import { kinds } from '../src/kinds/kinds.ts';
import { digestsOf, keyOf } from '../src/oracle/digests.ts';
import { COLUMNS, coveringCases, enclosedCases, ROWS, sizeCases } from '../src/vectors/size-cases.ts';

const cases = sizeCases.flat();

test('every pair of rows, features and hidden units meets, and pairs with rows meet once', () => {
  const sizes = cases.map(({ batch, config }) => [batch, config.inputSize, config.hiddenSize] as const);
  const pairs = (a: 0 | 1 | 2, b: 0 | 1 | 2) => sizes.map((size) => `${size[a]} ${size[b]}`);
  const all = (left: readonly number[], right: readonly number[]) =>
    left.flatMap((a) => right.map((b) => `${a} ${b}`)).sort();
  expect(pairs(0, 1).sort()).toEqual(all(ROWS, COLUMNS));
  expect(pairs(0, 2).sort()).toEqual(all(ROWS, COLUMNS));
  expect([...new Set(pairs(1, 2))].sort()).toEqual(all(COLUMNS, COLUMNS));
});

test('the cases for intervals meet every number of rows, features and hidden units', () => {
  expect(enclosedCases.map(({ batch }) => batch)).toEqual(ROWS);
  expect(new Set(enclosedCases.map(({ config }) => config.inputSize))).toEqual(new Set(COLUMNS));
  expect(new Set(enclosedCases.map(({ config }) => config.hiddenSize))).toEqual(new Set(COLUMNS));
});

test('vectors/blocks.json is what the interpreter gives', async () => {
  const all = [...cases, ...kinds.slice(1).flatMap(coveringCases)];
  const vectors = all.flatMap((vector) => [vector, { ...vector, dtype: 'float64' as const }]);
  const digests = vectors.map((vector) => [keyOf(vector), digestsOf(vector, specified(vector))] as const);
  const text = `${JSON.stringify(Object.fromEntries(digests), undefined, 1)}\n`;
  await expect(text).toMatchFileSnapshot('../vectors/blocks.json');
}, 120_000);
