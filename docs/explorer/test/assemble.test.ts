import { compile, type ExportedModel } from '@congruent/codegen';
import { type Cell, gru } from '@congruent/spec';
import { cells } from '@congruent/spec/catalogue';
import emitter from '@congruent/wasm/emitter';
import exporter from '@congruent/wasm/export';
import binaryen from 'binaryen';
import { expect, test } from 'vitest';
import { modelOfCell } from '../../../packages/wasm/test/exported.ts';
import { assemble } from '../src/assemble/assemble.ts';

/** The bytes that binaryen makes of a text, without any pass. */
function byBinaryen(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  try {
    module.setFeatures(binaryen.Features.All);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

/** The first byte that differs, with those around it, where one does. */
function difference(text: string): string | undefined {
  const [ours, theirs] = [assemble(text), byBinaryen(text)];
  const at = theirs.findIndex((byte, index) => byte !== ours[index]);
  if (at < 0 && ours.length === theirs.length) return undefined;
  return `at ${at} of ${theirs.length}: ${ours.slice(at - 4, at + 8)}, not ${theirs.slice(at - 4, at + 8)}`;
}

/** Node 20 has no relaxed SIMD. */
const validates = (path: string): boolean =>
  !path.includes('relaxed') || WebAssembly.validate(assemble(`(module (func $f ${RELAXED}))`).slice());

const RELAXED = '(local $v v128) (local.set $v (f32x4.relaxed_madd (local.get $v) (local.get $v) (local.get $v)))';

test.for(cells.map((cell): [string, Cell] => [cell.name, cell]))(
  'every module emitted of %s has the bytes of binaryen, and is valid',
  ([, cell]) => {
    const modules = emitter.emit(compile(cell)).filter((file) => file.kind === 'webassembly');
    expect(modules).toHaveLength(8); // both uses, with two element types, exact and relaxed
    for (const { path, module } of modules) {
      expect(difference(module), path).toBeUndefined();
      if (validates(path)) expect(WebAssembly.validate(assemble(module)), path).toBe(true);
    }
  },
);

/** The texts that the exporter asks to be assembled, and the module that it makes of the results. */
function exported(model: ExportedModel, simd: boolean): { texts: readonly string[]; bytes: Uint8Array<ArrayBuffer> } {
  const texts: string[] = [];
  const { files } = exporter.export(model, { simd, training: false }, (text) => {
    texts.push(text);
    return assemble(text);
  });
  return { texts, bytes: Uint8Array.from(files[0]!.contents as Uint8Array) };
}

const MODELS: readonly (readonly [string, ExportedModel])[] = [
  ...cells.map((cell) => [cell.name, modelOfCell(cell)] as const),
  ['gru with states before the first step', { ...modelOfCell(gru), initialStates: [Float32Array.of(1, 2, 3, 4)] }],
];

test.for(MODELS)('what is assembled to export %s has the bytes of binaryen, and is valid', ([, model]) => {
  for (const simd of [true, false]) {
    const { texts, bytes } = exported(model, simd);
    expect(texts.map(difference)).toEqual([undefined, undefined]); // what packs the weights, and the model
    expect(WebAssembly.validate(bytes)).toBe(true);
  }
});

test.for([
  ['(module (table 1 funcref))', 'unknown field table'],
  ['(module (import "a" "b" (func)))', 'unknown import (func)'],
  ['(module (memory 1))', 'expected a list with a keyword, got 1'],
  ['(module (memory (export "m") 1 2))', 'too much in (memory (export "m") 1 2)'],
  ['(module (memory (export "m") 1) (memory (export "n") 1))', 'a module has one memory, this one two'],
  ['(module (global $g i32 (i32.const 1)))', 'expected a list with a keyword, got i32'],
  ['(module (start $f))', 'unknown function $f'],
  ['(module (func (param i32)))', 'expected a name, got (param i32)'],
  ['(module (func $f (param i32)))', 'cannot read (param i32) of $f'],
  ['(module (func $f (local $a i32) (local $a f32)))', 'cannot read (local $a f32) of $f'],
  ['(module (func $f (local $a funcref)))', 'unknown type funcref'],
  ['(module (func $f) (func $f))', 'two are called $f'],
  ['(module (func $f (i64.add)))', 'unknown instruction i64.add'],
  ['(module (func $f nop))', 'expected a list with a keyword, got nop'],
  ['(module (func $f (block (br 0))))', 'expected a label, got (br 0)'],
  ['(module (func $f (loop $a (br $b))))', 'no block around the branch has the label $b'],
  ['(module (func $f (if (i32.const 1) (br $a))))', 'expected (if condition (then …) (else …)), got (br $a) nothing'],
  ['(module (func $f (local.get $a)))', 'local.get cannot have $a after it'],
  ['(module (func $f (local.get)))', 'local.get cannot have nothing after it'],
  ['(module (func $f (call $g)))', 'call cannot have $g after it'],
  ['(module (func $f (select 1)))', 'select cannot have 1 after it'],
  ['(module (func $f (i32.const 4294967296)))', 'i32.const cannot have 4294967296 after it'],
  ['(module (func $f (i32.const 0x10)))', 'i32.const cannot have 0x10 after it'],
  ['(module (func $f (f32.const 0.1)))', 'f32.const cannot have 0.1 after it'], // none of this type
  ['(module (func $f (f64.const nan)))', 'f64.const cannot have nan after it'],
  ['(module (func $f (i32.load align=1 (i32.const 0))))', 'i32.load cannot have align=1 after it'],
  ['(module (func $f (v128.store32_lane 16)))', 'v128.store32_lane cannot have 16 after it'],
  ['(module (func $f (i8x16.shuffle 0 1)))', 'i8x16.shuffle cannot have 0 1 after it'],
  ['(module (memory (export "\\00") 1))', 'cannot read "\\"\\\\00\\") 1))"'],
  ['(module (; a comment ;))', 'cannot read ";'],
  ['(module', 'a bracket is not closed'],
  ['(module))', 'a bracket closes that was never opened'],
  ['(module) (module)', 'the text is not one expression'],
  ['(func $f)', 'expected a module, got func'],
] as const)('%s is refused', ([text, problem]) => {
  expect(() => assemble(text)).toThrow(`assemble: ${problem}`);
});
