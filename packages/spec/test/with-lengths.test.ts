import { expect, test } from 'vitest';
import { cells } from '../src/catalogue.ts';
import { cell, gru, lstmProjected, termsOf, withLengths } from '../src/index.ts';

test.each(cells.map((each) => [each.name, each] as const))('%s of numbers has no name for a dimension', (_, each) => {
  const shaped = (of: typeof each) => [...of.inputs, ...of.states, ...of.outputs, ...of.parameters, ...of.equations];
  const names = new Set(shaped(each).flatMap(({ shape }) => (shape ?? []).flatMap(termsOf)));
  const lengths = Object.fromEntries([...names].map((name, index) => [name, index + 2]));
  const numbers = shaped(withLengths(each, lengths)).flatMap(({ shape }) => shape ?? []);
  expect(numbers.filter((length) => typeof length !== 'number')).toEqual([]);
});

test('a dimension that is left out keeps its name', () => {
  expect(
    withLengths(gru, { I: 3 })
      .parameters.map(({ shape }) => shape)
      .slice(0, 4),
  ).toEqual([
    ['H', 3],
    ['H', 3],
    ['H', 3],
    ['H', 'H'],
  ]);
});

test('a cell of numbers is called without a shape for what nothing outside says', () => {
  const projected = withLengths(lstmProjected, { I: 3, P: 2, H: 5 });
  const { states } = cell`twice(x[3]) -> b
    a = ${projected}(x)
    b = ${withLengths(lstmProjected, { I: 2, P: 2, H: 5 })}(a)`;
  expect(states).toEqual([
    { name: 'a.h', shape: [2] },
    { name: 'a.c', shape: [5] },
    { name: 'b.h', shape: [2] },
    { name: 'b.c', shape: [5] },
  ]);
});
