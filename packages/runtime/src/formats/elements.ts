import type { FloatArray } from '../tensor.ts';
import { float8, half, upperHalf } from './small-floats.ts';

/** Element types that tensors have in files, by PyTorch's and NumPy's names. */
export type StoredDType =
  | 'float8_e4m3fn'
  | 'float8_e4m3fnuz'
  | 'float8_e5m2'
  | 'float8_e5m2fnuz'
  | 'float8_e8m0fnu'
  | 'float16'
  | 'bfloat16'
  | 'float32'
  | 'float64'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'bool';

/** The elements of a tensor from a file. */
export type StoredArray =
  | FloatArray
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** A tensor as a file has it. Only float32 and float64 can be parameters of a layer; the others are what else models store. */
export interface StoredTensor {
  /** Floats of one and two bytes as float32, which holds them exactly; bool as bytes of 0 and 1. */
  readonly data: StoredArray;
  readonly shape: readonly number[];
  /** As it is in the file. */
  readonly dtype: StoredDType;
}

/** How the elements of a type lie in bytes. */
interface ElementType {
  readonly bytes: number;
  read(data: DataView, littleEndian: boolean): StoredArray;
}

/** Elements one by one: the data need not be aligned, and may have another byte order than the machine. */
function elementType<A extends StoredArray>(
  bytes: number,
  make: (length: number) => A,
  element: (data: DataView, at: number, littleEndian: boolean) => A[number],
): ElementType {
  return {
    bytes,
    read(data, littleEndian) {
      const elements = make(data.byteLength / bytes);
      for (let i = 0; i < elements.length; i++) elements[i] = element(data, i * bytes, littleEndian);
      return elements;
    },
  };
}

const float32s = (length: number): Float32Array => new Float32Array(length);

const ELEMENTS: Readonly<Record<StoredDType, ElementType>> = {
  float8_e4m3fn: elementType(1, float32s, (data, at) => float8('e4m3fn', data.getUint8(at))),
  float8_e4m3fnuz: elementType(1, float32s, (data, at) => float8('e4m3fnuz', data.getUint8(at))),
  float8_e5m2: elementType(1, float32s, (data, at) => float8('e5m2', data.getUint8(at))),
  float8_e5m2fnuz: elementType(1, float32s, (data, at) => float8('e5m2fnuz', data.getUint8(at))),
  float8_e8m0fnu: elementType(1, float32s, (data, at) => float8('e8m0fnu', data.getUint8(at))),
  float16: elementType(2, float32s, (data, at, little) => half(data.getUint16(at, little))),
  bfloat16: elementType(2, float32s, (data, at, little) => upperHalf(data.getUint16(at, little))),
  float32: elementType(4, float32s, (data, at, little) => data.getFloat32(at, little)),
  float64: elementType(
    8,
    (length) => new Float64Array(length),
    (data, at, little) => data.getFloat64(at, little),
  ),
  int8: elementType(
    1,
    (length) => new Int8Array(length),
    (data, at) => data.getInt8(at),
  ),
  uint8: elementType(
    1,
    (length) => new Uint8Array(length),
    (data, at) => data.getUint8(at),
  ),
  int16: elementType(
    2,
    (length) => new Int16Array(length),
    (data, at, little) => data.getInt16(at, little),
  ),
  uint16: elementType(
    2,
    (length) => new Uint16Array(length),
    (data, at, little) => data.getUint16(at, little),
  ),
  int32: elementType(
    4,
    (length) => new Int32Array(length),
    (data, at, little) => data.getInt32(at, little),
  ),
  uint32: elementType(
    4,
    (length) => new Uint32Array(length),
    (data, at, little) => data.getUint32(at, little),
  ),
  int64: elementType(
    8,
    (length) => new BigInt64Array(length),
    (data, at, little) => data.getBigInt64(at, little),
  ),
  uint64: elementType(
    8,
    (length) => new BigUint64Array(length),
    (data, at, little) => data.getBigUint64(at, little),
  ),
  bool: elementType(
    1,
    (length) => new Uint8Array(length),
    (data, at) => Number(data.getUint8(at) !== 0),
  ),
};

/** Bytes of one element. */
export const bytesPerElement = (dtype: StoredDType): number => ELEMENTS[dtype].bytes;

/** The elements that lie in bytes, as a copy. The number of bytes is a multiple of the type's. */
export const readElements = (dtype: StoredDType, data: DataView, littleEndian = true): StoredArray =>
  ELEMENTS[dtype].read(data, littleEndian);
