import type { StoredArray, StoredTensor } from '@congruent/runtime';
import { unsafeError } from '../errors.ts';

/** Bytes that what is made of a file's tensors may still take. */
export interface Budget {
  bytes: number;
}

/** @throws MODEL_UNSAFE where that is more than the budget has left */
function spend(budget: Budget, bytes: number): void {
  budget.bytes -= bytes;
  if (budget.bytes >= 0) return;
  throw unsafeError(
    'ONNX',
    '',
    'what its nodes make of constants takes far more memory than the file',
    'Simplify the model, e.g. with onnxsim',
  );
}

/** An array of the same type, if the budget has it. */
export function arrayLike(data: StoredArray, length: number, budget: Budget): StoredArray {
  spend(budget, length * data.BYTES_PER_ELEMENT);
  return new (data.constructor as new (length: number) => StoredArray)(length);
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** How far apart neighbours of each dimension lie. */
export const stridesOf = (shape: readonly number[]): readonly number[] =>
  shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));

/** The elements at `offset` and so many strides on in each dimension, as a tensor of this shape. */
export function strided(
  { data, dtype }: StoredTensor,
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
  budget: Budget,
): StoredTensor {
  const result = arrayLike(data, sizeOf(shape), budget);
  const at = new Array<number>(shape.length).fill(0);
  let from = offset;
  for (let k = 0; k < result.length; k++) {
    result[k] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++at[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      at[axis] = 0;
    }
  }
  return { data: result, shape, dtype };
}

/** The numbers of a tensor, of any type. */
export const numbersOf = ({ data }: StoredTensor): readonly number[] => Array.from(data, Number);
