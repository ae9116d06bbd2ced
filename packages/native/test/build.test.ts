import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import build, { type Compiler, compileAddon, compileUnits, findCompiler, variantsFor } from '../build/index.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.doUnmock('../build/paths.ts');
  vi.resetModules();
});

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'congruent-build-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A compiler whose objects are empty, and that notes for what it was called; it fails where the source says so. */
function noting(folder: string): { readonly compiler: Compiler; readonly calls: () => readonly string[] } {
  const command = join(folder, 'cc');
  const log = join(folder, 'calls');
  writeFileSync(
    command,
    `#!/bin/sh
echo "$*" >> '${log}'
for last; do :; done
case "$*" in *broken.c*) touch "$last"; echo 'broken.c:1: error: no' >&2; exit 1;; esac
touch "$last"
`,
  );
  chmodSync(command, 0o755);
  const calls = (): readonly string[] => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
  return {
    compiler: { command, args: [], version: 'noting 1', machine: 'x86_64-linux-gnu', platform: 'linux', arch: 'x64' },
    calls,
  };
}

/** A folder with a source and a header, and the compiler. */
function project() {
  const folder = temporary();
  const include = join(folder, 'include');
  mkdirSync(include);
  writeFileSync(join(folder, 'a.c'), 'int a;');
  writeFileSync(join(include, 'a.h'), '/* 1 */');
  const unit = { path: join(folder, 'a.c'), flags: ['-O2'], includes: [include] };
  return { folder, include, unit, objects: join(folder, 'objects'), ...noting(folder) };
}

test('what was compiled is not compiled again', async () => {
  const { unit, objects, compiler, calls } = project();
  const first = await compileUnits(compiler, [unit], objects);
  expect(await compileUnits(compiler, [unit], objects)).toEqual(first);
  expect(calls()).toHaveLength(1);
  expect(calls()[0]).toContain(`-O2 -I${unit.includes[0]} -c ${unit.path} -o ${first[0]}.`);
});

type Project = ReturnType<typeof project>;

test.each<[what: string, change: (given: Project) => Partial<Project> | undefined]>([
  ['the source', ({ unit }) => void writeFileSync(unit.path, 'int b;')],
  ['a header', ({ include }) => void writeFileSync(join(include, 'a.h'), '/* 2 */')],
  ['a flag', ({ unit }) => ({ unit: { ...unit, flags: ['-O3'] } })],
  ['the version of the compiler', ({ compiler }) => ({ compiler: { ...compiler, version: 'noting 2' } })],
])('where it is another, it is compiled: %s', async (_, change) => {
  const given = project();
  const [before] = await compileUnits(given.compiler, [given.unit], given.objects);
  const { unit, compiler, objects } = { ...given, ...change(given) };
  const [after] = await compileUnits(compiler, [unit], objects);
  expect(after).not.toBe(before);
  expect(given.calls()).toHaveLength(2);
});

test('a compiler that fails is quoted, and leaves no object', async () => {
  const { folder, unit, objects, compiler } = project();
  const path = join(folder, 'broken.c');
  writeFileSync(path, '');
  const compiled = compileUnits(compiler, [{ ...unit, path }], objects);
  await expect(compiled).rejects.toMatchObject({ code: 'NATIVE_COMPILER' });
  await expect(compiled).rejects.toThrow('broken.c:1: error: no');
  expect(readdirSync(objects).filter((name) => name.endsWith('.o'))).toEqual([]);
});

test('a compiler that is not there is said, with the remedies', () => {
  const find = () => findCompiler('no-such-compiler -m64');
  expect(find).toThrow(
    /^NATIVE_COMPILER: .* CC=no-such-compiler -m64 is none that runs\. Install one .* @congruent\/wasm/,
  );
});

test('a compiler that is named by nothing but spaces is not named', () => {
  expect(findCompiler(' \t')).toEqual(findCompiler(''));
});

test.each(['a.c/congruent.node', 'a.c/b/congruent.node', 'include'])(
  'an addon that cannot be written is refused before anything is compiled: %s',
  async (out) => {
    const { folder, compiler, calls, objects } = project();
    const compiled = compileAddon({ compiler, cells: [], objects }, join(folder, out));
    await expect(compiled).rejects.toMatchObject({ code: 'OUTPUT_FOLDER' });
    await expect(compiled).rejects.toThrow('--out FILE');
    expect(calls()).toEqual([]);
  },
);

test('where there is no room for temporary files that is said, with the remedy', async () => {
  vi.stubEnv('TMPDIR', '/no-such-folder');
  await expect(build([])).rejects.toThrow(/^NATIVE_COMPILER: .*\/no-such-folder cannot be written .* TMPDIR=/);
});

test('where objects cannot be kept in the package, they are temporary', async () => {
  const { folder } = project();
  const paths = { OBJECTS: join(folder, 'a.c', 'objects') };
  vi.doMock('../build/paths.ts', () => paths);
  vi.resetModules();
  const { objectsOr } = await import('../build/folders.ts');
  expect(objectsOr(folder)).toBe(join(folder, 'objects'));
  paths.OBJECTS = join(folder, 'kept');
  expect(objectsOr(folder)).toBe(paths.OBJECTS);
});

test('the command refuses variants that there are not, and lists those that there are', () => {
  const main = fileURLToPath(new URL('../build/dist/main.js', import.meta.url));
  const out = join(temporary(), 'congruent.node');
  const { status, stderr } = spawnSync(process.execPath, [main, '--variants', 'none,at_all', '--out', out], {
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/^congruent-native-build: --variants none,at_all: for \w+ there are \w+/);
  expect(status).toBe(2);
  expect(existsSync(out)).toBe(false);
});

test('on x64 and arm64 the first variant takes no flags, and every relaxed one has its exact one', () => {
  for (const arch of ['x64', 'arm64']) {
    const variants = variantsFor(arch);
    const names = variants.map(({ name }) => name);
    expect(variants[0]!.flags).toEqual([]);
    for (const name of names.filter((name) => name.endsWith('_relaxed'))) {
      expect(names).toContain(name.replace('_relaxed', ''));
    }
  }
  expect(variantsFor('riscv64')).toEqual([{ name: 'plain', flags: ['-fno-math-errno'] }]);
});

test('no variant is compiled for the processor at hand', () => {
  const flags = ['x64', 'arm64', 'ia32', 'riscv64'].flatMap((arch) => variantsFor(arch).flatMap(({ flags }) => flags));
  expect(flags.filter((flag) => /native|fast-math|-Ofast|-march/.test(flag))).toEqual([]);
});
