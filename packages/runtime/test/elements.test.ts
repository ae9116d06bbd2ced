import { expect, test } from 'vitest';
import { bytesPerElement, readElements, type StoredArray, type StoredDType } from '../src/index.ts';

/** Bits of elements, with their values; those of floats as PyTorch 2 and NumPy print them. */
const TYPES: Readonly<Record<StoredDType, readonly [bits: readonly bigint[], values: StoredArray]>> = {
  float8_e4m3fn: [
    [0x00n, 0x80n, 0x01n, 0x07n, 0x08n, 0x38n, 0xb8n, 0x7en, 0x7fn, 0xffn],
    Float32Array.of(0, -0, 2 ** -9, 7 * 2 ** -9, 2 ** -6, 1, -1, 448, Number.NaN, Number.NaN),
  ],
  float8_e4m3fnuz: [
    [0x00n, 0x01n, 0x08n, 0x40n, 0xc0n, 0x7fn, 0x80n],
    Float32Array.of(0, 2 ** -10, 2 ** -7, 1, -1, 240, Number.NaN),
  ],
  float8_e5m2: [
    [0x00n, 0x80n, 0x01n, 0x04n, 0x3cn, 0xbcn, 0x7bn, 0x7cn, 0xfcn, 0x7dn],
    Float32Array.of(0, -0, 2 ** -16, 2 ** -14, 1, -1, 57344, Infinity, -Infinity, Number.NaN),
  ],
  float8_e5m2fnuz: [
    [0x00n, 0x01n, 0x04n, 0x40n, 0xc0n, 0x7fn, 0x80n],
    Float32Array.of(0, 2 ** -17, 2 ** -15, 1, -1, 57344, Number.NaN),
  ],
  float8_e8m0fnu: [[0x00n, 0x7fn, 0x80n, 0xfen, 0xffn], Float32Array.of(2 ** -127, 1, 2, 2 ** 127, Number.NaN)],
  float16: [
    [0x0000n, 0x8000n, 0x0001n, 0x3c00n, 0xc000n, 0x7bffn, 0x7c00n, 0xfc00n, 0x7e00n],
    Float32Array.of(0, -0, 2 ** -24, 1, -2, 65504, Infinity, -Infinity, Number.NaN),
  ],
  bfloat16: [
    [0x3f80n, 0xc000n, 0x8000n, 0x7f80n, 0x4049n, 0x7fc0n, 0x0001n],
    Float32Array.of(1, -2, -0, Infinity, 3.140625, Number.NaN, 2 ** -133),
  ],
  float32: [[0x3f800000n, 0x80000000n, 0x00000001n], Float32Array.of(1, -0, 2 ** -149)],
  float64: [[0x3ff0000000000000n, 0x0000000000000001n], Float64Array.of(1, 5e-324)],
  int8: [[0x7fn, 0x80n, 0xffn], Int8Array.of(127, -128, -1)],
  uint8: [[0x7fn, 0xffn], Uint8Array.of(127, 255)],
  int16: [[0x7fffn, 0x8000n, 0xff00n], Int16Array.of(32767, -32768, -256)],
  uint16: [[0x0102n, 0xff00n], Uint16Array.of(258, 65280)],
  int32: [[0x01020304n, 0x80000000n], Int32Array.of(16909060, -2147483648)],
  uint32: [[0x01020304n, 0xfffffffen], Uint32Array.of(16909060, 4294967294)],
  int64: [[0x0102030405060708n, 0xffffffffffffffffn], BigInt64Array.of(72623859790382856n, -1n)],
  uint64: [[0x0102030405060708n, 0xffffffffffffffffn], BigUint64Array.of(72623859790382856n, 2n ** 64n - 1n)],
  bool: [[0x00n, 0x01n, 0x02n], Uint8Array.of(0, 1, 1)],
};

const bytesOf = (bits: readonly bigint[], bytes: number, littleEndian: boolean): Uint8Array =>
  Uint8Array.from(
    bits.flatMap((element) => {
      const big = Array.from({ length: bytes }, (_, i) => Number((element >> BigInt(8 * (bytes - 1 - i))) & 255n));
      return littleEndian ? big.reverse() : big;
    }),
  );

const BYTES = { float8: 1, float16: 2, bfloat16: 2, int8: 1, uint8: 1, bool: 1 } as const;

for (const [dtype, [bits, values]] of Object.entries(TYPES) as [StoredDType, (typeof TYPES)[StoredDType]][]) {
  for (const littleEndian of [true, false]) {
    test(`${dtype}, ${littleEndian ? 'little' : 'big'}-endian, at any byte`, () => {
      const bytes = dtype.startsWith('float8')
        ? 1
        : (BYTES[dtype as keyof typeof BYTES] ?? Number(/\d+/.exec(dtype)![0]) / 8);
      expect(bytesPerElement(dtype)).toBe(bytes);
      const data = bytesOf(bits, bytes, littleEndian);
      for (const shift of [0, 1, 3]) {
        const room = new Uint8Array(data.length + shift);
        room.set(data, shift);
        const read = readElements(dtype, new DataView(room.buffer, shift), littleEndian);
        expect(read).toEqual(values);
      }
    });
  }
}

test('little-endian where the order is not said, and a copy', () => {
  const data = Uint8Array.of(1, 0);
  const read = readElements('int16', new DataView(data.buffer));
  data.fill(9);
  expect(read).toEqual(Int16Array.of(1));
});

test('floats of a byte rise with their bits, and each sign mirrors the other', () => {
  for (const kind of ['e4m3fn', 'e4m3fnuz', 'e5m2', 'e5m2fnuz'] as const) {
    const all = readElements(`float8_${kind}`, new DataView(Uint8Array.from({ length: 256 }, (_, i) => i).buffer));
    for (let bits = 1; bits < 128; bits++) {
      if (Number.isNaN(all[bits])) continue;
      expect(all[bits]).toBeGreaterThan(all[bits - 1] as number);
      expect(all[bits + 128]).toBe(-(all[bits] as number));
    }
  }
});
