import { rowsOf } from '../backend/engine.ts';
import { listOf } from '../dict.ts';
import { CongruentError, describe } from '../errors.ts';
import { anything, flag, type Rule, resolve } from '../options/option-rules.ts';
import {
  checkTensor,
  type DType,
  dtypeOf,
  type FloatArray,
  rowAt,
  shapeText,
  sizeOf,
  type Tensor,
  zeros,
} from '../tensor.ts';
import { checkLengths, refuseEmpty, sortedOrder } from './lengths.ts';
import { inverted, type PackedSequence, readPacked } from './packed.ts';

/** Options of `packSequence`. */
export interface PackSequenceOptions {
  /** True: the sequences must come longest first. False: they are sorted, and results come back unsorted. Default: true. */
  readonly enforceSorted?: boolean | undefined;
}

/** Options of `packPaddedSequence`. */
export interface PackPaddedSequenceOptions extends PackSequenceOptions {
  /** The input is [B, T, …] and not [T, B, …]. Default: false. */
  readonly batchFirst?: boolean | undefined;
}

/** Options of `padSequence`. */
export interface PadSequenceOptions {
  /** The output is [B, T, …] and not [T, B, …]. Default: false. */
  readonly batchFirst?: boolean | undefined;
  /** What fills the steps after a sequence's end. Default: 0. */
  readonly paddingValue?: number | undefined;
}

/** Options of `padPackedSequence`. */
export interface PadPackedSequenceOptions extends PadSequenceOptions {
  /** T of the output; at least the longest sequence. Default: the longest sequence. */
  readonly totalLength?: number | undefined;
}

const PADDING = {
  batchFirst: flag(false),
  paddingValue: { fallback: 0, accepts: (value) => typeof value === 'number', expected: 'a number' } satisfies Rule,
};

/**
 * Packs a padded batch of sequences of different lengths: torch.nn.utils.rnn.pack_padded_sequence.
 * Equal lengths keep their order (torch leaves it open).
 *
 * @param input    [T, B, …], or [B, T, …] with `batchFirst`; what lies behind a sequence's length is not read
 * @param lengths  steps of each of the B sequences, 1 to T
 * @returns a packed sequence with a copy of the steps; `sortedIndices` is null with `enforceSorted`
 * @throws CONGRUENT_PACKED when the lengths are not B integers up to T, or are not sorted although `enforceSorted`
 * @throws CONGRUENT_EMPTY_SEQUENCE when a length is 0 or less, or the input has no elements
 * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE when the input is not a tensor of at least 2 dimensions; CONGRUENT_OPTION
 * @example
 * const padded = tensor([1, 2, 0, 3, 0, 0, 4, 5, 6], [3, 3]); // [B, T]
 * const packed = packPaddedSequence(padded, [2, 1, 3], { batchFirst: true, enforceSorted: false });
 * packed.data.data; // 4, 1, 3, 5, 2, 6
 * packed.batchSizes; // [3, 2, 1]
 * packed.sortedIndices; // [2, 0, 1]
 * @see https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_padded_sequence.html
 */
export function packPaddedSequence(
  input: Tensor,
  lengths: readonly number[],
  options: PackPaddedSequenceOptions = {},
): PackedSequence {
  const where = 'packPaddedSequence';
  const { batchFirst, enforceSorted } = resolve(where, { batchFirst: flag(false), enforceSorted: flag(true) }, options);
  const { data, shape } = checkTensor(`${where}: input`, input);
  if (shape.length < 2) {
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `${where}: input must have at least 2 dimensions, steps and batch, got ${shapeText(shape)}.`,
    );
  }
  if (data.length === 0) {
    throw new CongruentError(
      'CONGRUENT_EMPTY_SEQUENCE',
      `${where}: Cannot pack empty tensors. Got shape ${shapeText(shape)}; leave empty batches out.`,
    );
  }
  const [steps, batch] = (batchFirst ? [shape[1], shape[0]] : [shape[0], shape[1]]) as [number, number];
  const checked = checkLengths(where, lengths, steps, batch);
  const order = sortedOrder(where, checked, enforceSorted === true);

  const width = sizeOf(shape.slice(2));
  const longest = checked[order[0]!]!;
  const batchSizes = Array.from({ length: longest }, (_, t) => checked.filter((length) => length > t).length);
  const rows = rowsOf(batchSizes);
  const packed = zeros(dtypeOf(data), rows * width);
  let at = 0;
  batchSizes.forEach((size, t) => {
    for (const b of order.slice(0, size)) {
      const row = batchFirst ? b * steps + t : t * batch + b;
      copyRow(data, row, packed, at++, width);
    }
  });
  return {
    data: { data: packed, shape: [rows, ...shape.slice(2)] },
    batchSizes,
    sortedIndices: enforceSorted ? null : order,
    unsortedIndices: enforceSorted ? null : inverted(order),
  };
}

/**
 * Pads a packed sequence: torch.nn.utils.rnn.pad_packed_sequence, the inverse of `packPaddedSequence`.
 *
 * @param packed  its sequences come back in the order in which they were packed
 * @returns `output` [T, B, …], or [B, T, …] with `batchFirst`, and the B `lengths`
 * @throws CONGRUENT_PACKED when the packed sequence was made by hand and does not hold together, or `totalLength` is too small
 * @throws CONGRUENT_MEMORY when `totalLength` is larger than the engine gives; CONGRUENT_OPTION
 * @example
 * const packed = packSequence([tensor([1, 2]), tensor([3])]);
 * const { output, lengths } = padPackedSequence(packed, { batchFirst: true, paddingValue: -1 });
 * output.data; // 1, 2, 3, -1
 * lengths; // [2, 1]
 * @see https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pad_packed_sequence.html
 */
export function padPackedSequence(
  packed: PackedSequence,
  options: PadPackedSequenceOptions = {},
): { output: Tensor; lengths: number[] } {
  const where = 'padPackedSequence';
  const { batchFirst, paddingValue, totalLength } = resolve(
    where,
    { ...PADDING, ...anything(['totalLength']) },
    options,
  );
  const given = readPacked(where, packed);
  if (!given) {
    throw new CongruentError(
      'CONGRUENT_PACKED',
      `${where}: expected a PackedSequence, got ${describe(packed)}. Make one with packPaddedSequence or packSequence.`,
    );
  }
  const { data: rows, batchSizes, sortedIndices } = given;
  const steps = (totalLength ?? batchSizes.length) as number;
  if (!Number.isSafeInteger(steps) || steps < batchSizes.length) {
    throw new CongruentError(
      'CONGRUENT_PACKED',
      `${where}: Expected total_length to be at least the length of the longest sequence in input, ` +
        `but got total_length=${describe(steps)} and max sequence length being ${batchSizes.length}. ` +
        'Pass a larger integer as totalLength, or leave it out.',
    );
  }
  const { data, shape } = rows;
  const batch = batchSizes[0]!;
  const order = sortedIndices ?? Array.from({ length: batch }, (_, b) => b);
  const width = sizeOf(shape.slice(1));
  const padded = filled(dtypeOf(data), steps * batch * width, paddingValue as number);
  let at = 0;
  batchSizes.forEach((size, t) => {
    for (const b of order.slice(0, size)) {
      const row = batchFirst ? b * steps + t : t * batch + b;
      copyRow(data, at++, padded, row, width);
    }
  });
  const lengths = new Array<number>(batch);
  order.forEach((b, row) => {
    lengths[b] = batchSizes.filter((size) => size > row).length;
  });
  const leading = batchFirst ? [batch, steps] : [steps, batch];
  return { output: { data: padded, shape: [...leading, ...shape.slice(1)] }, lengths };
}

/**
 * Packs sequences of different lengths: torch.nn.utils.rnn.pack_sequence. Equal lengths keep their order.
 *
 * @param sequences  tensors [L, …] whose other dimensions are equal; of the first one's element type
 * @throws CONGRUENT_EMPTY_SEQUENCE when there is none, or one has no steps
 * @throws CONGRUENT_PACKED when they are not sorted although `enforceSorted`
 * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE, CONGRUENT_OPTION
 * @example
 * packSequence([tensor([1, 2, 3]), tensor([4, 5]), tensor([6])]).data.data; // 1, 4, 6, 2, 5, 3
 * @see https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_sequence.html
 */
export function packSequence(sequences: readonly Tensor[], options: PackSequenceOptions = {}): PackedSequence {
  const where = 'packSequence';
  const asked = resolve(where, { enforceSorted: flag(true) }, options);
  const read = readSequences(where, sequences);
  const lengths = read.map(({ shape }) => shape[0]!);
  const empty = lengths.indexOf(0);
  if (empty >= 0) refuseEmpty(where, empty, 0);
  return packPaddedSequence(padSequence(read), lengths, asked);
}

/**
 * Stacks sequences of different lengths and pads them to the longest: torch.nn.utils.rnn.pad_sequence.
 *
 * @param sequences  tensors [L, …] whose other dimensions are equal
 * @returns [T, B, …], or [B, T, …] with `batchFirst`; of the first sequence's element type
 * @throws CONGRUENT_EMPTY_SEQUENCE when there is no sequence
 * @throws CONGRUENT_MEMORY when the result would be larger than the engine gives
 * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE when one is not a tensor like the first; CONGRUENT_OPTION
 * @example
 * padSequence([tensor([1, 2]), tensor([3])], { batchFirst: true }).data; // 1, 2, 3, 0
 * @see https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pad_sequence.html
 */
export function padSequence(sequences: readonly Tensor[], options: PadSequenceOptions = {}): Tensor {
  const where = 'padSequence';
  const { batchFirst, paddingValue } = resolve(where, PADDING, options);
  const tensors = readSequences(where, sequences);
  const [, ...rest] = tensors[0]!.shape;
  const width = sizeOf(rest);
  const batch = tensors.length;
  const steps = tensors.reduce((most, { shape }) => Math.max(most, shape[0]!), 0);
  const padded = filled(dtypeOf(tensors[0]!.data), steps * batch * width, paddingValue as number);
  tensors.forEach(({ data, shape }, b) => {
    for (let t = 0; t < shape[0]!; t++) {
      const row = batchFirst ? b * steps + t : t * batch + b;
      copyRow(data, t, padded, row, width);
    }
  });
  return { data: padded, shape: [...(batchFirst ? [batch, steps] : [steps, batch]), ...rest] };
}

/** Sequences that go into one tensor, read once. */
function readSequences(where: string, sequences: unknown): readonly Tensor[] {
  const list = listOf(sequences);
  if (!list?.length) {
    throw new CongruentError(
      'CONGRUENT_EMPTY_SEQUENCE',
      `${where}: received an empty list of sequences (${describe(sequences)}). Give an array of at least one tensor.`,
    );
  }
  const tensors = list.map((sequence, b) => checkTensor(`${where}: sequences[${b}]`, sequence));
  const [, ...rest] = tensors[0]!.shape;
  tensors.forEach(({ shape }, b) => {
    if (
      shape.length === rest.length + 1 &&
      shape.slice(1).every((length, i) => length === rest[i]) &&
      shape.length > 0
    ) {
      return;
    }
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `${where}: sequences[${b}] must be of shape ${shapeText(['L', ...rest])} like the first, ` +
        `got ${shapeText(shape)}. Only the number of steps, the first dimension, may differ.`,
    );
  });
  return tensors;
}

/** Memory that is zero already is not written to, so that what is not used of it costs nothing. */
function filled(dtype: DType, length: number, value: number): FloatArray {
  const array = zeros(dtype, length);
  return Object.is(value, 0) ? array : array.fill(value);
}

/** Copies a row to another; one of no values may be in a buffer that its owner has transferred. */
function copyRow(from: FloatArray, at: number, to: FloatArray, row: number, width: number): void {
  if (width > 0) to.set(rowAt(from, at, width), row * width);
}
