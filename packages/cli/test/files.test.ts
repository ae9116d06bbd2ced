import { compile, type EmittedFile, type Emitter, headerOf } from '@congruent/codegen';
import { gru } from '@congruent/spec';
import { lstm } from '@congruent/spec/catalogue';
import { expect, test } from 'vitest';
import { filesOf } from '../src/index.ts';

const program = compile(gru);

const emitterOf = (...files: readonly EmittedFile[]): Emitter => ({ name: 'sample', emit: () => files });

const textOf = (path: string): EmittedFile => ({ kind: 'text', path, comment: '--', text: `${path}\n` });

const headerWith = (sign: string): string =>
  headerOf(program, emitterOf())
    .map((line) => (line === '' ? `${sign}\n` : `${sign} ${line}\n`))
    .join('');

test('a file of declarations is TypeScript below its header', () => {
  const emitter = emitterOf({
    kind: 'typescript',
    path: 'gru.ts',
    declarations: [{ kind: 'type', name: 'Vector', type: 'Float32Array', exported: true }],
  });
  const text = `${headerWith('//')}\nexport type Vector = Float32Array;\n`;
  expect(filesOf(emitter, [program])).toEqual([{ path: 'gru.ts', text }]);
});

test('a WebAssembly module is a file to read, and its bytes, which run', async () => {
  const module = '(module\n  (func (export "answer") (result i32)\n    (i32.const 42)))';
  const [wat, ts] = filesOf(emitterOf({ kind: 'webassembly', path: 'sub/gru.float32', module }), [program]);
  expect(wat).toEqual({ path: 'sub/gru.float32.wat', text: `${headerWith(';;')}\n${module}\n` });
  const [, length, hex] =
    /gzip makes smaller than base64: (\d+) bytes\. \*\/\nexport const bytes: string =\n {2}'(.*)';\n$/.exec(ts!.text)!;
  expect(ts!.path).toBe('sub/gru.float32.ts');
  expect(ts!.text).toContain(`${headerWith('//')}\n/** The bytes of gru.float32.wat in hexadecimal`);
  const bytes = Buffer.from(hex!, 'hex');
  expect(bytes).toHaveLength(Number(length));
  const { instance } = await WebAssembly.instantiate(bytes);
  expect((instance.exports['answer'] as () => number)()).toBe(42);
});

test('other text has a header with its own sign', () => {
  const [file] = filesOf(emitterOf(textOf('gru.lua')), [program]);
  expect(file).toEqual({ path: 'gru.lua', text: `${headerWith('--')}\ngru.lua\n` });
});

test.each([
  '',
  '.',
  '..',
  '../gru.ts',
  'a/../../gru.ts',
  '/gru.ts',
  'a//gru.ts',
  './gru.ts',
  'a/',
  'a\\gru.ts',
  'C:gru.ts',
])('the path %j is refused', (path) => {
  expect(() => filesOf(emitterOf(textOf(path)), [program])).toThrow(/^packages\/sample\/codegen, .*: not a path below/);
});

test('paths below are taken', () => {
  const paths = ['gru.ts', '.gru', '..gru', 'a/b/gru.ts', 'a/.b/gru'];
  expect(filesOf(emitterOf(...paths.map(textOf)), [program]).map(({ path }) => path)).toEqual(paths);
});

test('two files of one path are refused: of one cell, of two, and where case is all that differs', () => {
  const twice = /gru\.ts: two files have this path\. Give each a path of its own/i;
  expect(() => filesOf(emitterOf(textOf('gru.ts'), textOf('gru.ts')), [program])).toThrow(twice);
  expect(() => filesOf(emitterOf(textOf('gru.ts'), textOf('GRU.ts')), [program])).toThrow(twice);
  expect(() => filesOf(emitterOf(textOf('gru.ts')), [program, compile(lstm)])).toThrow(twice);
  const module: EmittedFile = { kind: 'webassembly', path: 'gru', module: '(module)' };
  expect(() => filesOf(emitterOf(module, textOf('gru.ts')), [program])).toThrow(twice);
});

test('what is not TypeScript is refused, with the line', () => {
  const emitter = emitterOf({
    kind: 'typescript',
    path: 'gru.ts',
    declarations: [{ kind: 'function', name: 'f', parameters: [], returns: 'void', body: ['let x = ;'] }],
  });
  expect(() => filesOf(emitter, [program])).toThrow(
    'packages/sample/codegen, gru.ts: Expression expected. In the line: let x = ;',
  );
});

test('what is no WebAssembly is refused, with its place; so is a module that is not valid', () => {
  const of = (module: string): Emitter => emitterOf({ kind: 'webassembly', path: 'gru', module });
  expect(() => filesOf(of('(module (func (i32.cons 1)))'), [program])).toThrow(
    /^packages\/sample\/codegen, gru: the module does not parse: .*1:15.*unrecognized instruction/,
  );
  expect(() => filesOf(of('(module (func (result i32) (i64.const 1)))'), [program])).toThrow(
    'packages/sample/codegen, gru: the module is not valid; what is wrong is printed above',
  );
});
