import { CongruentError, describe } from '../errors.ts';
import type { FloatArray, Tensor } from '../tensor.ts';

/** What a .safetensors file holds. */
export interface SafetensorsFile {
  /** By name; an object without a prototype, so that no name is special. Give it to `loadStateDict`. */
  readonly tensors: Record<string, Tensor>;
  /** The strings under `__metadata__`, likewise; empty where there are none. */
  readonly metadata: Record<string, string>;
}

/** The format's own limit; without it eight bytes could ask for any amount of parsing. */
const MAX_HEADER_BYTES = 100_000_000;

/**
 * Reads a .safetensors file, as torch, NumPy and Hugging Face's tools write it. The file may come from anyone:
 * everything the header says is checked before it is used.
 *
 * @param bytes  the whole file; not modified, and nothing of the result refers to it
 * @returns F32 and F64 tensors as they are, F16 and BF16 as float32, which holds them exactly
 * @throws SAFETENSORS_FORMAT when the file is cut off, contradicts itself or breaks the format's rules (also: names that
 *         occur twice, bytes that belong to no tensor or to two), or has a tensor of integers or booleans
 * @example
 * const { tensors } = readSafetensors(new Uint8Array(await (await fetch('model.safetensors')).arrayBuffer()));
 * gru.loadStateDict(tensors);
 * @see https://github.com/huggingface/safetensors#format
 */
export function readSafetensors(bytes: Uint8Array | ArrayBuffer): SafetensorsFile {
  const file = viewOf(bytes);
  if (file.byteLength < 8) refuse(`the file has ${file.byteLength} bytes, less than the 8 of the header's length`);
  const headerBytes = file.getUint32(0, true) + file.getUint32(4, true) * 2 ** 32;
  if (headerBytes > MAX_HEADER_BYTES) refuse(`the header is said to have ${headerBytes} bytes, more than 100,000,000`);
  if (headerBytes > file.byteLength - 8) {
    refuse(`the header is said to have ${headerBytes} bytes, but only ${file.byteLength - 8} follow`);
  }
  const header = parseHeader(new Uint8Array(file.buffer, file.byteOffset + 8, headerBytes));
  const body = new DataView(file.buffer, file.byteOffset + 8 + headerBytes, file.byteLength - 8 - headerBytes);

  const { __metadata__: metadata, ...entries } = header;
  const infos = Object.entries(entries).map(([name, info]) => readInfo(name, info));
  checkLayout(infos, body.byteLength);
  const tensors: Record<string, Tensor> = Object.create(null);
  for (const { name, dtype, shape, begin, end } of infos) {
    tensors[name] = {
      data: ELEMENTS[dtype].read(new DataView(body.buffer, body.byteOffset + begin, end - begin)),
      shape,
    };
  }
  return { tensors, metadata: readMetadata(metadata) };
}

interface TensorInfo {
  readonly name: string;
  readonly dtype: keyof typeof ELEMENTS;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Element by element: the data need not be aligned, and the format is little-endian on every machine. */
const ELEMENTS = {
  F64: {
    bytes: 8,
    read: (data: DataView): FloatArray =>
      new Float64Array(data.byteLength / 8).map((_, i) => data.getFloat64(8 * i, true)),
  },
  F32: {
    bytes: 4,
    read: (data: DataView): FloatArray =>
      new Float32Array(data.byteLength / 4).map((_, i) => data.getFloat32(4 * i, true)),
  },
  F16: {
    bytes: 2,
    read: (data: DataView): FloatArray =>
      new Float32Array(data.byteLength / 2).map((_, i) => halfToNumber(data.getUint16(2 * i, true))),
  },
  BF16: {
    bytes: 2,
    // bfloat16 is the upper half of float32, so it is read as one whose lower half is zero.
    read: (data: DataView): FloatArray => {
      const bits = new Uint32Array(data.byteLength / 2).map((_, i) => data.getUint16(2 * i, true) << 16);
      return new Float32Array(bits.buffer);
    },
  },
} as const;

/** IEEE 754 binary16: 1 sign bit, 5 bits of exponent with bias 15, 10 bits of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  if (bytes[0] !== 0x7b) refuse("the header must begin with '{'");
  let header: unknown;
  let text = '';
  try {
    text = decodeUTF8(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    refuse(`the header is not JSON in UTF-8 (${(cause as Error).message})`, { cause });
  }
  const repeated = repeatedKey(text);
  if (repeated !== undefined) refuse(`the header has the name ${JSON.stringify(repeated)} twice in one object`);
  return header as Record<string, unknown>;
}

/** Strict, and by the language alone: an AudioWorklet has no TextDecoder. Throws URIError on what is not UTF-8. */
function decodeUTF8(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    let end = Math.min(at + 8192, bytes.length);
    // Not in the middle of a character, which has at most three more bytes.
    for (const most = end + 3; end < most && ((bytes[end] ?? 0) & 0xc0) === 0x80; ) end++;
    const escaped = Array.from(bytes.subarray(at, end), (byte) => `%${byte.toString(16).padStart(2, '0')}`);
    parts.push(decodeURIComponent(escaped.join('')));
    at = end;
  }
  return parts.join('');
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
  const of = `tensor ${JSON.stringify(name)}`;
  if (!isObject(info)) refuse(`${of} must be described by an object, got ${describe(info)}`);
  const { dtype, shape, data_offsets: offsets } = info;
  const isRead = typeof dtype === 'string' && Object.hasOwn(ELEMENTS, dtype);
  if (!isRead)
    refuse(`${of} has the element type ${describe(dtype)}; F16, BF16, F32 and F64 are read. Convert it first`);
  if (!isSizes(shape)) refuse(`${of} must have a shape of integers ≥ 0, got ${JSON.stringify(shape)}`);
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    refuse(`${of} must have data_offsets [begin, end] with 0 ≤ begin ≤ end, got ${JSON.stringify(offsets)}`);
  }
  const [begin, end] = offsets as [number, number];
  const element = dtype as keyof typeof ELEMENTS;
  const wanted = shape.reduce((size, length) => size * length, ELEMENTS[element].bytes);
  if (end - begin !== wanted) {
    refuse(
      `${of} of shape [${shape.join(', ')}] and type ${dtype} needs ${wanted} bytes, but its data_offsets span ${end - begin}`,
    );
  }
  return { name, dtype: element, shape, begin, end };
}

/** The tensors must cover the body from its first byte to its last, without a hole and without sharing any. */
function checkLayout(infos: readonly TensorInfo[], bodyBytes: number): void {
  let covered = 0;
  for (const { name, begin, end } of infos.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    const of = `tensor ${JSON.stringify(name)}`;
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
    if (typeof value !== 'string')
      refuse(`__metadata__ ${JSON.stringify(key)} must be a string, got ${describe(value)}`);
    metadata[key] = value;
  }
  return metadata;
}

function viewOf(bytes: unknown): DataView {
  if (ArrayBuffer.isView(bytes)) return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = Object.prototype.toString.call(bytes);
  if (tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]') return new DataView(bytes as ArrayBuffer);
  refuse(`the file must be given as a Uint8Array or an ArrayBuffer, got ${describe(bytes)}`);
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
