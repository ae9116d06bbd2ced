import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cells as catalogue } from '../src/catalogue.ts';
import * as spec from '../src/index.ts';

const cells = Object.values(spec).filter(
  (value): value is spec.Cell => typeof value === 'object' && 'equations' in value,
);

test('every cell that is exported stands in the file of its name, and no other file is there', () => {
  const files = readdirSync(new URL('../src/cells/', import.meta.url));
  expect(cells.map(({ name }) => `${name}.ts`).sort()).toEqual(files.sort());
});

test('every cell that is exported is part of the catalogue', () => {
  expect(catalogue).toEqual(expect.arrayContaining(cells));
  expect(new Set(catalogue).size).toBe(catalogue.length);
});

test.each(cells.map((cell) => [cell.name, cell] as const))('%s is stated in at most 20 lines', (_, { source }) => {
  expect(source.split('\n').length).toBeLessThanOrEqual(20);
});

test.each([
  ['gru_reset_before', 'weight_ih weight_hh bias_ih bias_hh'],
  ['lstm', 'weight_ih weight_hh bias_ih bias_hh'],
  ['lstm_projected', 'weight_ih weight_hh bias_ih bias_hh weight_hr'],
  ['rnn_tanh', 'weight_ih weight_hh bias_ih bias_hh'],
  ['rnn_relu', 'weight_ih weight_hh bias_ih bias_hh'],
])('%s has the tensors of torch, in its order: %s', (name, tensors) => {
  const { layouts } = cells.find((cell) => cell.name === name)!;
  expect(layouts[0]!.name).toBe('torch');
  expect(layouts[0]!.tensors.map((tensor) => tensor.name).join(' ')).toBe(tensors);
});
