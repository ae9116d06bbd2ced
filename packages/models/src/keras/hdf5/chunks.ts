/// <reference path="./jsfive.d.ts" />
import { bytesPerElement, readElements, type StoredTensor } from '@congruent/runtime';
import { unzlibSync } from 'fflate';
import { type Dataset, Filters } from 'jsfive';
import { unsafeError } from '../../errors.ts';
import { type Allowance, refused, unwritten } from './dataset.ts';
import type { ElementFormat } from './datatype.ts';
import { cutOff, type MeteredBuffer } from './metered-buffer.ts';

/** A dataset in pieces of equal shape, those at the borders sticking out. */
export interface ChunkedData {
  readonly path: string;
  readonly shape: readonly number[];
  readonly format: ElementFormat;
  /** Its chunks are shuffled, compressed or the like. */
  readonly filtered: boolean;
  readonly chunk: readonly number[];
}

/** HDF5's number for zlib's deflate. */
const DEFLATE = 1;

/**
 * Puts chunks together, after a look at what they come to.
 *
 * @throws MODEL_FORMAT, MODEL_UNSAFE
 */
export function readChunks(
  dataset: Dataset,
  data: ChunkedData,
  metered: MeteredBuffer,
  allowance: Allowance,
): StoredTensor {
  const { path, shape, format, filtered, chunk } = data;
  const { dtype } = format;
  if (chunk.length !== shape.length || chunk.some((size) => size === 0)) {
    throw refused(path, `chunks of [${chunk}] in shape [${shape}]`, 'It is damaged: save the model again');
  }
  if (dtype === 'bfloat16') throw refused(path, 'bfloat16 in chunks is not read', 'Save the model in one piece');
  const elements = chunk.reduce((product, size) => product * size, 1);
  const covered = shape.reduce((product, size, k) => product * Math.ceil(size / chunk[k]!) * chunk[k]!, 1);
  const bytes = covered * bytesPerElement(dtype);
  const within = filtered ? 'expanded' : 'stored';
  allowance[within] -= bytes;
  if (allowance[within] < 0) throw tooLarge(path, bytes, filtered);
  // For each chunk one, for each node of their tree one; filters take one each of what they get.
  const slices = 64 + (8 * covered) / elements;
  const values = inflating(elements * bytesPerElement(dtype), path, () => metered.atMost(slices, () => dataset.value));
  return { data: numbers(values, data), shape, dtype };
}

function tooLarge(path: string, bytes: number, filtered: boolean): Error {
  if (!filtered) return cutOff(bytes, bytes);
  return unsafeError(
    'HDF5',
    `dataset ${JSON.stringify(path)}`,
    `its compressed chunks come to ${bytes} bytes, out of all proportion to the file`,
    'Save the model without compression',
  );
}

/** Inflates no chunk beyond its size while jsfive reads. */
function inflating<T>(bytes: number, path: string, read: () => T): T {
  const before = Filters.get(DEFLATE)!;
  Filters.set(DEFLATE, (chunk) => {
    const inflated = unzlibSync(new Uint8Array(chunk), { out: new Uint8Array(bytes + 1) });
    if (inflated.length !== bytes) {
      throw refused(path, `a chunk of ${bytes} bytes inflates to another size`, 'It is damaged: save the model again');
    }
    if (adler32(inflated) !== new DataView(chunk).getUint32(chunk.byteLength - 4)) {
      throw refused(
        path,
        'the bytes of a chunk are not those of its checksum',
        'It is damaged: get the whole file again',
      );
    }
    return inflated.slice().buffer;
  });
  try {
    return read();
  } finally {
    Filters.set(DEFLATE, before);
  }
}

/** The checksum at the end of what zlib deflates, which fflate does not look at. RFC 1950. */
function adler32(bytes: Uint8Array): number {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return high * 65_536 + low;
}

/** The elements in the array of their type. jsfive gives integers of 64 bits as numbers. */
function numbers(values: readonly unknown[], { path, shape, format: { dtype } }: ChunkedData): StoredTensor['data'] {
  const count = shape.reduce((product, size) => product * size, 1);
  const data = readElements(dtype, new DataView(new ArrayBuffer(count * bytesPerElement(dtype))));
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (typeof value !== 'number') throw unwritten(path);
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
      if (!Number.isSafeInteger(value)) throw refused(path, 'integers above 2^53 in chunks', 'Save it in one piece');
      data[i] = BigInt(value);
    } else data[i] = value;
  }
  return data;
}
