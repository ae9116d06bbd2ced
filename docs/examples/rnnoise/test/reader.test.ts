import { CongruentError } from '@congruent/runtime';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryImage } from '../src/memory-image.ts';
import { moduleIn } from '../src/original.ts';
import { dequantized } from '../src/quantized.ts';
import { type Table, tablesIn } from '../src/tables.ts';
import { memoryOf, moduleOf } from './small-files.ts';

test('the memory of a module is its data segments, each at its address', () => {
  const memory = memoryImage(moduleOf({ at: 200, bytes: [1, 2] }, { at: 3, bytes: [9] }));
  expect(memory.length).toBe(202);
  expect([memory[3], memory[200], memory[201]]).toEqual([9, 1, 2]);
  expect(memory.reduce((sum, byte) => sum + byte, 0)).toBe(12);
});

test('an address below zero is one beyond any memory, and refused', () => {
  const module = moduleOf({ at: 3, bytes: [9] });
  const minusOne = 0x7f;
  module[module.lastIndexOf(3)] = minusOne;
  expect(() => memoryImage(module)).toThrow(/bytes of memory/);
});

test('a module that is cut off or changed is refused, or read, and nothing else', () => {
  const module = moduleOf({ at: 200, bytes: [1, 2, 3] }, { at: 3, bytes: [9] });
  const refusedOrRead = (bytes: Uint8Array): void => {
    try {
      expect(memoryImage(bytes).length).toBeLessThanOrEqual(2 ** 26);
    } catch (error) {
      expect(error).toBeInstanceOf(CongruentError);
    }
  };
  for (let length = 0; length < module.length; length++) {
    expect(() => memoryImage(module.subarray(0, length))).toThrow(CongruentError);
  }
  const changes = fc.array(fc.tuple(fc.nat(module.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(changes, (changed) => {
      const bytes = module.slice();
      for (const [at, byte] of changed) bytes[at] = byte;
      refusedOrRead(bytes);
    }),
    { numRuns: 2000 },
  );
});

test('JavaScript without a module is refused', () => {
  expect(Array.from(moduleIn('const x = "AGFzbQEAAAA=";'))).toEqual([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  expect(() => moduleIn('const x = "";')).toThrow(/MODEL_FORMAT|no WebAssembly/);
});

test('arrays are found by their names, on either side of the one that is known', () => {
  const tables = tablesIn(
    memoryOf({ a: Int8Array.of(-3, 4), b_bias: Float32Array.of(0.5), c_idx: Int32Array.of(-1, 70_000) }),
    'b_bias',
  );
  expect([...tables.keys()].sort()).toEqual(['a', 'b_bias', 'c_idx']);
  expect(tables.get('a')!.values).toEqual(Int8Array.of(-3, 4));
  expect(tables.get('b_bias')!.values).toEqual(Float32Array.of(0.5));
  expect(tables.get('c_idx')!.values).toEqual(Int32Array.of(-1, 70_000));
});

test('a memory without the array that is known is refused', () => {
  expect(() => tablesIn(memoryOf({ a: Int8Array.of(1) }), 'b_bias')).toThrow(/b_bias: no record/);
  expect(() => tablesIn(Uint8Array.from(Buffer.from('b_bias\0')), 'b_bias')).toThrow(/no record/);
});

/** A layer of 8 rows and 12 columns, with blocks at columns 8 and 0. */
function quantized(changes: Readonly<Record<string, Table['values']>> = {}): ReadonlyMap<string, Table> {
  const integers = Int8Array.from({ length: 64 }, (_, at) => at - 30);
  const scale = Float32Array.from({ length: 8 }, (_, row) => 2 ** -(row + 7));
  const bias = Float32Array.from({ length: 8 }, (_, row) => row / 8);
  const sums = bias.map((value, row) => {
    const blocks = [integers.subarray(4 * row, 4 * row + 4), integers.subarray(32 + 4 * row, 36 + 4 * row)];
    return value - blocks.flatMap((block) => [...block]).reduce((a, b) => a + b) * scale[row]! * 127;
  });
  const tables = {
    l_weights_int8: integers,
    l_weights_idx: Int32Array.of(2, 8, 0),
    l_scale: scale,
    l_bias: bias,
    l_subias: sums,
    ...changes,
  };
  return new Map(Object.entries(tables).map(([name, values]) => [name, { name, values }]));
}

test('blocks of integers become a matrix: 8 rows by 4 columns each, at the columns that are named', () => {
  const { weight, bias } = dequantized(quantized(), 'l', 8, 12);
  expect(bias[3]).toBe(3 / 8);
  const at = (row: number, column: number): number => weight[row * 12 + column]!;
  expect([at(0, 8), at(0, 11), at(1, 8), at(7, 11)]).toEqual([-30, -27, -26 / 2, 1 / 128].map((w) => (w * 127) / 128));
  expect([at(0, 0), at(2, 3)]).toEqual([2, 13 / 4].map((w) => (w * 127) / 128));
  expect([at(0, 4), at(7, 7)]).toEqual([0, 0]);
});

test.each([
  ['a block too few', { l_weights_idx: Int32Array.of(1, 8) }, /64 values, expected 32/],
  ['a block that is not there', { l_weights_idx: Int32Array.of(3, 8, 0) }, /3 blocks, which are not there/],
  ['a negative count', { l_weights_idx: Int32Array.of(-1, 8, 0) }, /-1 blocks/],
  ['numbers left over', { l_weights_idx: Int32Array.of(2, 8, 0, 4) }, /4 numbers, of which 3 are used/],
  ['a column outside', { l_weights_idx: Int32Array.of(2, 8, 12) }, /column 12/],
  ['a column between', { l_weights_idx: Int32Array.of(2, 8, 2) }, /column 2/],
  ['other sums of the rows', { l_subias: new Float32Array(8) }, /row 0/],
  ['a scale of NaN', { l_scale: new Float32Array(8).fill(Number.NaN) }, /row 0 give NaN/],
  ['scales too few', { l_scale: new Float32Array(7) }, /7 values, expected 8/],
  ['another element type', { l_bias: new Int32Array(8) }, /Int32Array, expected Float32Array/],
] as const)('%s: refused', (_, changes, message) => {
  expect(() => dequantized(quantized(changes), 'l', 8, 12)).toThrow(message);
  expect(() => dequantized(quantized(changes), 'l', 8, 12)).toThrow(CongruentError);
});
