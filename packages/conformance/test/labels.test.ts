/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { compile, lowerCell, printAdjoint, printLatex, printSchedule } from '@congruent/codegen';
import { type Cell, functions, gru, gruResetBefore, lstm, lstmProjected, rnnRelu, rnnTanh } from '@congruent/spec';
import { describe, expect, test } from 'vitest';
import { checks } from '../src/index.ts';

const page = (name: string): string => readFileSync(new URL(`../../../docs/spec/${name}.md`, import.meta.url), 'utf8');
const byNumber = (labels: Iterable<string>): string[] =>
  [...new Set(labels)].sort((a, b) => a[0]!.localeCompare(b[0]!) || Number(a.slice(1)) - Number(b.slice(1)));

const definedIn = (text: string): string[] =>
  byNumber([...text.matchAll(/\*\*([EPC]\d+)\*\*/g)].map(([, label]) => label!));
const carriedBy = (...cells: readonly Cell[]): string[] =>
  byNumber(
    checks
      .filter(({ kind }) => cells.includes(kind.cell))
      .flatMap(({ title }) => title.split(':')[0]!.split(' '))
      .filter((word) => /^[EPC]\d+$/.test(word)),
  );

const ofGru = definedIn(page('gru'));

test('every label of docs/spec/gru.md is carried by a check, and the other way round', () => {
  expect(carriedBy(gru)).toEqual(ofGru);
  expect(ofGru).toEqual(expect.arrayContaining(carriedBy(gruResetBefore)));
});

describe.each([
  ['lstm', [lstm, lstmProjected]],
  ['rnn', [rnnTanh, rnnRelu]],
] as const)('docs/spec/%s.md', (name, cells) => {
  const own = definedIn(page(name));
  const carried = carriedBy(...cells);

  test('every label is carried by a check of its cells', () => {
    expect(carried).toEqual(expect.arrayContaining(own));
  });

  test('every label that such a check carries is there, or in gru.md where it is about no equation', () => {
    const others = carried.filter((label) => !own.includes(label));
    expect(ofGru).toEqual(expect.arrayContaining(others));
    expect(others.filter((label) => /^E[1-4]$/.test(label))).toEqual([]);
  });
});

test('every check has a title of its own', () => {
  const titles = checks.map(({ title }) => title);
  expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
});

test('every check but those of the GRU begins with the name of its cell', () => {
  const others = checks.filter(({ kind }) => kind.cell !== gru);
  expect(others.filter(({ title, kind }) => !title.startsWith(`${kind.cell.name} `))).toEqual([]);
});

/** Everything that the specification says of a cell. */
const all = (cell: Cell): [what: string, text: string][] => [
  ['the equations', cell.source],
  ['the equations in LaTeX', printLatex(lowerCell(cell))],
  ['the schedule', printSchedule(compile(cell).forward)],
  ['the backward pass', printAdjoint(compile(cell))],
];

const blocks = [
  ...all(gru).map((block) => ['gru', 'gru', ...block] as const),
  ['gru', 'gru_reset_before', 'the equations', gruResetBefore.source],
  ['gru', 'gru', 'sigmoid', functions['sigmoid']!.source],
  ['gru', 'gru', 'tanh', functions['tanh']!.source],
  ...[lstm, lstmProjected].flatMap((cell) => all(cell).map((block) => ['lstm', cell.name, ...block] as const)),
  ...[rnnTanh, rnnRelu].flatMap((cell) => all(cell).map((block) => ['rnn', cell.name, ...block] as const)),
  ['rnn', 'rnn_relu', 'relu', functions['relu']!.source],
] as const;

test.each(blocks)('docs/spec/%s.md has, of %s, %s of the specification', (name, _, __, source) => {
  expect(page(name)).toContain(`\n${source}\n`);
});
