import { bytesPerElement, readElements, type StoredDType, type StoredTensor } from '@congruent/runtime';
import { formatError, shortened } from '../errors.ts';
import { isJson, type Json, textOf } from '../keras/json.ts';
import type { NamedTensor } from '../keras/weights.ts';

/** The types that weights of TensorFlow.js have, and those that they are quantised to. */
const DTYPES: readonly string[] = ['float32', 'int32', 'bool', 'uint8', 'uint16', 'float16'];

export const damaged = (place: string, problem: string): Error =>
  formatError('TensorFlow.js', place, problem, 'Get all files again, or save the model again with model.save()');

/** The bytes of a group of weights, from which one after the other is taken. */
interface Cursor {
  readonly bytes: DataView;
  at: number;
}

/**
 * The weights of a group of the manifest, which lie one after the other in its shards put together.
 *
 * @throws MODEL_FORMAT
 */
export function weightsIn(bytes: DataView, specs: readonly unknown[]): readonly NamedTensor[] {
  const cursor = { bytes, at: 0 };
  return specs.flatMap((spec, k) => {
    const name = isJson(spec) ? textOf(spec, 'name') : undefined;
    if (!isJson(spec) || name === undefined) throw damaged(`weightsManifest, weight ${k}`, 'it has no name');
    const tensor = weight(cursor, spec, `weight ${shortened(name)}`);
    return tensor ? [{ name, tensor }] : [];
  });
}

/** One weight; `undefined` for texts, which are passed over. */
function weight(cursor: Cursor, spec: Json, place: string): StoredTensor | undefined {
  const shape = shapeOf(spec, place);
  const count = shape.reduce((product, size) => product * size, 1);
  const dtype = textOf(spec, 'dtype') ?? 'undefined';
  if (dtype === 'string') return passTexts(cursor, count, place);
  const quantization = spec['quantization'];
  if (!isJson(quantization)) return { data: take(cursor, count, dtype, place), shape, dtype: dtype as StoredDType };
  const codes = take(cursor, count, textOf(quantization, 'dtype') ?? 'undefined', place);
  return { data: dequantised(codes as Quantised, quantization, dtype, place), shape, dtype: dtype as StoredDType };
}

function shapeOf({ shape }: Json, place: string): readonly number[] {
  if (Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0)) return shape;
  throw damaged(place, `its shape is ${shortened(JSON.stringify(shape) ?? 'undefined')}`);
}

function take(cursor: Cursor, count: number, dtype: string, place: string): StoredTensor['data'] {
  if (!DTYPES.includes(dtype)) throw damaged(place, `weights of type ${shortened(dtype)} are not read`);
  const length = count * bytesPerElement(dtype as StoredDType);
  const data = new DataView(cursor.bytes.buffer, cursor.bytes.byteOffset + cursor.at, advance(cursor, length, place));
  return readElements(dtype as StoredDType, data);
}

/** @returns the length */
function advance(cursor: Cursor, length: number, place: string): number {
  const { byteLength } = cursor.bytes;
  if (!(cursor.at + length <= byteLength)) {
    const end = cursor.at + length;
    throw damaged(
      place,
      `the weights files are shorter than the manifest says: it ends at byte ${end} of ${byteLength}`,
    );
  }
  cursor.at += length;
  return length;
}

/** Each text has its length before it. */
function passTexts(cursor: Cursor, count: number, place: string): undefined {
  for (let k = 0; k < count; k++) {
    advance(cursor, 4, place);
    advance(cursor, cursor.bytes.getUint32(cursor.at - 4, true), place);
  }
}

type Quantised = Float32Array | Uint8Array | Uint16Array;

/** float16 is what it is; integers stand for `code * scale + min`. io_utils.ts of TensorFlow.js 4.22. */
function dequantised(codes: Quantised, quantization: Json, dtype: string, place: string): StoredTensor['data'] {
  if (codes instanceof Float32Array && dtype === 'float32') return codes;
  const { scale, min } = quantization;
  const integers = codes instanceof Uint8Array || codes instanceof Uint16Array;
  if (!integers || (dtype !== 'float32' && dtype !== 'int32') || typeof scale !== 'number' || typeof min !== 'number') {
    throw damaged(place, `its quantization is ${shortened(JSON.stringify(quantization))} of ${dtype}`);
  }
  const value = (code: number): number => code * scale + min;
  return dtype === 'float32'
    ? Float32Array.from(codes, value)
    : Int32Array.from(codes, (code) => Math.round(value(code)));
}
