import { rowsOf } from '../backend/engine.ts';
import { CongruentError } from '../errors.ts';
import { isPacked, type PackedSequence } from '../sequences/packed.ts';
import { type ExpectedStates, type RowLayout, readRows, readStates, wrapStates } from '../sequences/sequence.ts';
import { checkTensor, type DType, type FloatArray, shapeText, type Tensor, zeros } from '../tensor.ts';

/**
 * The gradient of an output as rows; zeros where none is given.
 *
 * @param where   the start of an error message, e.g. `GRU.vjp: pullback: output`
 * @param rows    those of the run
 * @param output  what its features are, and how the GRU lays a batch out
 * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE, CONGRUENT_PACKED
 */
export function readOutputCotangent(
  where: string,
  cotangent: unknown,
  rows: RowLayout,
  output: { readonly features: number; readonly batchFirst: boolean; readonly dtype: DType },
): FloatArray {
  const { features, batchFirst, dtype } = output;
  const length = rowsOf(rows.batchSizes) * features;
  const none = zeros(dtype, length);
  if (cotangent === undefined || cotangent === null) return none;
  const expected = rows.wrap(none, features);
  if (!isPacked(expected)) {
    checkLike(where, cotangent, expected.shape, dtype);
  } else if (!isPacked(cotangent) || !isPackedLike(cotangent, expected)) {
    throw new CongruentError(
      'CONGRUENT_PACKED',
      `${where} must be a PackedSequence with the batchSizes and indices of the output it is the gradient of. ` +
        'Make it from the output: { ...output, data: gradient }.',
    );
  } else {
    checkLike(`${where}.data`, cotangent.data, expected.data.shape, dtype);
  }
  return rows.batch === 0 ? none : readRows(where, cotangent, { inputSize: features, batchFirst, dtype }).data;
}

/**
 * The gradients of the last states, in the order of the rows; zeros where none are given.
 *
 * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE
 */
export function readStateCotangents(
  where: string,
  cotangent: unknown,
  rows: RowLayout,
  expected: ExpectedStates,
): FloatArray[] {
  const none = readStates(where, undefined, rows, expected);
  if (cotangent === undefined || cotangent === null) return none;
  checkLike(where, cotangent, wrapStates(none, rows, expected).shape, expected.dtype);
  return readStates(where, cotangent, rows, expected);
}

/** Refuses a gradient whose shape or type is not its result's, in torch's words. */
export function checkLike(where: string, cotangent: unknown, shape: readonly number[], dtype: DType): Tensor {
  const checked = checkTensor(where, cotangent, dtype);
  if (shapeText(checked.shape) !== shapeText(shape)) {
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `${where}: Mismatch in shape: grad_output has a shape of ${shapeText(checked.shape)} and output has a shape of ` +
        `${shapeText(shape)}. Give the gradient of a loss with respect to this result, element by element.`,
    );
  }
  return checked;
}

const isPackedLike = (given: PackedSequence, expected: PackedSequence): boolean =>
  (['batchSizes', 'sortedIndices', 'unsortedIndices'] as const).every(
    (name) => JSON.stringify(given[name]) === JSON.stringify(expected[name]),
  );
