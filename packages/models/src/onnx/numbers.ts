import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { decodeUTF8, type StoredArray } from '@congruent/runtime';
import type { Cursor } from './wire.ts';

/** How the numbers of a repeated field are written, and what they are kept in. */
interface NumberType<A extends StoredArray> {
  readonly wire: WireType;
  readonly make: (length: number) => A;
  readonly read: (reader: BinaryReader) => A[number];
}

/**
 * The numbers of a repeated field, which may come packed, one by one, or both, so that how many is only known at the end.
 * They take no more than a few times the memory of what they are read from, which an array of bigints would.
 */
export interface Numbers<A extends StoredArray> {
  array: A;
  length: number;
}

/** Reads a repeated field behind what there is of it. */
function readNumbers<A extends StoredArray>(
  numbers: Numbers<A> | undefined,
  { reader, type }: Cursor,
  { wire, make, read }: NumberType<A>,
): Numbers<A> {
  const into = numbers ?? { array: make(4), length: 0 };
  const push = (number: A[number]): void => {
    if (into.length === into.array.length) {
      const larger = make(2 * into.length);
      larger.set(into.array as never);
      into.array = larger;
    }
    into.array[into.length++] = number;
  };
  if (type === wire) push(read(reader));
  else if (type === WireType.LengthDelimited) {
    const packed = new BinaryReader(reader.bytes(), decodeUTF8);
    while (packed.pos < packed.len) push(read(packed));
  } else throw new Error(`numbers of wire type ${type} in place of ${wire}`);
  return into;
}

/** Without the room that was left for more. */
export const trimmed = <A extends StoredArray>({ array, length }: Numbers<A>): A => array.slice(0, length) as A;

/** As numbers, none where there is no such field. */
export const listed = (numbers: Numbers<StoredArray> | undefined): readonly number[] =>
  numbers ? Array.from(trimmed(numbers), Number) : [];

const FLOAT: NumberType<Float32Array> = {
  wire: WireType.Bit32,
  make: (length) => new Float32Array(length),
  read: (reader) => reader.float(),
};

const DOUBLE: NumberType<Float64Array> = {
  wire: WireType.Bit64,
  make: (length) => new Float64Array(length),
  read: (reader) => reader.double(),
};

const INT32: NumberType<Int32Array> = {
  wire: WireType.Varint,
  make: (length) => new Int32Array(length),
  read: (reader) => reader.int32(),
};

const INT64: NumberType<BigInt64Array> = {
  wire: WireType.Varint,
  make: (length) => new BigInt64Array(length),
  read: (reader) => BigInt(reader.int64()),
};

const UINT64: NumberType<BigUint64Array> = {
  wire: WireType.Varint,
  make: (length) => new BigUint64Array(length),
  read: (reader) => BigInt(reader.uint64()),
};

type Reads<A extends StoredArray> = (numbers: Numbers<A> | undefined, cursor: Cursor) => Numbers<A>;

export const readFloats: Reads<Float32Array> = (numbers, cursor) => readNumbers(numbers, cursor, FLOAT);
export const readDoubles: Reads<Float64Array> = (numbers, cursor) => readNumbers(numbers, cursor, DOUBLE);
export const readInt32s: Reads<Int32Array> = (numbers, cursor) => readNumbers(numbers, cursor, INT32);
export const readInt64s: Reads<BigInt64Array> = (numbers, cursor) => readNumbers(numbers, cursor, INT64);
export const readUint64s: Reads<BigUint64Array> = (numbers, cursor) => readNumbers(numbers, cursor, UINT64);
