import { gru } from '@congruent/spec';
import { afterEach, expect, test, vi } from 'vitest';
import { compile, printAdjoint, printAdjointLatex, printLatex } from '../src/index.ts';

const { argv } = process;

afterEach(() => {
  process.argv = argv;
  process.exitCode = undefined;
  vi.restoreAllMocks();
  vi.resetModules();
});

/** What `congruent` prints, and its exit code. */
async function congruent(...args: readonly string[]): Promise<{ printed: string; exitCode: unknown }> {
  const lines: unknown[] = [];
  const print = (line: unknown): void => void lines.push(line);
  vi.spyOn(console, 'log').mockImplementation(print);
  vi.spyOn(console, 'error').mockImplementation(print);
  process.argv = ['node', 'congruent', ...args];
  await import('../src/cli.ts');
  return { printed: lines.join('\n'), exitCode: process.exitCode };
}

const { ir, adjoint } = compile(gru);

test('show --adjoint prints the backward pass', async () => {
  expect(await congruent('show', 'gru', '--adjoint')).toEqual({ printed: printAdjoint(adjoint), exitCode: 0 });
});

test('show --latex prints the equations, with --adjoint those of the backward pass', async () => {
  expect((await congruent('show', 'gru', '--latex')).printed).toBe(printLatex(ir));
  vi.resetModules();
  expect((await congruent('show', 'gru', '--latex', '--adjoint')).printed).toBe(printAdjointLatex(adjoint));
});

test('show --adjoint --latex with another view prints that first', async () => {
  const { printed } = await congruent('show', 'gru', '--adjoint', '--latex', '--equations');
  expect(printed).toBe(`${gru.source}\n\n${printAdjointLatex(adjoint)}`);
});

test('an unknown view is wrong usage', async () => {
  const { printed, exitCode } = await congruent('show', 'gru', '--adjoints');
  expect(printed).toContain('--adjoints');
  expect(printed).toContain('Try: congruent --help');
  expect(exitCode).toBe(2);
});
