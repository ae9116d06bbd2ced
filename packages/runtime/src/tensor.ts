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

/** A shape as in torch's messages: `[2, 3]`. */
export const shapeText = (shape: readonly (number | string)[]): string => `[${shape.join(', ')}]`;

/** Element type of an array. */
export const dtypeOf = (data: FloatArray): DType => (tagOf(data) === 'Float64Array' ? 'float64' : 'float32');

/** The arrays with elements of the given type. */
export const arrayOf = (dtype: DType): Float32ArrayConstructor | Float64ArrayConstructor =>
  dtype === 'float64' ? Float64Array : Float32Array;

/** `length` zeros of the given element type. */
export const zeros = (dtype: DType, length: number): FloatArray => new (arrayOf(dtype))(length);

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

/**
 * A tensor over `data`: typed arrays are used as they are (not copied), plain numbers become float32.
 *
 * @param data   the elements, row-major
 * @param shape  lengths of the dimensions; left out: one dimension
 * @throws CONGRUENT_SHAPE when `data.length` is not the product of `shape`
 * @throws CONGRUENT_DTYPE when `data` is an array of integers, e.g. an Int32Array
 * @example
 * const x = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
 * x.data[4]; // 5, row 1, column 1
 */
export function tensor(data: FloatArray | readonly number[], shape: readonly number[] = [data.length]): Tensor {
  const typed = Array.isArray(data) ? Float32Array.from(data) : data;
  return checkTensor('tensor', { data: typed, shape: [...shape] });
}

/**
 * `value` as a tensor, of the given element type where one is given. Callers in JavaScript have no types to stop them.
 *
 * @param where  the start of an error message, e.g. `GRU.forward: input`
 * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE
 */
export function checkTensor(where: string, value: unknown, dtype?: DType): Tensor {
  const { data, shape } = (value ?? {}) as { data?: unknown; shape?: unknown };
  if (data === undefined || !Array.isArray(shape)) {
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `${where} must be a tensor { data, shape }, got ${describe(value)}. Make one with tensor(data, shape).`,
    );
  }
  if (!isFloatArray(data)) {
    throw new CongruentError(
      'CONGRUENT_DTYPE',
      `${where}: data must be a Float32Array or a Float64Array, got ${describe(data)}. ` +
        'Convert it: Float32Array.from(data).',
    );
  }
  const bad = shape.find((length) => !Number.isSafeInteger(length) || length < 0);
  if (bad !== undefined) {
    throw new CongruentError('CONGRUENT_SHAPE', `${where}: a dimension must be an integer ≥ 0, got ${describe(bad)}.`);
  }
  if (data.length !== sizeOf(shape)) {
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `${where}: shape '${shapeText(shape)}' is invalid for input of size ${data.length}. ` +
        `Give ${sizeOf(shape)} elements, or another shape.`,
    );
  }
  if (dtype !== undefined && dtypeOf(data) !== dtype) {
    throw new CongruentError(
      'CONGRUENT_DTYPE',
      `${where} must have the type torch.${dtype}, got type torch.${dtypeOf(data)}. Convert it ` +
        `(new ${arrayOf(dtype).name}(data)) or create the layer with dtype '${dtypeOf(data)}'.`,
    );
  }
  return value as Tensor;
}

// By tag, not instanceof: arrays of another realm (an iframe, a test runner's vm context) are as good.
const tagOf = (value: unknown): unknown =>
  ArrayBuffer.isView(value) ? (value as unknown as Record<symbol, unknown>)[Symbol.toStringTag] : undefined;

const isFloatArray = (value: unknown): value is FloatArray =>
  tagOf(value) === 'Float32Array' || tagOf(value) === 'Float64Array';
