// The instructions that the emitter writes, and how each is encoded: https://webassembly.github.io/spec/core/binary/instructions.html
import { unsigned } from './bytes.ts';

/**
 * What stands in an instruction between its code and its operands: constants, the name of a local, a function or a global,
 * a place in memory (log2 of its natural alignment), such a place and a lane, sixteen lanes, or bytes that are always so.
 */
export type Immediate =
  | { readonly kind: 'i32' | 'f32' | 'f64' | 'local' | 'function' | 'global' | 'lanes' }
  | { readonly kind: 'memory'; readonly align: number; readonly lane: boolean }
  | { readonly kind: 'bytes'; readonly bytes: readonly number[] };

/** An instruction without structure: what it is called, its code, and its immediate. */
export interface Opcode {
  readonly code: readonly number[];
  readonly immediate: Immediate;
}

const [SIMD, BULK] = [0xfd, 0xfc];

const NONE: Immediate = { kind: 'bytes', bytes: [] };
const memory = (align: number, lane = false): Immediate => ({ kind: 'memory', align, lane });

/** Plain instructions, by the first code of a row of them; `_` where the emitter has no use for one. */
const ROWS: readonly (readonly [prefix: readonly number[], first: number, names: string])[] = [
  [[], 0x00, 'unreachable'],
  [[], 0x0f, 'return'],
  [[], 0x1b, 'select'],
  [[], 0x45, 'i32.eqz i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u'],
  [[], 0x5b, 'f32.eq f32.ne f32.lt f32.gt f32.le f32.ge'],
  [[], 0x69, 'i32.popcnt i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u'],
  [[], 0x71, 'i32.and i32.or i32.xor i32.shl i32.shr_s i32.shr_u'],
  [[], 0x8b, 'f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt'],
  [[], 0x92, 'f32.add f32.sub f32.mul f32.div f32.min f32.max'],
  [[], 0x99, 'f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt'],
  [[], 0xa0, 'f64.add f64.sub f64.mul f64.div f64.min f64.max'],
  [[], 0xbc, 'i32.reinterpret_f32 _ f32.reinterpret_i32'],
  [[SIMD], 0x13, 'f32x4.splat f64x2.splat'],
  [[SIMD], 0x41, 'f32x4.eq f32x4.ne f32x4.lt f32x4.gt f32x4.le f32x4.ge'],
  [[SIMD], 0x47, 'f64x2.eq f64x2.ne f64x2.lt f64x2.gt f64x2.le f64x2.ge'],
  [[SIMD], 0x4d, 'v128.not v128.and v128.andnot v128.or v128.xor v128.bitselect'],
  [[SIMD], 0x67, 'f32x4.ceil f32x4.floor'],
  [[SIMD], 0x74, 'f64x2.ceil f64x2.floor'],
  [[SIMD], 0xab, 'i32x4.shl'],
  [[SIMD], 0xcb, 'i64x2.shl'],
  [[SIMD], 0xe0, 'f32x4.abs f32x4.neg _ f32x4.sqrt f32x4.add f32x4.sub f32x4.mul f32x4.div'],
  [[SIMD], 0xe8, 'f32x4.min f32x4.max f32x4.pmin f32x4.pmax'],
  [[SIMD], 0xec, 'f64x2.abs f64x2.neg _ f64x2.sqrt f64x2.add f64x2.sub f64x2.mul f64x2.div'],
  [[SIMD], 0xf4, 'f64x2.min f64x2.max f64x2.pmin f64x2.pmax'],
  [[SIMD], 0x105, 'f32x4.relaxed_madd f32x4.relaxed_nmadd f64x2.relaxed_madd f64x2.relaxed_nmadd'],
];

/** Instructions with an immediate. */
const OTHERS: Readonly<Record<string, Opcode>> = {
  call: { code: [0x10], immediate: { kind: 'function' } },
  'local.get': { code: [0x20], immediate: { kind: 'local' } },
  'local.set': { code: [0x21], immediate: { kind: 'local' } },
  'global.get': { code: [0x23], immediate: { kind: 'global' } },
  'global.set': { code: [0x24], immediate: { kind: 'global' } },
  'i32.load': { code: [0x28], immediate: memory(2) },
  'i64.load': { code: [0x29], immediate: memory(3) },
  'f32.load': { code: [0x2a], immediate: memory(2) },
  'i32.store': { code: [0x36], immediate: memory(2) },
  'i64.store': { code: [0x37], immediate: memory(3) },
  'f32.store': { code: [0x38], immediate: memory(2) },
  'memory.size': { code: [0x3f], immediate: { kind: 'bytes', bytes: [0] } },
  'memory.grow': { code: [0x40], immediate: { kind: 'bytes', bytes: [0] } },
  'memory.copy': { code: [BULK, 10], immediate: { kind: 'bytes', bytes: [0, 0] } },
  'memory.fill': { code: [BULK, 11], immediate: { kind: 'bytes', bytes: [0] } },
  'i32.const': { code: [0x41], immediate: { kind: 'i32' } },
  'f32.const': { code: [0x43], immediate: { kind: 'f32' } },
  'f64.const': { code: [0x44], immediate: { kind: 'f64' } },
  'v128.load': { code: [SIMD, 0x00], immediate: memory(4) },
  'v128.load32_splat': { code: [SIMD, 0x09], immediate: memory(2) },
  'v128.load64_splat': { code: [SIMD, 0x0a], immediate: memory(3) },
  'v128.store': { code: [SIMD, 0x0b], immediate: memory(4) },
  'v128.store32_lane': { code: [SIMD, 0x5a], immediate: memory(2, true) },
  'v128.store64_lane': { code: [SIMD, 0x5b], immediate: memory(3, true) },
  'i8x16.shuffle': { code: [SIMD, 0x0d], immediate: { kind: 'lanes' } },
};

/** The instructions by name. */
export const OPCODES: ReadonlyMap<string, Opcode> = new Map([
  ...ROWS.flatMap(([prefix, first, names]) =>
    names.split(' ').flatMap((name, index): [string, Opcode][] => {
      const code = prefix.length > 0 ? unsigned(first + index) : [first + index];
      return name === '_' ? [] : [[name, { code: [...prefix, ...code], immediate: NONE }]];
    }),
  ),
  ...Object.entries(OTHERS),
]);
