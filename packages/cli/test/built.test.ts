import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { application, congruentIn, forget, moduleOf } from './application.ts';
import { write } from './workspace.ts';

const EXPORTS = { './emitter': './emitter.js', './define': './define.js', './build': './build.js' };

/** The backend of applications, with an entry `build` of its own. */
const builder = (source: string): Readonly<Record<string, string>> => ({
  'node_modules/my-backend/package.json': JSON.stringify({ type: 'module', exports: EXPORTS }),
  'node_modules/my-backend/build.js': source,
});

/** Makes a file of each cell that says which files it was made from, after a byte that no text has. */
const LISTS = `export default async (cells) => cells.map(({ name, files }) => ({
  path: name + '.this-machine.bin',
  bytes: new TextEncoder().encode('\\0' + files.map(({ path }) => path).join()),
}));`;

const generate = (root: string, ...more: readonly string[]) =>
  congruentIn(root, 'generate', 'my-cells.js', '--backend', 'my-backend', '--out', 'out', ...more);

const kernels = (root: string, name: string): string => join(root, 'out/kernels', name);

test('what a backend builds of the files of each cell lies beside them', async () => {
  const root = application({ ...builder(LISTS), 'my-cells.js': moduleOf('first', 'second') });
  const { printed, exitCode } = await generate(root);
  expect(exitCode).toBe(0);
  expect(printed).toContain(`${join('out/kernels/first.this-machine.bin')}  `);
  for (const cell of ['first', 'second']) {
    const built = readFileSync(kernels(root, `${cell}.this-machine.bin`), 'utf8');
    expect(built).toBe(`\0${cell}.js,${cell}.more.js,${cell}.lua`);
  }
});

test('generate again knows what was built as its own: unchanged, and removed with its cell', async () => {
  const root = application({ ...builder(LISTS), 'my-cells.js': moduleOf('first', 'second') });
  await generate(root);
  expect((await generate(root)).printed).toMatch(/^my-backend: nothing changed\n/);
  write(root, { 'my-cells.js': moduleOf('first') });
  forget();
  expect((await generate(root)).printed).toContain(`${join('out/kernels/second.this-machine.bin')}  0 bytes  removed`);
  expect(existsSync(kernels(root, 'second.this-machine.bin'))).toBe(false);
});

test('--check is about text: nothing is built for it, and what was built elsewhere changes nothing', async () => {
  const root = application({ ...builder(LISTS), 'my-cells.js': moduleOf('first') });
  await generate(root);
  write(root, { 'out/kernels/first.other-machine.bin': '\0', 'node_modules/my-backend/build.js': 'export default 1' });
  forget();
  expect(await generate(root, '--check')).toMatchObject({ exitCode: 0 });
  expect(existsSync(kernels(root, 'first.other-machine.bin'))).toBe(true);
});

test('where building fails nothing is written', async () => {
  const fails = `export default async () => { throw new Error('no compiler'); };`;
  const root = application({ ...builder(fails), 'my-cells.js': moduleOf('first') });
  expect(await generate(root)).toEqual({ printed: 'congruent: no compiler', exitCode: 1 });
  expect(existsSync(join(root, 'out'))).toBe(false);
});

test('an entry that does not load is said, not passed over', async () => {
  const root = application({ ...builder(`import 'absent';`), 'my-cells.js': moduleOf('first') });
  const { printed, exitCode } = await generate(root);
  expect(printed).toContain("BACKEND_MISSING: my-backend/build does not load: Cannot find package 'absent'");
  expect(exitCode).toBe(1);
});

test('a file that is no text and lies beside no generated cell is somebody else’s', async () => {
  const root = application({ ...builder(LISTS), 'my-cells.js': moduleOf('first') });
  write(root, { 'out/kernels/photo.bin': '\0' });
  expect((await generate(root)).printed).toContain(
    `OUTPUT_FOLDER: out holds files that congruent did not generate: ${join('kernels/photo.bin')}.`,
  );
});
