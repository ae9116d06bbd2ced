import { listOf } from './dict.ts';
import { CongruentError, describe } from './errors.ts';

/** Element type of a layer and of every tensor it takes and gives, as in `torch.dtype`. */
export type DType = 'float32' | 'float64';

export type FloatArray = Float32Array | Float64Array;

/** A dense row-major array. `data.length` is the product of `shape`. */
export interface Tensor {
  readonly data: FloatArray;
  readonly shape: readonly number[];
}

/** Number of elements of a tensor of this shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

/** A length of a tensor that nobody has checked; 0 where it has none. */
export function lengthIn(tensor: unknown, axis: number): number {
  try {
    return Number((tensor as Tensor).shape[axis]) || 0;
  } catch {
    return 0;
  }
}

/** A shape as in torch's messages: `[2, 3]`. */
export const shapeText = (shape: readonly (number | string)[]): string => `[${shape.join(', ')}]`;

/** Element type of an array. */
export const dtypeOf = (data: FloatArray): DType => (tagOf(data) === 'Float64Array' ? 'float64' : 'float32');

/** The arrays with elements of the given type. */
export const arrayOf = (dtype: DType): Float32ArrayConstructor | Float64ArrayConstructor =>
  dtype === 'float64' ? Float64Array : Float32Array;

/**
 * `length` zeros of the given element type.
 *
 * @throws CONGRUENT_MEMORY where the engine gives no such array
 */
export function zeros(dtype: DType, length: number): FloatArray {
  try {
    return new (arrayOf(dtype))(length);
  } catch {}
  throw memoryError(length);
}

/** Elements of an array; engines that give more do so before there is memory for them, and end when it is written to. */
export const MAX_LENGTH: number = 2 ** 31 - 1;

export const memoryError = (length: number): CongruentError =>
  new CongruentError('CONGRUENT_MEMORY', `no memory for ${length} elements. Run smaller batches, or fewer steps.`);

/** Copies `from` into `to`, of its length: `to.set(from)` calls out of the compiled code, which costs more than 8 elements do. */
export function copy(from: FloatArray, to: FloatArray): void {
  if (from.length > 8) to.set(from);
  else for (let index = 0; index < from.length; index++) to[index] = from[index]!;
}

/** The row at an index, of rows that are so wide, where it lies. */
export const rowAt = (data: FloatArray, index: number, width: number): FloatArray =>
  data.subarray(index * width, (index + 1) * width);

/** A copy of `data` with elements of the given type, rounded to nearest where that is narrower. */
export const converted = (dtype: DType, data: FloatArray): FloatArray => new (arrayOf(dtype))(data);

/** Numbers in arrays of arrays, all of one length on one level. */
export type NestedNumbers = readonly number[] | readonly NestedNumbers[];

/**
 * A tensor over `data`: typed arrays are used as they are (not copied), plain numbers become float32.
 *
 * @param data   the elements, row-major, or arrays of arrays of them, which have a shape of their own
 * @param shape  lengths of the dimensions; left out: one dimension, or those of the nested arrays
 * @throws CONGRUENT_SHAPE when `data.length` is not the product of `shape`
 * @throws CONGRUENT_DTYPE when `data` is an array of integers, e.g. an Int32Array, or has anything but numbers, or arrays of
 *         different lengths
 * @example
 * const x = tensor([[1, 2, 3], [4, 5, 6]]); // or tensor([1, 2, 3, 4, 5, 6], [2, 3])
 * x.shape; // [2, 3]
 * x.data[4]; // 5, row 1, column 1
 */
export function tensor(data: FloatArray | NestedNumbers, shape?: readonly number[]): Tensor {
  const list = listOf(data);
  const own = list ? flattened(list) : { data: data ?? null, shape: [ArrayBuffer.isView(data) && data.length] };
  return checkTensor('tensor', { data: own.data, shape: shape ?? own.shape });
}

function flattened(list: readonly unknown[]): Tensor {
  const shape: number[] = [];
  const data: number[] = [];
  const read = (value: unknown, depth: number): void => {
    if (typeof value === 'number' && depth === shape.length) {
      data.push(value);
      return;
    }
    const { length } = value as readonly unknown[];
    if (data.length === 0 && depth === shape.length) shape.push(length);
    if (length !== shape[depth] || !Array.isArray(value)) throw value;
    // By index, as other ways leave holes out.
    for (let i = 0; i < length; i++) read(value[i], depth + 1);
  };
  try {
    read(list, 0);
    return { data: Float32Array.from(data), shape };
  } catch {
    throw new CongruentError('CONGRUENT_DTYPE', 'tensor: data must be numbers, in arrays of one shape.');
  }
}

/**
 * `value` as a tensor, of the given element type where one is given. Callers in JavaScript have no types to stop them.
 *
 * @param where  the start of an error message, e.g. `GRU.forward: input`
 * @returns its data, and a copy of its shape: what is checked is what is used, whatever getters `value` has
 * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE
 */
export function checkTensor(where: string, value: unknown, dtype?: DType): Tensor {
  const tensor = checkTensorOf(where, value, FLOATS) as Tensor;
  const { data } = tensor;
  if (dtype !== undefined && dtypeOf(data) !== dtype) {
    throw new CongruentError(
      'CONGRUENT_DTYPE',
      `${where} must have the type torch.${dtype}, got type torch.${dtypeOf(data)}. ` +
        `Convert it: new ${arrayOf(dtype).name}(data).`,
    );
  }
  return tensor;
}

const FLOATS = ['Float32Array', 'Float64Array'];

/** The same of arrays of any of these classes. */
export function checkTensorOf(
  where: string,
  value: unknown,
  classes: readonly string[],
): { readonly data: ArrayLike<unknown>; readonly shape: readonly number[] } {
  let data: unknown;
  let shape: number[] | undefined;
  try {
    const given = value as { readonly data: unknown; readonly shape: readonly number[] };
    data = given.data;
    // Arrays may be of any length, and nearly all of it holes.
    shape = [...given.shape.slice(0, 65)];
  } catch {} // it is null, a revoked proxy, or has no shape
  if (data === undefined || !shape) {
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `${where} must be a tensor { data, shape }, got ${describe(value)}. Make one with tensor(data, shape).`,
    );
  }
  if (!isOf(data, classes)) {
    throw new CongruentError(
      'CONGRUENT_DTYPE',
      `${where}: data must be a ${classes.join(' or a ')}, got ${describe(data)}. ` +
        'Convert it: Float32Array.from(data, Number).',
    );
  }
  const size = ofArray('length', data);
  if (
    !shape.every((length) => Number.isSafeInteger(length) && length >= 0) ||
    size !== sizeOf(shape) ||
    size !== data.length // a class of its own may say another one
  ) {
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `${where}: shape '${shapeText(shape.map(describe))}' is invalid for input of size ${size}. ` +
        'Give integers ≥ 0 whose product is that.',
    );
  }
  return { data, shape };
}

/**
 * The class of a typed array, undefined of everything else. Not by instanceof, as arrays of another realm (an iframe, a test
 * runner's vm context) are as good; and as the engine says it, whatever the array does.
 */
export const tagOf = (value: unknown): string | undefined => ofArray(Symbol.toStringTag, value) as string | undefined;

/** What the engine knows of a typed array. */
const ofArray = (key: PropertyKey, array: unknown): unknown =>
  Reflect.get(Object.getPrototypeOf(Float32Array.prototype), key, array);

const isOf = (value: unknown, classes: readonly string[]): value is ArrayLike<unknown> =>
  classes.includes(tagOf(value) as string);
