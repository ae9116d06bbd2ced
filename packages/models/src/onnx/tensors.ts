import {
  bytesPerElement,
  readElements,
  type StoredArray,
  type StoredDType,
  type StoredTensor,
} from '@congruent/runtime';
import { missingFileError, shortened, unsafeError } from '../errors.ts';
import type { ModelFile } from '../model.ts';
import { listed, trimmed } from './numbers.ts';
import type { TensorProto } from './proto.ts';
import { damaged } from './wire.ts';

/** The typed field that has a tensor's numbers where they are not raw bytes. */
type TypedField = 'floatData' | 'doubleData' | 'int32Data' | 'int64Data' | 'uint64Data';

/** TensorProto.DataType, and the typed field of each. */
const TYPES: ReadonlyMap<number, readonly [StoredDType, TypedField]> = new Map([
  [1, ['float32', 'floatData']],
  [2, ['uint8', 'int32Data']],
  [3, ['int8', 'int32Data']],
  [4, ['uint16', 'int32Data']],
  [5, ['int16', 'int32Data']],
  [6, ['int32', 'int32Data']],
  [7, ['int64', 'int64Data']],
  [9, ['bool', 'int32Data']],
  [10, ['float16', 'int32Data']],
  [11, ['float64', 'doubleData']],
  [12, ['uint32', 'uint64Data']],
  [13, ['uint64', 'uint64Data']],
  [16, ['bfloat16', 'int32Data']],
  [17, ['float8_e4m3fn', 'int32Data']],
  [18, ['float8_e4m3fnuz', 'int32Data']],
  [19, ['float8_e5m2', 'int32Data']],
  [20, ['float8_e5m2fnuz', 'int32Data']],
  [24, ['float8_e8m0fnu', 'int32Data']],
]);

/** TensorProto.DataLocation. */
const EXTERNAL = 1;

/** As many as NumPy's arrays may have, so that no tool makes a tensor of more. */
export const MOST_DIMENSIONS = 64;

/** Makes a tensor of its message, as a copy; `undefined` where its type is none that is read. */
export type TensorReader = (proto: TensorProto, place: string) => StoredTensor | undefined;

/**
 * The reader of a file's tensors.
 *
 * @throws MODEL_FORMAT where its data is not what its dimensions say; MODEL_UNSAFE and MODEL_FILES of external data
 */
export function tensorReader(file: Pick<ModelFile, 'files'>): TensorReader {
  const external = externalData(file);
  return (proto, place) => {
    const type = TYPES.get(proto.dataType);
    if (!type) return undefined;
    const [dtype, field] = type;
    const rank = proto.dims?.length ?? 0;
    if (rank > MOST_DIMENSIONS) throw damaged(place, `it has ${rank} dimensions`);
    const shape = listed(proto.dims);
    if (shape.some((length) => length < 0)) throw damaged(place, `its dimensions are [${shape.join(', ')}]`);
    const count = shape.reduce((product, length) => product * length, 1);
    const raw = proto.dataLocation === EXTERNAL ? external(proto.externalData ?? new Map(), place) : proto.rawData;
    const data = raw ? fromBytes(raw, dtype, count, shape, place) : fromField(proto[field], dtype, count, shape, place);
    return { data, shape, dtype };
  };
}

function fromBytes(
  bytes: Uint8Array,
  dtype: StoredDType,
  count: number,
  shape: readonly number[],
  place: string,
): StoredArray {
  const expected = count * bytesPerElement(dtype);
  if (bytes.length !== expected) throw wrongLength(place, shape, dtype, `${expected} bytes`, bytes.length);
  return readElements(dtype, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

function fromField(
  numbers: TensorProto[TypedField],
  dtype: StoredDType,
  count: number,
  shape: readonly number[],
  place: string,
): StoredArray {
  const length = numbers?.length ?? 0;
  if (length !== count) throw wrongLength(place, shape, dtype, `${count} numbers`, length);
  return numbers
    ? narrowed(trimmed<StoredArray>(numbers), dtype)
    : readElements(dtype, new DataView(new ArrayBuffer(0)));
}

const wrongLength = (place: string, shape: readonly number[], dtype: string, expected: string, got: number): Error =>
  damaged(place, `its dimensions [${shape.join(', ')}] of ${dtype} take ${expected}, and it has ${got}`);

/** The numbers of a typed field, which is wider than some of its types; floats of one and two bytes are there as their bits. */
function narrowed(numbers: StoredArray, dtype: StoredDType): StoredArray {
  const narrow = NARROW[dtype];
  if (!narrow) return numbers;
  const array = narrow(numbers.length);
  numbers.forEach((number: number | bigint, k: number) => {
    array[k] = Number(number);
  });
  return dtype.includes('int') ? array : readElements(dtype, new DataView(array.buffer));
}

type Narrow = Int8Array | Uint8Array | Int16Array | Uint16Array | Uint32Array;

const uint8s = (length: number): Uint8Array => new Uint8Array(length);
const uint16s = (length: number): Uint16Array => new Uint16Array(length);

/** Typed arrays take the low bits of a number, as protobuf's readers do. */
const NARROW: Readonly<Partial<Record<StoredDType, (length: number) => Narrow>>> = {
  uint8: uint8s,
  bool: uint8s,
  float8_e4m3fn: uint8s,
  float8_e4m3fnuz: uint8s,
  float8_e5m2: uint8s,
  float8_e5m2fnuz: uint8s,
  float8_e8m0fnu: uint8s,
  int8: (length) => new Int8Array(length),
  uint16: uint16s,
  int16: (length) => new Int16Array(length),
  uint32: (length) => new Uint32Array(length),
  float16: uint16s,
  bfloat16: uint16s,
};

/** Tensors may share their data, but a small file may not ask for the same large one over and over. */
const TIMES_READ = 4;

/** The bytes of external data, by the entries of a tensor. */
function externalData({
  files,
}: Pick<ModelFile, 'files'>): (entries: ReadonlyMap<string, string>, place: string) => Uint8Array {
  const all = Object.values(files).reduce((total, bytes) => total + bytes.length, 0);
  let left = TIMES_READ * all;
  return (entries, place) => {
    const bytes = fileOf(entries.get('location') ?? '', files, place);
    const offset = numberOf(entries, 'offset', 0, place);
    const length = numberOf(entries, 'length', bytes.length - offset, place);
    if (offset + length > bytes.length || length < 0) {
      const location = shortened(entries.get('location') ?? '');
      throw damaged(place, `it is ${length} bytes from ${offset} on of ${location}, which has ${bytes.length}`);
    }
    left -= length;
    if (left < 0) {
      throw unsafeError(
        'ONNX',
        place,
        `its tensors read external data more than ${TIMES_READ} times`,
        'Export it again',
      );
    }
    return bytes.subarray(offset, offset + length);
  };
}

function fileOf(location: string, files: ModelFile['files'], place: string): Uint8Array {
  const parts = location.split(/[\\/]/);
  if (location === '') throw damaged(place, 'its external data has no location');
  if (parts[0] === '' || /^[A-Za-z]:/.test(location) || parts.includes('..')) {
    throw unsafeError(
      'ONNX',
      place,
      `its data is in ${shortened(location)}, which leaves the folder of the model`,
      'Save the model with its data beside it',
    );
  }
  const plain = parts.filter((part) => part !== '.').join('/');
  for (const name of [location, plain]) if (Object.hasOwn(files, name)) return files[name]!;
  throw missingFileError('ONNX', place, location);
}

function numberOf(entries: ReadonlyMap<string, string>, key: string, fallback: number, place: string): number {
  const text = entries.get(key);
  if (text === undefined) return fallback;
  if (!/^\d{1,15}$/.test(text)) throw damaged(place, `the ${key} of its external data is ${shortened(text)}`);
  return Number(text);
}
