/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { compile, lowerCell, printAdjoint, printLatex, printSchedule } from '@congruent/codegen';
import { functions, gru } from '@congruent/spec';
import { expect, test } from 'vitest';
import { checks } from '../src/index.ts';

const text = readFileSync(new URL('../../../docs/spec/gru.md', import.meta.url), 'utf8');
const byNumber = (labels: Iterable<string>): string[] =>
  [...new Set(labels)].sort((a, b) => a[0]!.localeCompare(b[0]!) || Number(a.slice(1)) - Number(b.slice(1)));

test('every label of docs/spec/gru.md is carried by a check, and the other way round', () => {
  const defined = byNumber([...text.matchAll(/\*\*([EPC]\d+)\*\*/g)].map(([, label]) => label!));
  const carried = byNumber(checks.flatMap(({ title }) => title.split(':')[0]!.split(' ')));
  expect(carried).toEqual(defined);
});

test('every check has a title of its own', () => {
  const titles = checks.map(({ title }) => title);
  expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
});

test.each([
  ['the equations', gru.source],
  ['the equations in LaTeX', printLatex(lowerCell(gru))],
  ['the schedule', printSchedule(compile(gru).forward)],
  ['the backward pass', printAdjoint(compile(gru))],
  ['sigmoid', functions['sigmoid']!.source],
  ['tanh', functions['tanh']!.source],
])('docs/spec/gru.md has %s of the specification', (_, source) => {
  expect(text).toContain(`\n${source}\n`);
});
