import { expect, test } from 'vitest';
import { help, readOptions } from '../src/options.ts';
import { works } from '../src/works.ts';

test('without options every row runs and the page is written', () => {
  const { rows, write } = readOptions([]);
  expect(rows).toEqual([...works.map(({ id }) => id), 'cold', 'page']);
  expect(write).toBe(true);
});

test('a quick run leaves out the long rows and does not overwrite the page', () => {
  const { rows, write } = readOptions(['--quick']);
  expect(rows).toEqual(expect.arrayContaining(['step-24-24', 'cold']));
  expect(rows.filter((id) => works.some((work) => work.id === id && work.long))).toEqual([]);
  expect(write).toBe(false);
});

test('--only takes rows by name, long ones too, and refuses others', () => {
  expect(readOptions(['--only', 'page', '--only', 'batch-64-100-512-512']).rows).toEqual([
    'page',
    'batch-64-100-512-512',
  ]);
  expect(() => readOptions(['--only', 'lstm'])).toThrow(/no row 'lstm'.*step-24-24/);
});

test('whoever is asked for by a part of the name takes part, and the page is not written', () => {
  const { rows, contestants, write } = readOptions(['--contestant', 'webgpu', '--contestant', 'PyTorch']);
  expect(contestants).toEqual(['webgpu', 'PyTorch']);
  expect(rows).toEqual(readOptions([]).rows);
  expect(write).toBe(false);
});

test('against a commit the same rows run, and the page is not written', () => {
  const { against, rows, write } = readOptions(['--against', 'HEAD~']);
  expect(against).toBe('HEAD~');
  expect(rows).toEqual(readOptions([]).rows);
  expect(write).toBe(false);
  expect(() => readOptions(['--against', 'HEAD~', '--write'])).toThrow(/leave one of them out/);
  expect(() => readOptions(['--against'])).toThrow(/argument missing/);
});

test('the help names every row', () => {
  for (const { id } of works) expect(help).toContain(id);
});
