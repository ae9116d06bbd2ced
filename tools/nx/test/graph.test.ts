import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createNodes } from '../plugin.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What Nx prints as JSON. */
function nx(...args: readonly string[]) {
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' };
  const { stdout, stderr } = spawnSync('npx', ['nx', ...args, '--json'], { cwd: root, env, encoding: 'utf8' });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout);
}

const filesOf = (task: string): readonly string[] => nx('show', 'target', 'inputs', task).files;

test('a heading of docs/errors.md is an input of the tests of runtime', () => {
  expect(filesOf('@congruent/runtime:test')).toContain('docs/errors.md');
});

test('sources, emitter and generated code of every backend are inputs of the digits', () => {
  const files = filesOf('@congruent/digits:test');
  for (const name of ['gpujs', 'scalar', 'wasm']) {
    expect(files).toContain(`packages/${name}/src/index.ts`);
    expect(files).toContain(`packages/${name}/codegen/index.ts`);
    expect(files.some((path) => path.startsWith(`packages/${name}/src/generated/`))).toBe(true);
  }
});

test('generated code follows from emitter, compiler and command, and from nothing else', () => {
  const files = filesOf('@congruent/scalar:generate');
  const folders = new Set(files.map((path) => path.split('/').slice(0, 3).join('/')));
  expect([...folders].filter((folder) => folder.startsWith('packages/')).sort()).toEqual([
    'packages/cli/package.json',
    'packages/cli/src',
    'packages/cli/tsconfig.json',
    'packages/codegen/package.json',
    'packages/codegen/src',
    'packages/codegen/tsconfig.json',
    'packages/congruent/bin',
    'packages/scalar/codegen',
    'packages/scalar/package.json',
    'packages/spec/package.json',
    'packages/spec/src',
    'packages/spec/tsconfig.json',
  ]);
});

test('a package with an emitter has the targets of a backend, and names none itself', async () => {
  const context = { workspaceRoot: root, nxJsonConfiguration: {} };
  const inferred = await createNodes[1](['packages/scalar/package.json', 'packages/spec/package.json'], {}, context);
  const [backend, other] = inferred.map(([, { projects }]) => Object.values(projects ?? {})[0]);
  expect(backend?.tags).toEqual(['backend']);
  expect(Object.keys(backend?.targets ?? {})).toEqual([
    'inputs',
    'build:codegen',
    'generate',
    'generate:check',
    'conformance',
  ]);
  expect(backend?.targets?.['conformance']?.options.command).toBe('congruent-conformance @congruent/scalar');
  expect(Object.keys(other?.targets ?? {})).toEqual(['inputs']);
});

test('what a pull request changes decides what is run: a page of the documentation, an emitter', () => {
  const affected = (file: string): readonly string[] => nx('show', 'projects', '--affected', `--files=${file}`);
  expect(affected('docs/errors.md')).toContain('@congruent/runtime');
  expect(affected('packages/wasm/codegen/index.ts')).toEqual(
    expect.arrayContaining(['@congruent/wasm', '@congruent/digits', '@congruent/workspace']),
  );
});
