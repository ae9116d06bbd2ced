import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { application, cellText, congruentIn, forget, moduleOf, run } from './application.ts';
import { textsBelow, write } from './workspace.ts';

const generate = (root: string, file: string, ...more: readonly string[]) =>
  congruentIn(root, 'generate', file, '--backend', 'my-backend', '--out', 'src/generated', ...more);

const generated = (root: string) => textsBelow(join(root, 'src/generated'));

const FILES_OF_MIN_GRU = ['kernels/min_gru.js', 'kernels/min_gru.lua', 'kernels/min_gru.more.js'];
const FILES = [...FILES_OF_MIN_GRU, 'min_gru.d.ts', 'min_gru.js', 'package.json'];

test.each([
  ['my-cells.ts', 'import { type Cell, cell } from "@congruent/spec";\nexport const minGru: Cell = cell'],
  ['my-cells.js', 'import { cell } from "@congruent/spec";\nexport const minGru = cell'],
  ['my cells#1.mjs', 'import { cell } from "@congruent/spec";\nexport default cell'],
])('generate writes the classes of a cell, which run: %s', async (file, head) => {
  const root = application({
    [file]: `${head}\`${cellText('min_gru')}\``,
    // As `npm init` writes it: the generated modules are modules none the less.
    'package.json': '{ "type": "commonjs" }',
    'run.mjs': 'import * as classes from "./src/generated/min_gru.js"; console.log(JSON.stringify(classes));',
  });
  const { printed, exitCode } = await generate(root, file);
  expect(printed).toContain('my-backend: 6 of 6 files changed');
  expect(printed).toContain(`${join('src/generated/min_gru.js')}  `);
  expect(exitCode).toBe(0);
  expect(Object.keys(generated(root))).toEqual(FILES);
  expect(run(root, 'run.mjs')).toBe('{"MinGru":["MinGru","h",1],"MinGruCell":["MinGruCell"]}');
});

test('every file says what it was generated from and how, and where the equations are', async () => {
  const root = application({ 'my-cells.js': moduleOf('min_gru') });
  await generate(root, './my-cells.js');
  const { 'package.json': _, ...files } = generated(root);
  for (const [path, text] of Object.entries(files)) {
    const sign = path.endsWith('.lua') ? '--' : '//';
    expect(text.split('\n').slice(0, 4)).toEqual([
      `${sign} Generated from ../../my-cells.js by my-backend/emitter. Do not edit.`,
      `${sign} Regenerate with: npx congruent generate ./my-cells.js --backend my-backend --out src/generated`,
      sign,
      `${sign} min_gru(x[I], h[H]) -> h'`,
    ]);
  }
});

test('imports are those of the file: packages, TypeScript without a build, names without an end', async () => {
  const root = application({
    'cells/my-cells.ts': `
      import { cell, Cell } from '@congruent/spec';
      import { gates } from './gates.js';
      import { name } from './name';
      import half from 'half';
      enum Kind { First = 1 }
      export const first: Cell = gates(name + Kind.First + half);
      export { min_gru } from '../more.mjs';
    `,
    'cells/gates.ts': `
      import { defineCell } from '@congruent/spec';
      export const gates = (name: string) => defineCell(\`${cellText(`$\{name}`)}\`);
    `,
    'cells/name.ts': `export const name = 'cell_' as const;`,
    'cells/node_modules/half/index.js': `module.exports = '_half';`,
    'more.mjs': moduleOf('min_gru').replace('const a', 'const min_gru'),
  });
  expect((await generate(root, 'cells/my-cells.ts')).exitCode).toBe(0);
  expect(Object.keys(generated(root)).filter((path) => /^\w+\.js$/.test(path))).toEqual([
    'cell_1_half.js',
    'min_gru.js',
  ]);
});

test('the types have the names of the cell', async () => {
  const root = application({
    'my-cells.js': `
      import { defineCell } from '@congruent/spec';
      export const net = defineCell(\`
        net(x[I], h[H], c[H]) -> y, h', c'
        h' = tanh(W @ x + h)
        c' = h' + c
        y[O] = C @ c'
        layout plain
          W = [W]  C = [C]
      \`);`,
  });
  await generate(root, 'my-cells.js');
  expect(generated(root)['net.d.ts']).toContain(`
import type * as define from 'my-backend/define';

// What declarations of an application that exports a layer refer to.
export type { OwnCell, OwnLayer } from 'my-backend';

/** What the cell calls its operands, its results and its sizes. */
export interface NetNames {
  readonly inputs: readonly ['x'];
  readonly states: readonly ['h', 'c'];
  readonly outputs: readonly ['y'];
  readonly sizes: 'I' | 'H' | 'O';
}

/** net over sequences, in one or more layers and one or two directions. */
export declare const Net: define.LayerClass<NetNames>;
export type Net = (typeof Net)['prototype'];

/** One step of net. */
export declare const NetCell: define.CellClass<NetNames>;
export type NetCell = (typeof NetCell)['prototype'];
`);
});

test('generate again changes nothing; replaces what was edited; removes what is generated no more', async () => {
  const root = application({ 'my-cells.js': moduleOf('min_gru', 'old') });
  await generate(root, 'my-cells.js');
  const made = generated(root);
  expect((await generate(root, 'my-cells.js')).printed).toMatch(/^my-backend: nothing changed\n/);
  const edited = `${made['min_gru.js']}export const more = 1;\n`;
  write(join(root, 'src/generated'), { 'min_gru.js': edited });
  write(root, { 'my-cells.js': moduleOf('min_gru') });
  forget();
  const { printed, exitCode } = await generate(root, 'my-cells.js');
  expect(printed).toContain('my-backend: 6 of 11 files changed');
  expect(printed).toContain(`${join('src/generated/kernels/old.lua')}  0 bytes  removed`);
  expect(exitCode).toBe(0);
  expect(Object.keys(generated(root))).toEqual(FILES);
  expect(generated(root)['min_gru.js']).toBe(made['min_gru.js']);
});

test('files of several sources share a folder; FILE#CELL generates one cell', async () => {
  const root = application({ 'a.js': moduleOf('min_gru', 'other'), 'b.js': moduleOf('sru') });
  await generate(root, 'b.js');
  expect((await generate(root, 'a.js#min_gru')).exitCode).toBe(0);
  const classes = Object.keys(generated(root)).filter((path) => /^\w+\.js$/.test(path));
  expect(classes).toEqual(['min_gru.js', 'sru.js']);
});

test('--check changes nothing; its exit code says whether anything would change', async () => {
  const root = application({ 'my-cells.js': moduleOf('min_gru') });
  expect((await generate(root, 'my-cells.js', '--check')).exitCode).toBe(1);
  expect(() => generated(root)).toThrow();
  await generate(root, 'my-cells.js');
  expect((await generate(root, 'my-cells.js', '--check')).exitCode).toBe(0);
  write(join(root, 'src/generated'), { 'min_gru.d.ts': '// Generated from x by y/emitter. Do not edit.\n' });
  expect((await generate(root, 'my-cells.js', '--check')).exitCode).toBe(1);
});

test('a backend that is installed beside the cells serves a folder elsewhere', async () => {
  const root = application({});
  write(root, { 'app/my-cells.js': moduleOf('min_gru') });
  renameSync(join(root, 'node_modules'), join(root, 'app/node_modules'));
  const { exitCode } = await generate(root, 'app/my-cells.js');
  expect(exitCode).toBe(0);
  expect(readFileSync(join(root, 'src/generated/min_gru.js'), 'utf8')).toContain("from 'my-backend/define'");
});

test('show takes a file, and FILE#CELL where it exports several', async () => {
  const root = application({ 'one.ts': moduleOf('min_gru'), 'two.js': moduleOf('min_gru', 'sru') });
  const one = await congruentIn(root, 'show', 'one.ts');
  expect(one).toEqual({ printed: cellText('min_gru').trim().replaceAll('\n  ', '\n'), exitCode: 0 });
  expect((await congruentIn(root, 'show', 'two.js#sru', '--schedule')).printed).toMatch(/^schedule sru\n/);
  const two = await congruentIn(root, 'show', 'two.js');
  expect(two.printed).toContain('two.js exports min_gru, sru. Name one of them: two.js#min_gru');
  expect(two.exitCode).toBe(2);
});
