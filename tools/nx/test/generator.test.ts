import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { FsTree, flushChanges } from 'nx/src/generators/tree.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import backend from '../generator.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'congruent-workspace-'));

/** What a backend needs beside itself: the workspace's manifests, and the packages it is built with. */
const MANIFESTS = [
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'tools/check/lock.mjs',
  'tools/nx/bundle.mjs',
  'tools/nx/licenses.mjs',
  'tools/nx/Apache-2.0.txt',
  ':(glob)*/*/package.json',
  ':(glob)docs/examples/*/package.json',
];
const PACKAGES = ['spec', 'codegen', 'cli', 'models', 'runtime'].flatMap((name) =>
  ['src', 'tsconfig.json'].map((path) => `packages/${name}/${path}`),
);

const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { cwd: copy, encoding: 'utf8', env: { ...process.env, npm_config_audit: 'false' } });

beforeAll(() => {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...MANIFESTS, ...PACKAGES], {
    cwd: root,
  });
  for (const path of listed.toString().trim().split('\n')) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    copyFileSync(join(root, path), join(copy, path));
  }
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** The paths that the generator writes. */
function generate(options: Parameters<typeof backend>[1]): readonly string[] {
  const tree = new FsTree(copy, false);
  backend(tree, options);
  const changes = tree.listChanges();
  flushChanges(copy, changes);
  return changes.map(({ path }) => path).sort();
}

test('a backend is one folder and a changeset', () => {
  expect(generate({ name: 'sample' })).toEqual([
    '.changeset/sample.md',
    'packages/sample/README.md',
    'packages/sample/codegen/index.ts',
    'packages/sample/codegen/tsconfig.json',
    'packages/sample/package.json',
    'packages/sample/src/define.ts',
    'packages/sample/src/index.ts',
    'packages/sample/test/conformance.test.ts',
    'packages/sample/tsconfig.json',
    'packages/sample/vitest.config.ts',
  ]);
  const files = readdirSync(join(copy, 'packages/sample'), { recursive: true, withFileTypes: true });
  for (const { parentPath, name } of files.filter((entry) => entry.isFile())) {
    expect(readFileSync(join(parentPath, name), 'utf8')).not.toMatch(/__[nv]ame__|__version__/i);
  }
  expect(readFileSync(join(copy, 'packages/sample/test/conformance.test.ts'), 'utf8').split('\n').length).toBeLessThan(
    16,
  );
});

test('it is the backend that the documentation builds', () => {
  const page = readFileSync(join(root, 'docs/adding-a-backend.md'), 'utf8');
  for (const path of ['codegen/index.ts', 'src/define.ts', 'src/index.ts', 'test/conformance.test.ts']) {
    const [, block] = new RegExp(`^\`\`\`ts file=${path}\n(.*?)^\`\`\`$`, 'ms').exec(page)!;
    expect(readFileSync(join(copy, 'packages/sample', path), 'utf8')).toBe(block!.replaceAll('plain', 'sample'));
  }
});

test('its lock file is whole, without a look at a registry', () => {
  run('npm', 'install', '--package-lock-only', '--offline', '--no-fund');
  run('node', 'tools/check/lock.mjs');
  expect(JSON.parse(readFileSync(join(copy, 'package-lock.json'), 'utf8')).packages['packages/sample']).toBeDefined();
});

// Later than the lock file: npm writes into node_modules, which here is that of the workspace.
const install = (): void => symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir');

test.each([
  { name: 'sample', isAsync: false },
  { name: 'promised', isAsync: true },
])('its emitter makes code that builds, and that runs GRU, LSTM and RNN: $name', async ({ name, isAsync }) => {
  if (isAsync) generate({ name, async: true });
  if (!existsSync(join(copy, 'node_modules'))) install();
  run('npx', 'tsc', '-b', 'packages/cli', `packages/${name}/codegen`);
  expect(run('node', 'packages/cli/dist/cli.js', 'generate', '--backend', name)).toContain(`${name}: 6 of 6`);
  run('npm', 'run', 'build', '-w', `packages/${name}`);
  const { GRU, LSTM, RNN, tensor, backend } = await import(
    pathToFileURL(join(copy, `packages/${name}/dist/index.js`)).href
  );
  expect(backend.name).toBe(name);
  expect(backend.supports.sync).toBe(!isAsync);
  for (const [kind, option] of [
    [GRU, { resetAfter: false }],
    [LSTM, { projSize: 2 }],
    [RNN, { nonlinearity: 'relu' }],
  ]) {
    for (const more of [{}, option]) {
      const layer = await kind.create({ inputSize: 2, hiddenSize: 3, ...more });
      const { output, pullback } = await layer.vjp(tensor([0.1, 0.2, 0.3, 0.4], [2, 1, 2]));
      expect(output.shape).toEqual([2, 1, more.projSize ?? 3]);
      expect((await pullback({ output })).input.shape).toEqual([2, 1, 2]);
      const stream = layer.stream();
      expect(await stream.step(new Float32Array(2))).toHaveLength(more.projSize ?? 3);
    }
  }
});

test('what cannot be a backend is refused with the remedy', () => {
  expect(() => generate({ name: 'sample' })).toThrow('packages/sample exists. Choose another name, or delete it.');
  expect(() => generate({ name: 'My-C' })).toThrow("My-C cannot be a backend's name: small letters and digits only");
  expect(() => generate({ name: 'both', host: true, async: true })).toThrow('give --host or --async, not both');
});
