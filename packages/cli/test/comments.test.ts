import { existsSync, readdirSync } from 'node:fs';
import { compile, type EmittedFile, type Emitter, type Exporter, lineComment } from '@congruent/codegen';
import { defineCell } from '@congruent/spec';
import { describe, expect, test } from 'vitest';
import cExporter from '../../native/codegen/export/index.ts';
import wasmExporter from '../../wasm/codegen/export.ts';
import { assemble, filesOf } from '../src/index.ts';

const packages = new URL('../../', import.meta.url);
const backends = readdirSync(packages).filter((name) => existsSync(new URL(`${name}/codegen/index.ts`, packages)));

/** What ends a line in JavaScript, C or the text of WebAssembly, or does for one of their tools. */
const LINE_ENDS = ['\n', '\r', '\u2028', '\u2029', '\u0085', '\v', '\f'];

/** Comments that would be code if they did not stay comments, as a cell may bring them that was not parsed here. */
const hostile = [
  ...LINE_ENDS.map((end) => `begins${end}evil()`),
  'evil() \\',
  'evil() ??/',
  '*/ evil() /*',
  '`${evil()}`',
];

const plain = defineCell("c(x[2], h[2]) -> h'\nn = tanh(x + W @ h)   # n\nh' = n * h   # h\nlayout torch\n w = [W]");
const cellWith = (comment: string) => ({
  ...plain,
  source: `${plain.source}\n# ${comment}`,
  equations: plain.equations.map((equation) => ({ ...equation, comment })),
});

/** Holds every mention to a comment of its line, which does not reach into the next line. */
function expectComments(text: string, where: string): void {
  expect(text, where).toContain('evil');
  for (const line of text.split(/[\n\r\u2028\u2029\u0085\v\f]/)) {
    if (!line.includes('evil')) continue;
    expect(line.slice(0, line.indexOf('evil')), where).toMatch(/(\/\/|;;|^--) /);
    expect(line, where).not.toMatch(/(\\|\?\?\/)$/);
  }
}

const withoutComments = (text: string): string => text.replaceAll(/ *(\/\/|;;).*\n?/g, '');

describe.each(backends)('emitted for %s', async (backend) => {
  const { default: emitter } = (await import(`../../${backend}/codegen/index.ts`)) as { default: Emitter };
  const filesWith = (comment: string) =>
    filesOf(emitter, [compile(cellWith(comment))], () => ({ source: 'cells.ts', emitter: 'e', command: comment }));
  const expected = filesWith('evil').map(({ text }) => withoutComments(text));

  test.each(hostile)('the comment %j is a comment', (comment) => {
    const files = filesWith(comment);
    for (const { path, text } of files) expectComments(text, path);
    expect(files.map(({ text }) => withoutComments(text))).toEqual(expected);
  });
});

describe.each([wasmExporter, cExporter] as Exporter[])('exported for $target', (exporter) => {
  test.each(hostile)('the comment %j is a comment', (comment) => {
    const program = compile(cellWith(comment));
    const tensors = new Map([['w', new Float32Array(4)]]);
    const model = { name: 'model', program, tensors, header: ['model', comment] };
    const { files } = exporter.export(model, { simd: true, training: false }, assemble);
    for (const { path: file, contents } of files) if (typeof contents === 'string') expectComments(contents, file);
  });
});

test('other languages have comments of their own', () => {
  const file: EmittedFile = { kind: 'text', path: 'c.lua', comment: '--', text: 'x = 1\n' };
  const [made] = filesOf({ name: 'lua', emit: () => [file] }, [compile(cellWith('a\revil()'))]);
  expectComments(made!.text, 'c.lua');
  expect(lineComment('--', '')).toBe('--');
});
