import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** A folder with backends whose emitters make one file each. */
function workspace(...backends: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'congruent-generate-'));
  for (const name of backends) {
    const folder = join(root, 'packages', name, 'codegen');
    mkdirSync(join(folder, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'index.ts'), '');
    const emitter = `{ name: '${name}', emit: () => [{ path: 'cell.ts', contents: '// ${name}' }] }`;
    writeFileSync(join(folder, 'dist', 'index.js'), `export default ${emitter};`);
  }
  return root;
}

test('generate writes the files of every backend, with --backend those of one', async () => {
  const root = workspace('one', 'two');
  expect((await congruent('generate', '--root', root, '--backend', 'two', '--check')).exitCode).toBe(1);
  vi.resetModules();
  const { printed, exitCode } = await congruent('generate', '--root', root, '--backend', 'two');
  expect(printed).toContain('two: 1 of 1 files changed');
  expect(printed).not.toContain('one:');
  expect(exitCode).toBe(0);
  vi.resetModules();
  const all = await congruent('generate', '--root', root);
  expect(all.printed).toContain('one: 1 of 1 files changed');
  expect(all.printed).toContain('two: nothing changed');
  rmSync(root, { recursive: true });
});

test('generate --backend names the emitter that does not exist', async () => {
  const root = workspace('one');
  const { printed, exitCode } = await congruent('generate', '--root', root, '--backend', 'three');
  expect(printed).toContain(`${join(root, 'packages/three/codegen/index.ts')}, its emitter, does not exist`);
  expect(exitCode).toBe(1);
  rmSync(root, { recursive: true });
});
