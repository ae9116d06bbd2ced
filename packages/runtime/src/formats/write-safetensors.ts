import { dictEntries } from '../dict.ts';
import { CongruentError, describe, shortened } from '../errors.ts';
import { checkTensorOf, tagOf } from '../tensor.ts';
import type { StoredArray, StoredDType } from './elements.ts';

/** The header ends at a multiple of this, so that the data is aligned and a reader may view it in place. */
const ALIGNMENT = 8;

/** The types that arrays are written as. */
const TYPES: Readonly<Record<string, string>> = {
  Float64Array: 'F64',
  Float32Array: 'F32',
  BigInt64Array: 'I64',
  BigUint64Array: 'U64',
  Int32Array: 'I32',
  Uint32Array: 'U32',
  Int16Array: 'I16',
  Uint16Array: 'U16',
  Int8Array: 'I8',
  Uint8Array: 'U8',
};

/** A tensor that can be written: one of a layer, or of any file. */
export interface WritableTensor {
  readonly data: StoredArray;
  readonly shape: readonly number[];
  /** `bool` where bytes of 0 and 1 are that; otherwise the array says the type. */
  readonly dtype?: StoredDType | undefined;
}

/**
 * A .safetensors file of these tensors, as torch, NumPy and Hugging Face's tools read it: float32 as F32, float64 as F64,
 * integers and bool as they are; what `readSafetensors` widened to float32, as F32. The same tensors in the same order give
 * the same bytes.
 *
 * @param tensors   by name, e.g. what `stateDict()` gives; not modified, and nothing of the result refers to them
 * @param metadata  strings by name, kept under `__metadata__`
 * @returns the whole file; `readSafetensors` gives the same values back, in the same order
 * @throws SAFETENSORS_FORMAT when the tensors are no object by name (also: a Map), or a name or the metadata cannot be stored
 * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE when a value is not a tensor
 * @example
 * await writeFile('model.safetensors', writeSafetensors(gru.stateDict(), { epoch: '20' }));
 * @see https://github.com/huggingface/safetensors#format
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, WritableTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): ReturnType<Uint8ArrayConstructor['of']> {
  // Uint8Array<ArrayBuffer>, which TypeScript before 5.7 cannot say.
  const stored = layOut(checkTensors(tensors));
  const infos = stored.map(({ name, type, data, shape, begin }) => [
    name,
    { dtype: type, shape, data_offsets: [begin, begin + data.byteLength] },
  ]);
  const strings = checkMetadata(metadata);
  const described = strings.length > 0 ? [['__metadata__', Object.fromEntries(strings)]] : [];
  const header = encode(JSON.stringify(Object.fromEntries([...described, ...infos])));

  const file = new Uint8Array(8 + header.length + stored.reduce((size, { data }) => size + data.byteLength, 0));
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  for (const { data, begin } of stored) file.set(littleEndian(data), 8 + header.length + begin);
  return file;
}

/** A tensor, checked. */
interface Checked {
  readonly name: string;
  /** In the format's words. */
  readonly type: string;
  readonly data: StoredArray;
  readonly shape: readonly number[];
}

interface Placed extends Checked {
  /** Its first byte, counted from the end of the header. */
  readonly begin: number;
}

/** Places for the tensors, those of the longest elements first: behind an odd number of bytes they would not be aligned. */
function layOut(tensors: readonly Checked[]): Placed[] {
  const begins = new Map<Checked, number>();
  let next = 0;
  for (const length of [8, 4, 2, 1]) {
    for (const tensor of tensors) {
      if (tensor.data.BYTES_PER_ELEMENT !== length) continue;
      begins.set(tensor, next);
      next += tensor.data.byteLength;
    }
  }
  return tensors.map((tensor) => ({ ...tensor, begin: begins.get(tensor)! }));
}

/** The bytes of an array in the order of the format, which is the same on every machine; that of typed arrays is not. */
function littleEndian(data: StoredArray): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] === 1) return bytes;
  const swapped = bytes.slice();
  for (let at = 0; at < swapped.length; at += data.BYTES_PER_ELEMENT) {
    swapped.subarray(at, at + data.BYTES_PER_ELEMENT).reverse();
  }
  return swapped;
}

/** ASCII, which is UTF-8: every other character as the escape that JSON has for it. An AudioWorklet has no TextEncoder. */
function encode(json: string): Uint8Array {
  const ascii = json.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const padded = ascii.padEnd(Math.ceil(ascii.length / ALIGNMENT) * ALIGNMENT);
  return Uint8Array.from(padded, (character) => character.charCodeAt(0));
}

function checkTensors(given: unknown): Checked[] {
  const entries = dictEntries(given);
  if (!entries) refuse(`the tensors must be an object of tensors by name, got ${describe(given)}`);
  return entries.map(([name, value]) => {
    if (name === '__metadata__') refuse('no tensor can have the name "__metadata__", which is that of the metadata');
    checkText(name);
    return checkStored(name, value);
  });
}

function checkStored(name: string, value: unknown): Checked {
  const where = `writeSafetensors: tensor ${shortened(name)}`;
  const { data, shape } = checkTensorOf(where, value, Object.keys(TYPES));
  const type = TYPES[tagOf(data)!]!;
  const isBool = type === 'U8' && (value as WritableTensor).dtype === 'bool';
  return { name, type: isBool ? 'BOOL' : type, data: data as StoredArray, shape };
}

function checkMetadata(given: unknown): [string, string][] {
  const entries = dictEntries(given);
  if (!entries) refuse(`the metadata must be an object of strings, got ${describe(given)}`);
  return entries.map(([key, value]) => {
    if (typeof value !== 'string') refuse(`metadata ${shortened(key)} must be a string, got ${describe(value)}`);
    checkText(key);
    checkText(value);
    return [key, value];
  });
}

/** Readers in other languages refuse half of a surrogate pair, which is no character. */
function checkText(text: string): void {
  if (/\p{Surrogate}/u.test(text)) refuse(`${shortened(text)} has half of a surrogate pair, which is not Unicode`);
}

function refuse(problem: string): never {
  throw new CongruentError(
    'SAFETENSORS_FORMAT',
    `writeSafetensors: ${problem}. Nothing was written. Give tensors by name, e.g. gru.stateDict(), and metadata as strings.`,
  );
}
