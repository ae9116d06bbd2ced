import { rowsOf } from '../backend/engine.ts';
import { CongruentError, describe } from '../errors.ts';
import { checkTensor, type Tensor } from '../tensor.ts';

/**
 * A batch of sequences of different lengths, longest first, without padding: torch.nn.utils.rnn.PackedSequence.
 * Make one with `packPaddedSequence` or `packSequence`, not by hand.
 */
export interface PackedSequence {
  /** [Σ batchSizes, …]: the rows of step 0, then of step 1, … */
  readonly data: Tensor;
  /** Rows of each step: how many sequences are longer than it. Never increases. */
  readonly batchSizes: readonly number[];
  /** Row b of the batch is sequence `sortedIndices[b]` as the caller ordered them; null: they were in order. */
  readonly sortedIndices: readonly number[] | null;
  /** The inverse permutation. */
  readonly unsortedIndices: readonly number[] | null;
}

/** Whether a value is meant to be a packed sequence and not a tensor. */
export const isPacked = (value: unknown): value is PackedSequence =>
  value !== null && typeof value === 'object' && 'batchSizes' in value;

/** The inverse of a permutation, torch's `invert_permutation`. */
export function inverted(permutation: readonly number[]): number[] {
  const inverse = new Array<number>(permutation.length);
  permutation.forEach((from, to) => {
    inverse[from] = to;
  });
  return inverse;
}

/**
 * Refuses a packed sequence that was made by hand and does not hold together.
 *
 * @param where  the start of an error message, e.g. `GRU.forward: input`
 * @throws CONGRUENT_PACKED, and CONGRUENT_SHAPE or CONGRUENT_DTYPE where its data is not a tensor
 */
export function checkPacked(where: string, packed: PackedSequence): void {
  const { batchSizes, sortedIndices, unsortedIndices } = packed;
  const data = checkTensor(`${where}.data`, packed.data);
  const refuse: (problem: string) => never = (problem) => {
    throw new CongruentError(
      'CONGRUENT_PACKED',
      `${where}: ${problem}. Instances of PackedSequence should never be created manually: ` +
        'make them with packPaddedSequence or packSequence.',
    );
  };
  if (!Array.isArray(batchSizes) || batchSizes.length === 0) {
    refuse(`batchSizes must be a non-empty array of numbers, got ${describe(batchSizes)}`);
  }
  batchSizes.forEach((size, step) => {
    if (!Number.isSafeInteger(size) || size < 1)
      refuse(`batchSizes[${step}] must be a positive integer, got ${describe(size)}`);
    if (step > 0 && size > batchSizes[step - 1]!) {
      refuse(`batchSizes must never increase, got ${batchSizes[step - 1]} and then ${size} at step ${step}`);
    }
  });
  const rows = rowsOf(batchSizes);
  if (data.shape[0] !== rows) {
    refuse(`data must have Σ batchSizes = ${rows} rows, got shape [${data.shape.join(', ')}]`);
  }
  if (sortedIndices === null && unsortedIndices === null) return;
  if (!isPermutation(sortedIndices, batchSizes[0]!)) {
    refuse(`sortedIndices must be a permutation of 0 … ${batchSizes[0]! - 1}, or null together with unsortedIndices`);
  }
  if (!Array.isArray(unsortedIndices) || inverted(sortedIndices!).some((to, from) => to !== unsortedIndices[from])) {
    refuse('unsortedIndices must be the inverse of sortedIndices');
  }
}

function isPermutation(indices: unknown, length: number): boolean {
  if (!Array.isArray(indices) || indices.length !== length) return false;
  const seen = new Set(indices.filter((index) => Number.isSafeInteger(index) && index >= 0 && index < length));
  return seen.size === length;
}
