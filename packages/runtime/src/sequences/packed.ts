import { rowsOf } from '../backend/engine.ts';
import { listOf } from '../dict.ts';
import { CongruentError, describe } from '../errors.ts';
import { checkTensor, type DType, shapeText, type Tensor } from '../tensor.ts';

/**
 * A batch of sequences of different lengths, longest first, without padding: torch.nn.utils.rnn.PackedSequence.
 * Make one with `packPaddedSequence` or `packSequence`, not by hand.
 */
export interface PackedSequence {
  /** The rows of step 0, then of step 1, …, as [Σ batchSizes, …]. */
  readonly data: Tensor;
  /** Rows of each step: how many sequences are longer than it. Never increases. */
  readonly batchSizes: readonly number[];
  /** Row b of the batch is sequence `sortedIndices[b]` as the caller ordered them; null: they were in order. */
  readonly sortedIndices: readonly number[] | null;
  /** The inverse permutation. */
  readonly unsortedIndices: readonly number[] | null;
}

/** The inverse of a permutation, torch's `invert_permutation`. */
export function inverted(permutation: readonly number[]): number[] {
  const inverse = new Array<number>(permutation.length);
  permutation.forEach((from, to) => {
    inverse[from] = to;
  });
  return inverse;
}

/**
 * A copy of a packed sequence, but for its data, each property read once; refused where it was made by hand and does not hold
 * together.
 *
 * @param where  the start of an error message, e.g. `GRU.forward: input`
 * @param dtype  the element type it must have, where it must have one
 * @returns undefined for what is none, such as a tensor, and for what cannot be read
 * @throws CONGRUENT_PACKED, and CONGRUENT_SHAPE or CONGRUENT_DTYPE where its data is not a tensor
 */
export function readPacked(where: string, value: unknown, dtype?: DType): PackedSequence | undefined {
  let read: readonly unknown[];
  try {
    if (!('batchSizes' in (value as object))) return undefined;
    const { data, batchSizes, sortedIndices, unsortedIndices } = value as PackedSequence;
    read = [data, batchSizes, sortedIndices, unsortedIndices];
  } catch {
    return undefined;
  }
  const [given, ...lists] = read;
  const data = checkTensor(`${where}.data`, given, dtype);
  const [batchSizes, sortedIndices, unsortedIndices] = lists.map((list) => list && listOf(list)) as [
    number[],
    number[] | null,
    number[] | null,
  ];
  const refuse: (problem: string) => never = (problem) => {
    throw new CongruentError(
      'CONGRUENT_PACKED',
      `${where}: ${problem}. Make a PackedSequence with packPaddedSequence or packSequence, never by hand.`,
    );
  };
  const expected = 'batchSizes must be positive integers that never increase, got';
  if (!batchSizes?.length) refuse(`${expected} ${describe(lists[0])}`);
  batchSizes.forEach((size, step) => {
    if (Number.isSafeInteger(size) && size > 0 && size <= (batchSizes[step - 1] ?? size)) return;
    refuse(`${expected} ${describe(size)} at step ${step}`);
  });
  const rows = rowsOf(batchSizes);
  if (data.shape[0] !== rows) {
    refuse(`data must have Σ batchSizes = ${rows} rows, got shape ${shapeText(data.shape)}`);
  }
  const batch = batchSizes[0]!;
  const areLists = [sortedIndices, unsortedIndices].every((list) => list?.length === batch);
  const areInverse = areLists && sortedIndices!.every((from, to) => unsortedIndices![from] === to);
  if (!areInverse && (sortedIndices !== null || unsortedIndices !== null)) {
    refuse(`sortedIndices and unsortedIndices must be inverse permutations, or both null`);
  }
  return { data, batchSizes, sortedIndices, unsortedIndices };
}
