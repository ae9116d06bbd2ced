import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { application, cellText, congruentIn, moduleOf } from './application.ts';
import { nam } from './json-models.ts';
import { textsBelow, write } from './workspace.ts';

/** What generating prints, which must fail and write nothing. */
async function refusal(root: string, file = 'my-cells.js', backend = 'my-backend', out = 'out'): Promise<string> {
  const before = textsBelow(root);
  const { printed, exitCode } = await congruentIn(root, 'generate', file, '--backend', backend, '--out', out);
  expect(exitCode).toBe(1);
  expect(textsBelow(root)).toEqual(before);
  return printed;
}

const refusalOf = (source: string, file = 'my-cells.js'): Promise<string> =>
  refusal(application({ [file]: source }), file);

test.each(['my-cells.js', 'cells', 'src', 'src/a.txt/b.js'])(
  'a file that is not there is refused: %s',
  async (file) => {
    const root = application({ 'src/a.txt': '' });
    expect(await refusal(root, file)).toBe(
      `congruent: CELL_FILE: ${file} does not exist, or is no file. Give a module that exports cells.`,
    );
  },
);

test('a file that is neither a module nor a model is refused', async () => {
  expect(await refusalOf('# Cells', 'cells.md')).toMatch(
    /^congruent: MODEL_FORMAT: .*cells\.md.* A module of cells is \.js, \.mjs, \.ts or \.mts\.$/,
  );
});

test.each([
  ['export {};', 'nothing'],
  ['export const a = 1, b = { name: "gru" }, c = () => 2;', 'a, b, c'],
  ['module.exports = 1;', 'default'],
])('a file that exports no cell is refused, with what it exports: %j', async (source, exported) => {
  expect(await refusalOf(source, 'my-cells.js')).toContain(
    `congruent: CELL_FILE: my-cells.js exports no cell; it exports ${exported}. Export what cell\`…\` or `,
  );
});

test.each(['my-cells.js', 'my-cells.ts'])('a syntax error is refused with its place: %s', async (file) => {
  expect(await refusalOf('export const a = 1;\nexport const b = ;\n', file)).toBe(
    `congruent: CELL_FILE: ${file}:2:18: Expression expected. In the line: export const b = ;`,
  );
});

test('a syntax error in a file that is imported is refused with its place there', async () => {
  const root = application({ 'my-cells.ts': "export * from './more.ts';", 'more.ts': 'export const = 1;' });
  expect(await refusal(root, 'my-cells.ts')).toContain('congruent: CELL_FILE: more.ts:1:14: ');
});

test('a mistake in a cell has its own message, and the place in the file', async () => {
  const interfaces = 'interface A {\n  readonly a: string;\n}\n';
  const source = `import { cell } from '@congruent/spec';\n${interfaces}export const a = cell\`${cellText('a').replace('[I]', '[G]').replace('W @ x', 'W @ x + x')}\`;`;
  const refused = await refusalOf(source, 'my-cells.ts');
  expect(refused).toMatch(/^congruent: my-cells\.ts:5:\d+: SPEC_SHAPE: both sides of \+: /);
  expect(refused).toMatch(/\n {2}2 \| h' = tanh\(W @ x \+ x \+ h\)\n {4}\| +\^+\n/);
});

test.each([
  ["throw new Error('no');", 'my-cells.js:1:7 does not run: no.'],
  ["throw 'no';", 'my-cells.js throws no.'],
  [
    "import 'nowhere';",
    "my-cells.js does not run: Cannot find package 'nowhere' imported from my-cells.js. Install it: npm install --save-dev nowhere",
  ],
  ["import './nowhere.js';", "my-cells.js does not run: Cannot find module 'nowhere.js' imported from my-cells.js."],
  [
    "import { b } from './my-cells.js';",
    "does not run: The requested module './my-cells.js' does not provide an export named 'b'.",
  ],
])('a module that does not run is refused, with the reason: %s', async (source, reason) => {
  expect(await refusalOf(source)).toContain(reason);
});

test.each([
  [['gru', 'gru'], 'two cells are called gru: both would have the file gru.js.'],
  [['gru', 'GRU'], 'gru and GRU: both would have the file gru.js.'],
  [['min_gru', 'minGru'], 'min_gru and minGru: both would have the class MinGru.'],
  [['gru', 'gru_cell'], 'gru and gru_cell: both would have the class GruCell.'],
])('cells %j cannot stand side by side', async (names, problem) => {
  expect(await refusalOf(moduleOf(...names))).toBe(`congruent: CELL_NAME: ${problem} Rename one of them.`);
});

test('one cell under two names is one cell', async () => {
  const root = application({ 'my-cells.js': `${moduleOf('gru')}\nexport { a as b };` });
  const { printed, exitCode } = await congruentIn(
    root,
    'generate',
    'my-cells.js',
    '--backend',
    'my-backend',
    '--out',
    'out',
  );
  expect(exitCode, printed).toBe(0);
});

test.each([
  ['_', 'without a name'],
  ['_1', '1'],
  ['infinity', 'Infinity'],
])('the cell %s gives no class', async (name, would) => {
  expect(await refusalOf(moduleOf(name))).toBe(
    `congruent: CELL_NAME: the class of the cell ${name} would be ${would}, which JavaScript does not allow. Rename the cell.`,
  );
});

test('FILE#CELL names the cells that there are', async () => {
  const root = application({ 'my-cells.js': moduleOf('gru', 'sru') });
  expect(await refusal(root, 'my-cells.js#lstm')).toBe(
    'congruent: CELL_FILE: my-cells.js exports no cell lstm. It has: gru, sru.',
  );
});

test('a backend that is not installed is refused, with the command that installs it', async () => {
  const root = application({ 'my-cells.js': moduleOf('gru') });
  expect(await refusal(root, 'my-cells.js', 'nowhere')).toBe(
    `congruent: BACKEND_MISSING: --backend nowhere: @congruent/nowhere and nowhere are not installed in ${join(root, 'out')} or ` +
      `${root}. Install it: npm install @congruent/nowhere`,
  );
  expect(await refusal(root, 'my-cells.js', '@me/mine')).toContain('--backend @me/mine: @me/mine is not installed in ');
});

test('a package that is no backend is refused', async () => {
  const entry = 'A backend has an entry ./emitter, whose default export is { name, emit }.';
  const root = application({
    'my-cells.js': moduleOf('gru'),
    'node_modules/odd/package.json': '{ "type": "module", "exports": { "./emitter": "./emitter.js" } }',
    'node_modules/odd/emitter.js': 'export default { name: "odd" };',
  });
  expect(await refusal(root, 'my-cells.js', 'spec')).toContain(
    "congruent: BACKEND_MISSING: @congruent/spec gives no emitter: Package subpath './emitter' is not defined",
  );
  expect(await refusal(root, 'my-cells.js', 'odd')).toBe(
    `congruent: BACKEND_MISSING: odd/emitter exports no emitter. ${entry}`,
  );
});

test('a folder with files of somebody else is refused, and left as it was', async () => {
  const root = application({ 'my-cells.js': moduleOf('gru'), 'out/notes.txt': 'mine', 'out/a/gru.js': 'mine' });
  const foreign = (files: string, out = 'out'): string =>
    `congruent: OUTPUT_FOLDER: ${out} holds files that congruent did not generate: ${files}. ` +
    'Nothing was written. Give a folder that is new, empty or generated: --out DIR';
  expect(await refusal(root)).toBe(foreign(`${join('a/gru.js')}, notes.txt`));
  write(root, { 'out/b.js': '', 'out/package.json': '{}' });
  expect(await refusal(root)).toBe(foreign(`${join('a/gru.js')}, b.js, notes.txt and 1 more`));
  expect(await refusal(root, 'my-cells.js', 'my-backend', '.')).toContain('OUTPUT_FOLDER: . holds files that');
});

test('files whose names begin with a dot are nobody’s', async () => {
  const root = application({ 'my-cells.js': moduleOf('gru'), 'out/.gitignore': '*' });
  const { exitCode } = await congruentIn(root, 'generate', 'my-cells.js', '--backend', 'my-backend', '--out', 'out');
  expect(exitCode).toBe(0);
  expect(textsBelow(join(root, 'out'))['.gitignore']).toBe('*');
});

test('a folder that cannot be written is refused, and nothing of it is written', async () => {
  const root = application({ 'my-cells.js': moduleOf('gru'), out: 'a file' });
  expect(await refusal(root)).toMatch(/^congruent: OUTPUT_FOLDER: out cannot be written: .*--out DIR$/);
  const other = application({ 'my-cells.js': moduleOf('gru') });
  mkdirSync(join(other, 'out/kernels/.gru.lua.part'), { recursive: true });
  expect(await refusal(other)).toMatch(/^congruent: OUTPUT_FOLDER: out cannot be written: .*--out DIR$/);
});

test.each([
  [['generate', 'a.js', '--out', 'out'], 'generate FILE needs a backend, e.g. --backend wasm'],
  [['generate', 'a.js', '--backend', 'wasm'], 'generate FILE needs a folder for what it writes'],
  [
    ['generate', 'a.js', 'b.js', '--backend', 'wasm', '--out', 'out'],
    'generate takes one file of cells, got a.js b.js',
  ],
  [['generate', 'a.js', '--root', '.', '--backend', 'wasm', '--out', 'out'], '--root is for generating without a file'],
  [['generate', '--out', 'out'], '--out goes with a file of cells'],
  [['convert', 'm.pth', '--out', 'm.npz'], 'convert writes .safetensors: --out m.npz.safetensors'],
])('%j is wrong usage', async (args, problem) => {
  const { printed, exitCode } = await congruentIn(application({}), ...args);
  expect(printed).toContain(problem);
  expect(printed).toContain('Try: congruent --help');
  expect(exitCode).toBe(2);
});

describe('without a file, outside of the repository of congruent, generating says what to give', () => {
  test.each<Readonly<Record<string, string>>>([{}, { packages: 'a file' }, { 'packages/mine/package.json': '{}' }])(
    'in a folder with %j',
    async (files) => {
      const root = application(files);
      for (const args of [[], ['--check'], ['--backend', 'wasm']]) {
        const { printed, exitCode } = await congruentIn(root, 'generate', ...args);
        expect(printed).toMatch(
          /^congruent: \. is not the repository of congruent: .*generate FILE --backend NAME --out DIR/,
        );
        expect(exitCode).toBe(2);
      }
    },
  );
});

/** What no command prints: how Node says that the file system failed, and its names of functions. */
const RAW = /\bE[A-Z]{4,}\b|\b(mkdir|open|rename|scandir|stat) '/;

test.each([
  [['inspect', 'no.pt'], 'MODEL_FILES: no.pt cannot be read: no such file or directory.'],
  [['inspect', 'a.txt/b.pt'], 'MODEL_FILES: a.txt/b.pt cannot be read: not a directory.'],
  [['inspect', 'x'.repeat(300)], 'cannot be read: name too long.'],
  [['inspect', 'folder'], 'MODEL_FILES: folder cannot be read: it is no file.'],
  [['convert', 'folder', '--out', 'm.safetensors'], 'MODEL_FILES: folder cannot be read: it is no file.'],
  [
    ['convert', 'm.json', '--out', 'f.safetensors'],
    'OUTPUT_FOLDER: f.safetensors cannot be written: illegal operation on a directory.',
  ],
  [
    ['convert', 'm.json', '--out', 'a.txt/m.safetensors'],
    'OUTPUT_FOLDER: a.txt/m.safetensors cannot be written: not a directory.',
  ],
  [['show', 'a.txt/b.ts'], 'CELL_FILE: a.txt/b.ts does not exist, or is no file.'],
  [['show', 'folder/'], 'CELL_FILE: folder/ does not exist, or is no file.'],
])('%j says in words what is wrong, and leaves all as it was', async (args, problem) => {
  const root = application({ 'a.txt': '', 'folder/b.txt': '', 'f.safetensors/b.txt': '', 'm.json': nam() });
  const before = textsBelow(root);
  const { printed, exitCode } = await congruentIn(root, ...args);
  expect(printed).toContain(problem);
  expect(printed).not.toMatch(RAW);
  expect(exitCode).toBe(1);
  expect(textsBelow(root)).toEqual(before);
});
