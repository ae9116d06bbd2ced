import {
  compile,
  planFor,
  printAdjoint,
  printAdjointLatex,
  printCell,
  printFunction,
  printLatex,
  printPlan,
  printSchedule,
} from '@congruent/codegen';
import { gru } from '@congruent/spec';
import { cells } from '@congruent/spec/catalogue';
import { expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { show, views } from '../src/show.ts';
import { congruent } from './congruent.ts';

const program = compile(gru);
const plans = planFor(program, { reserved: new Set() }, 'float32');
const printed = {
  equations: gru.source,
  ir: printCell(program.ir),
  schedule: printSchedule(program.forward),
  plan: printPlan(plans.forward),
  functions: program.functions.float32.map(printFunction).join('\n\n'),
  latex: printLatex(program.ir),
};

test('show prints the equations', async () => {
  expect(await congruent('show', 'gru')).toEqual({ printed: gru.source, exitCode: 0 });
});

test.each(Object.entries(printed))('show --%s prints that view', async (view, text) => {
  expect(await congruent('show', 'gru', `--${view}`)).toEqual({ printed: text, exitCode: 0 });
});

test('show prints all views that are asked for, in one order', async () => {
  const all = Object.values(printed).join('\n\n');
  expect((await congruent('show', 'gru', ...views.map((view) => `--${view}`).reverse())).printed).toBe(all);
});

test('--adjoint is the backward pass, with --schedule too', async () => {
  expect(await congruent('show', 'gru', '--adjoint')).toEqual({ printed: printAdjoint(program), exitCode: 0 });
  expect((await congruent('show', 'gru', '--adjoint', '--schedule')).printed).toBe(printAdjoint(program));
});

test('--adjoint --plan is the plan of the backward pass, --adjoint --latex its equations in LaTeX', async () => {
  expect((await congruent('show', 'gru', '--plan', '--adjoint')).printed).toBe(printPlan(plans.backward));
  const latex = printAdjointLatex(program.adjoint);
  expect((await congruent('show', 'gru', '--adjoint', '--latex')).printed).toBe(latex);
  expect((await congruent('show', 'gru', '--adjoint', '--latex', '--equations')).printed).toBe(
    `${gru.source}\n\n${latex}`,
  );
});

test('--adjoint with a view that has no other direction prints that, then the backward pass', async () => {
  const { printed } = await congruent('show', 'gru', '--adjoint', '--equations');
  expect(printed).toBe(`${gru.source}\n\n${printAdjoint(program)}`);
});

test.each(cells.map((cell) => [cell.name, cell] as const))('%s is shown in every view', async (name, cell) => {
  expect((await congruent('show', name)).printed).toBe(cell.source);
  for (const adjoint of [false, true]) expect(show(cell, views, adjoint)).toContain(`plan ${name}, `);
});

test('an unknown view is wrong usage', async () => {
  const { printed, exitCode } = await congruent('show', 'gru', '--adjoints');
  expect(printed).toMatch(/^congruent: Unknown option '--adjoints'\. There are: --equations, .*, --adjoint\nTry: /);
  expect(exitCode).toBe(2);
});

test.each([
  [[], 'show takes one cell, e.g. gru, got none'],
  [['gru', 'lstm'], 'show takes one cell, e.g. gru, got gru lstm'],
  [
    ['gur'],
    'there is no cell gur. There are: gru, gru_reset_before, lstm, lstm_projected, rnn_relu, rnn_tanh, ' +
      'those of @congruent/spec/catalogue, and FILE#CELL for one of your own',
  ],
])('show %j is wrong usage', async (words, problem) => {
  const { printed, exitCode } = await congruent('show', ...words);
  expect(printed).toBe(`congruent: ${problem}\nTry: congruent --help`);
  expect(exitCode).toBe(2);
});

test('help names every view and exits with 0, without a command with 2', async () => {
  const { printed, exitCode } = await congruent('--help');
  for (const view of [...views, 'adjoint']) expect(printed).toMatch(new RegExp(`^ {2}--${view} `, 'm'));
  expect(exitCode).toBe(0);
  expect(await congruent()).toEqual({ printed, exitCode: 2 });
  for (const word of ['--help', '-h']) expect(await congruent('show', word)).toEqual({ printed, exitCode: 0 });
});

test('--version prints that of the package', async () => {
  expect(await congruent('--version')).toEqual({ printed: manifest.version, exitCode: 0 });
});

test('an unknown command is wrong usage', async () => {
  const { printed, exitCode } = await congruent('genrate');
  expect(printed).toBe(
    'congruent: there is no command genrate. There are: inspect, convert, generate, export, show\nTry: congruent --help',
  );
  expect(exitCode).toBe(2);
});
