import {
  CongruentError,
  checkTensor,
  describe,
  dtypeOf,
  listOf,
  shapeText,
  sizeOf,
  type Tensor,
  zeros,
} from '@congruent/runtime';

/**
 * Some rows of a tensor, torch's `input[rows]`: those of a batch, e.g. of images [N, 8, 8] with `shuffledBatches`.
 *
 * @param input  [N, ...]; not modified
 * @param rows   integers from 0 to N − 1, in any order, also more than once
 * @returns [rows.length, ...], a fresh tensor
 * @throws CONGRUENT_OPTION for a row that is not there; CONGRUENT_SHAPE, CONGRUENT_DTYPE
 * @example
 * takeRows(tensor([1, 2, 3, 4, 5, 6], [3, 2]), [2, 0]).data; // Float32Array [ 5, 6, 1, 2 ]
 */
export function takeRows(input: Tensor, rows: readonly number[]): Tensor {
  const { data, shape } = checkTensor('takeRows: input', input);
  const [count, ...rest] = shape;
  if (count === undefined) {
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `takeRows: input must have rows, [N, ...], got the scalar ${shapeText(shape)}.`,
    );
  }
  const list = listOf(rows) as readonly number[] | undefined;
  if (!list) {
    throw new CongruentError('CONGRUENT_OPTION', `takeRows: rows must be an array of integers, got ${describe(rows)}.`);
  }
  const missing = list.findIndex((row) => !Number.isInteger(row) || row < 0 || row >= count);
  if (missing >= 0) {
    throw new CongruentError(
      'CONGRUENT_OPTION',
      `takeRows: index out of range in self: row ${describe(list[missing])}, of an input of shape ${shapeText(shape)}. ` +
        `Rows are integers from 0 to ${count - 1}.`,
    );
  }
  const size = sizeOf(rest);
  const taken = zeros(dtypeOf(data), list.length * size);
  for (const [index, row] of list.entries()) taken.set(data.subarray(row * size, (row + 1) * size), index * size);
  return { data: taken, shape: [list.length, ...rest] };
}
