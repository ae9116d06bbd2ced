import { CongruentError, describe, READ_FILE, shortened } from '../errors.ts';
import { bytesPerElement, readElements, type StoredDType, type StoredTensor } from './elements.ts';
import { kindOfFile } from './file-kind.ts';
import { decodeUTF8 } from './utf8.ts';

/** What a .safetensors file holds. */
export interface SafetensorsFile {
  /** By name; an object without a prototype, so that no name is special. Give it to `loadStateDict`. */
  readonly tensors: Record<string, StoredTensor>;
  /** The strings under `__metadata__`, likewise; empty where there are none. */
  readonly metadata: Record<string, string>;
  /**
   * What is in the file besides, likewise: tensors whose elements no array has, such as complex numbers (C64) and floats of
   * four and six bits, and those of types that are not known. They are not read, and the others are.
   */
  readonly unread: Record<string, UnreadTensor>;
}

/** A tensor that is left in its file. */
export interface UnreadTensor {
  /** As the file says it, e.g. `C64`. */
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** The format's own limit; without it eight bytes could ask for any amount of parsing. */
const MAX_HEADER_BYTES = 100_000_000;

/**
 * Reads a .safetensors file, as torch, NumPy and Hugging Face's tools write it. The file may come from anyone:
 * everything the header says is checked before it is used.
 *
 * @param bytes  the whole file; not modified, and nothing of the result refers to it
 * @returns every tensor with the element type it has; floats of one and two bytes as float32, which holds them exactly
 * @throws SAFETENSORS_FORMAT when the file is of another kind, which the message names, is cut off, contradicts itself or
 *         breaks the format's rules (also: names that occur twice, bytes that belong to no tensor or to two)
 * @example
 * const { tensors } = readSafetensors(new Uint8Array(await (await fetch('model.safetensors')).arrayBuffer()));
 * gru.loadStateDict(tensors);
 * @see https://github.com/huggingface/safetensors#format
 */
export function readSafetensors(bytes: Uint8Array | ArrayBuffer): SafetensorsFile {
  const file = viewOf(bytes);
  const kind = kindOfFile(new Uint8Array(file.buffer, file.byteOffset, file.byteLength));
  if (kind !== undefined) throw new CongruentError('SAFETENSORS_FORMAT', `readSafetensors: the file is ${kind}.`);
  if (file.byteLength < 8) refuse(`the file has ${file.byteLength} bytes, less than the 8 of the header's length`);
  const headerBytes = file.getUint32(0, true) + file.getUint32(4, true) * 2 ** 32;
  if (headerBytes > MAX_HEADER_BYTES)
    refuse('its first 8 bytes are the length of no header, which is at most 100,000,000: it is another kind of file');
  if (headerBytes > file.byteLength - 8) {
    refuse(`the header is said to have ${headerBytes} bytes, but only ${file.byteLength - 8} follow`);
  }
  const header = parseHeader(new Uint8Array(file.buffer, file.byteOffset + 8, headerBytes));
  const body = new DataView(file.buffer, file.byteOffset + 8 + headerBytes, file.byteLength - 8 - headerBytes);

  const { __metadata__: metadata, ...entries } = header;
  const infos = Object.entries(entries).map(([name, info]) => readInfo(name, info));
  checkLayout(infos, body.byteLength);
  const tensors: Record<string, StoredTensor> = Object.create(null);
  const unread: Record<string, UnreadTensor> = Object.create(null);
  for (const { name, dtype, shape, begin, end } of infos) {
    const known = storedDType(dtype);
    if (known === undefined) {
      unread[name] = { dtype, shape };
      continue;
    }
    const data = readElements(known, new DataView(body.buffer, body.byteOffset + begin, end - begin));
    tensors[name] = { data, shape, dtype: known };
  }
  return { tensors, metadata: readMetadata(metadata), unread };
}

interface TensorInfo {
  readonly name: string;
  /** In the format's words. */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** The format's names of element types, of those that arrays have. */
const DTYPES: Readonly<Record<string, StoredDType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  F8_E4M3: 'float8_e4m3fn',
  F8_E4M3FNUZ: 'float8_e4m3fnuz',
  F8_E5M2: 'float8_e5m2',
  F8_E5M2FNUZ: 'float8_e5m2fnuz',
  F8_E8M0: 'float8_e8m0fnu',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U64: 'uint64',
  U32: 'uint32',
  U16: 'uint16',
  U8: 'uint8',
  BOOL: 'bool',
};

const storedDType = (dtype: string): StoredDType | undefined =>
  Object.hasOwn(DTYPES, dtype) ? DTYPES[dtype] : undefined;

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  if (bytes[0] !== 0x7b) refuse("the header must begin with '{'");
  let header: unknown;
  let text = '';
  try {
    text = decodeUTF8(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    refuse(`the header is not JSON in UTF-8 (${shortened((cause as Error).message)})`, { cause });
  }
  const repeated = repeatedKey(text);
  if (repeated !== undefined) refuse(`the header has the name ${shortened(repeated)} twice in one object`);
  return header as Record<string, unknown>;
}

/** A key that an object of valid JSON has twice: JSON.parse keeps the last and is silent, so two readers might differ. */
function repeatedKey(json: string): string | undefined {
  const objects: Set<string>[] = [];
  for (let i = 0; i < json.length; i++) {
    if (json[i] === '{') objects.push(new Set());
    else if (json[i] === '}') objects.pop();
    else if (json[i] === '"') {
      const start = i;
      for (i++; json[i] !== '"'; i++) if (json[i] === '\\') i++;
      let next = i + 1;
      while (' \t\n\r'.includes(json[next] ?? '-')) next++;
      if (json[next] !== ':') continue;
      const key: string = JSON.parse(json.slice(start, i + 1));
      const keys = objects.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

function readInfo(name: string, info: unknown): TensorInfo {
  const of = `tensor ${shortened(name)}`;
  if (!isObject(info)) refuse(`${of} must be described by an object, got ${describe(info)}`);
  const { dtype, shape, data_offsets: offsets } = info;
  if (typeof dtype !== 'string') refuse(`${of} must have an element type such as "F32", got ${describe(dtype)}`);
  if (!isSizes(shape)) refuse(`${of} must have a shape of integers ≥ 0, got ${listText(shape)}`);
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    refuse(`${of} must have data_offsets [begin, end] with 0 ≤ begin ≤ end, got ${listText(offsets)}`);
  }
  const [begin, end] = offsets as [number, number];
  const known = storedDType(dtype);
  const wanted = known && shape.reduce((size, length) => size * length, bytesPerElement(known));
  if (known && end - begin !== wanted) {
    refuse(
      `${of} of shape ${listText(shape)} and type ${dtype} needs ${wanted} bytes, but its data_offsets span ${end - begin}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

/** A list of a file in a message: it may be of any length, and have lists in it of any depth. */
function listText(value: unknown): string {
  const text = (each: unknown): string => (typeof each === 'string' ? shortened(each) : describe(each));
  if (!Array.isArray(value)) return text(value);
  return `[${value.slice(0, 8).map(text).join(', ')}${value.length > 8 ? `, … of ${value.length}` : ''}]`;
}

/** The tensors must cover the body from its first byte to its last, without a hole and without sharing any. */
function checkLayout(infos: readonly TensorInfo[], bodyBytes: number): void {
  let covered = 0;
  for (const { name, begin, end } of [...infos].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const of = `tensor ${shortened(name)}`;
    if (begin < covered) refuse(`${of} overlaps another: it begins at byte ${begin}, which belongs to the one before`);
    if (begin > covered) refuse(`bytes ${covered} to ${begin} before ${of} belong to no tensor`);
    if (end > bodyBytes) refuse(`${of} ends at byte ${end}, but the file has only ${bodyBytes} bytes of data`);
    covered = end;
  }
  if (covered < bodyBytes) refuse(`bytes ${covered} to ${bodyBytes} at the end belong to no tensor`);
}

function readMetadata(given: unknown): Record<string, string> {
  const metadata: Record<string, string> = Object.create(null);
  if (given === undefined) return metadata;
  if (!isObject(given)) refuse(`__metadata__ must be an object of strings, got ${describe(given)}`);
  for (const [key, value] of Object.entries(given)) {
    if (typeof value !== 'string') refuse(`__metadata__ ${shortened(key)} must be a string, got ${describe(value)}`);
    metadata[key] = value;
  }
  return metadata;
}

function viewOf(bytes: unknown): DataView {
  try {
    if (ArrayBuffer.isView(bytes)) return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const tag = Object.prototype.toString.call(bytes);
    if (tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]')
      return new DataView(bytes as ArrayBuffer);
  } catch (cause) {
    refuse('the buffer of the file was transferred, or is none. Read the file again', { cause });
  }
  refuse(`the file must be given as a Uint8Array or an ArrayBuffer, got ${describe(bytes)}. ${READ_FILE}`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);

function refuse(problem: string, options?: ErrorOptions): never {
  throw new CongruentError(
    'SAFETENSORS_FORMAT',
    `readSafetensors: ${problem}. Expected a .safetensors file, e.g. from safetensors.torch.save_file(model.state_dict(), path).`,
    options,
  );
}
