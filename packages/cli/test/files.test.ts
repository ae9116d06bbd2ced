import { compile, type EmittedFile, type Emitter, encodeBytes, headerOf, type Origin } from '@congruent/codegen';
import { gru, lstm } from '@congruent/spec';
import { expect, test } from 'vitest';
import { decode } from '../../wasm/src/compile.ts';
import { filesOf } from '../src/index.ts';

const program = compile(gru);

const emitterOf = (...files: readonly EmittedFile[]): Emitter => ({ name: 'sample', emit: () => files });

const textOf = (path: string): EmittedFile => ({ kind: 'text', path, comment: '--', text: `${path}\n` });

const origin: Origin = {
  source: 'packages/spec/src/cells/gru.ts',
  emitter: 'packages/sample/codegen',
  command: 'npm run generate',
};

const headerWith = (sign: string): string =>
  headerOf(program, origin)
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
  const [wat, ts] = filesOf(emitterOf({ kind: 'webassembly', path: 'sub/gru.float32', module, reviewed: true }), [
    program,
  ]);
  expect(wat).toEqual({ path: 'sub/gru.float32.wat', text: `${headerWith(';;')}\n${module}\n` });
  const [, length, encoded] = /gru\.float32, (\d+), as text .*\nexport const bytes: string =\n {2}'(.*)';\n$/.exec(
    ts!.text,
  )!;
  expect(ts!.path).toBe('sub/gru.float32.ts');
  expect(ts!.text).toContain(`${headerWith('//')}\n/** The bytes of the module gru.float32, `);
  const bytes = decode(encoded!.replaceAll(/\\(.)/g, '$1'));
  expect(bytes).toHaveLength(Number(length));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)));
  expect((exports['answer'] as () => number)()).toBe(42);
});

test('every byte comes back from its text, which is ASCII', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const text = encodeBytes(bytes);
  expect(decode(text)).toEqual(bytes);
  expect(text).toMatch(/^[ -~]+$/);
});

test('of a module that is not for review there are its bytes alone', () => {
  const module: EmittedFile = { kind: 'webassembly', path: 'gru', module: '(module)', reviewed: false };
  expect(filesOf(emitterOf(module), [program]).map(({ path }) => path)).toEqual(['gru.ts']);
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
  const module: EmittedFile = { kind: 'webassembly', path: 'gru', module: '(module)', reviewed: true };
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
  const of = (module: string): Emitter => emitterOf({ kind: 'webassembly', path: 'gru', module, reviewed: true });
  expect(() => filesOf(of('(module (func (i32.cons 1)))'), [program])).toThrow(
    /^packages\/sample\/codegen, gru: the module does not parse: .*1:15.*unrecognized instruction/,
  );
  expect(() => filesOf(of('(module (func (result i32) (i64.const 1)))'), [program])).toThrow(
    'packages/sample/codegen, gru: the module is not valid; what is wrong is printed above',
  );
});
