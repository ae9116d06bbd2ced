import { expect, test } from 'vitest';
import { elementFormat } from '../src/keras/hdf5/datatype.ts';
import { u } from './keras-hdf5-file.ts';

const format = (bytes: readonly number[], declared?: string) =>
  elementFormat(new DataView(Uint8Array.from([...bytes, ...Array(16).fill(0)]).buffer), 0, declared);

const float = (order: number, size: number, exponent: number, fraction: number, bias: number): number[] => [
  ...[0x11, 0x20 | order, 8 * size - 1, 0, ...u(4, size), ...u(2, 0, 8 * size)],
  ...[fraction, exponent, 0, fraction, ...u(4, bias)],
];

const integer = (flags: number, size: number): number[] => [0x10, flags, 0, 0, ...u(4, size), ...u(2, 0, 8 * size)];

test.each([
  ['float16', float(0, 2, 5, 10, 15), true],
  ['bfloat16', float(0, 2, 8, 7, 127), true],
  ['float32', float(1, 4, 8, 23, 127), false],
  ['float64', float(0, 8, 11, 52, 1023), true],
  ['uint8', integer(0, 1), true],
  ['int16', integer(9, 2), false],
  ['int64', integer(8, 8), true],
  ['bool', [0x18, 2, 0, 0, ...u(4, 1)], true],
])('%s is told by its message', (dtype, message, littleEndian) => {
  expect(format(message)).toEqual({ dtype, littleEndian });
});

test('bfloat16 of Keras is two bytes of which an attribute says what they are', () => {
  const opaque = [0x15, 0, 0, 0, ...u(4, 2)];
  expect(format(opaque, 'bfloat16')?.dtype).toBe('bfloat16');
  expect(format(opaque)).toBeUndefined();
});

test.each([
  ['8-bit floats', float(0, 1, 4, 3, 7)],
  ['floats with another bias', float(0, 4, 8, 23, 128)],
  ['floats in the byte order of a VAX', float(0x41, 4, 8, 23, 127)],
  ['integers of 12 of 16 bits', [...integer(8, 2).slice(0, 10), ...u(2, 12)]],
])('%s are refused', (_, message) => {
  expect(() => format(message)).toThrow(/MODEL_FORMAT.*neither IEEE 754 nor two's complement/s);
});

test('texts are no numbers', () => {
  expect(format([0x13, 0, 0, 0, ...u(4, 8)])).toBeUndefined();
});
