import { CongruentError, describe } from '../errors.ts';
import type { StateDict } from '../parameters/state-dict.ts';
import { checkTensor, type DType, dtypeOf, type Tensor } from '../tensor.ts';

/** The header ends at a multiple of this, so that the data is aligned and a reader may view it in place. */
const ALIGNMENT = 8;

/** The format is little-endian on every machine, which typed arrays are not. */
const ELEMENTS = {
  float64: { name: 'F64', write: (view: DataView, at: number, value: number) => view.setFloat64(at, value, true) },
  float32: { name: 'F32', write: (view: DataView, at: number, value: number) => view.setFloat32(at, value, true) },
} as const satisfies Record<DType, unknown>;

/**
 * A .safetensors file of these tensors, as torch, NumPy and Hugging Face's tools read it: float32 as F32, float64 as
 * F64. The same tensors in the same order give the same bytes.
 *
 * @param tensors   by name, e.g. what `stateDict()` gives; not modified, and nothing of the result refers to them
 * @param metadata  strings by name, kept under `__metadata__`
 * @returns the whole file; `readSafetensors` gives the same values back, in the same order
 * @throws SAFETENSORS_FORMAT when a name or the metadata cannot be stored
 * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE when a value is not a tensor
 * @example
 * await writeFile('model.safetensors', writeSafetensors(gru.stateDict(), { epoch: '20' }));
 * @see https://github.com/huggingface/safetensors#format
 */
export function writeSafetensors(
  tensors: StateDict,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const stored = layOut(checkTensors(tensors));
  const infos = stored.map(({ name, tensor: { data, shape }, begin }) => [
    name,
    { dtype: ELEMENTS[dtypeOf(data)].name, shape, data_offsets: [begin, begin + data.byteLength] },
  ]);
  const described = Object.keys(checkMetadata(metadata)).length > 0 ? [['__metadata__', metadata]] : [];
  const header = encode(JSON.stringify(Object.fromEntries([...described, ...infos])));

  const file = new Uint8Array(
    8 + header.length + stored.reduce((size, { tensor }) => size + tensor.data.byteLength, 0),
  );
  const view = new DataView(file.buffer);
  view.setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  for (const { tensor, begin } of stored) {
    const { data } = tensor;
    const { write } = ELEMENTS[dtypeOf(data)];
    const start = 8 + header.length + begin;
    for (let i = 0; i < data.length; i++) write(view, start + i * data.BYTES_PER_ELEMENT, data[i]!);
  }
  return file;
}

interface Stored {
  readonly name: string;
  readonly tensor: Tensor;
  /** Its first byte, counted from the end of the header. */
  readonly begin: number;
}

/** Places for the tensors, those of eight bytes first: behind an odd number of float32 they would not be aligned. */
function layOut(tensors: readonly (readonly [string, Tensor])[]): Stored[] {
  const bytesOf = (dtype: DType): number =>
    tensors.reduce((sum, [, { data }]) => sum + (dtypeOf(data) === dtype ? data.byteLength : 0), 0);
  const next = { float64: 0, float32: bytesOf('float64') };
  return tensors.map(([name, tensor]) => {
    const dtype = dtypeOf(tensor.data);
    const begin = next[dtype];
    next[dtype] += tensor.data.byteLength;
    return { name, tensor, begin };
  });
}

/** ASCII, which is UTF-8: every other character as the escape that JSON has for it. An AudioWorklet has no TextEncoder. */
function encode(json: string): Uint8Array {
  const ascii = json.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const padded = ascii.padEnd(Math.ceil(ascii.length / ALIGNMENT) * ALIGNMENT);
  return Uint8Array.from(padded, (character) => character.charCodeAt(0));
}

function checkTensors(given: unknown): (readonly [string, Tensor])[] {
  if (!isObject(given)) refuse(`the tensors must be an object of tensors by name, got ${describe(given)}`);
  return Object.entries(given).map(([name, value]) => {
    if (name === '__metadata__') refuse('no tensor can have the name "__metadata__", which is that of the metadata');
    checkText(name);
    return [name, checkTensor(`writeSafetensors: tensor ${JSON.stringify(name)}`, value)];
  });
}

function checkMetadata(given: unknown): Record<string, unknown> {
  if (!isObject(given)) refuse(`the metadata must be an object of strings, got ${describe(given)}`);
  for (const [key, value] of Object.entries(given)) {
    if (typeof value !== 'string') refuse(`metadata ${JSON.stringify(key)} must be a string, got ${describe(value)}`);
    checkText(key);
    checkText(value);
  }
  return given;
}

/** Readers in other languages refuse half of a surrogate pair, which is no character. */
function checkText(text: string): void {
  if (/\p{Surrogate}/u.test(text)) refuse(`${JSON.stringify(text)} has half of a surrogate pair, which is not Unicode`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function refuse(problem: string): never {
  throw new CongruentError(
    'SAFETENSORS_FORMAT',
    `writeSafetensors: ${problem}. Nothing was written. Give tensors by name, e.g. gru.stateDict(), and metadata as strings.`,
  );
}
