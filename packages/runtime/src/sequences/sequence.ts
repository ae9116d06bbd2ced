import { CongruentError } from '../errors.ts';
import { checkTensor, type DType, type FloatArray, rowAt, shapeText, sizeOf, type Tensor } from '../tensor.ts';
import { type PackedSequence, readPacked } from './packed.ts';

/** The shape of a value in one row: [features], or [] where it is one number. */
export type RowShape = readonly number[];

/** The rows of a step, and how the caller ordered them. */
export interface BatchRows {
  readonly batch: number;
  readonly kind: 'unbatched' | 'batched' | 'packed';
  /** Row b of each step is the caller's sequence `order[b]`; null: they are in the caller's order. */
  readonly order: readonly number[] | null;
}

/** How a checked input lies in rows, and what takes rows back to the caller's layout. */
export interface RowLayout extends BatchRows {
  /** Rows of each step, as in a packed sequence; of a batch of no sequences, none. */
  readonly batchSizes: readonly number[];
  /** A value of this shape for each of these rows, in the layout the input had. */
  wrap(data: FloatArray, row: RowShape): Tensor | PackedSequence;
}

/** A checked input, laid out as backends take it. */
export interface Rows extends RowLayout {
  /** [Σ batchSizes, ...row], step by step; the caller's own array where its layout is this one. */
  readonly data: FloatArray;
}

/** What an input must be. */
export interface Expected {
  /** The class whose input it is, e.g. `GRU`. */
  readonly module: string;
  readonly batchFirst: boolean;
  readonly dtype: DType;
}

/**
 * An input of any kind as rows, step by step.
 *
 * @param where  the start of an error message, e.g. `GRU.forward: input`
 * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE, CONGRUENT_EMPTY_SEQUENCE, CONGRUENT_PACKED
 */
export function readRows(where: string, input: unknown, row: RowShape, expected: Expected): Rows {
  const packed = readPacked(where, input, expected.dtype);
  if (packed) return packedRows(where, packed, row);
  const { data, shape } = checkTensor(where, input, expected.dtype);
  const before = shape.length - row.length;
  if (before !== 1 && before !== 2) refuseRank(where, shape, row, expected);
  const unbatched = before === 1;
  const swapped = expected.batchFirst && !unbatched;
  const steps = shape[swapped ? 1 : 0]!;
  const batch = unbatched ? 1 : shape[swapped ? 0 : 1]!;
  checkFeatures(where, shape, row);
  if (steps === 0) {
    throw new CongruentError(
      'CONGRUENT_EMPTY_SEQUENCE',
      `${where}: Expected sequence length to be larger than 0 in RNN, got shape ${shapeText(shape)}.`,
    );
  }
  return {
    data: swapped ? transposed(data, batch, steps, sizeOf(row)) : data,
    // None of the steps of no sequences, of which a shape may claim any number.
    batchSizes: new Array<number>(batch && steps).fill(batch),
    batch,
    kind: unbatched ? 'unbatched' : 'batched',
    order: null,
    wrap: (rows, of) => ({
      data: swapped && batch ? transposed(rows, steps, batch, sizeOf(of)) : rows,
      shape: [...shape.slice(0, before), ...of],
    }),
  };
}

/** The dimensions of a row in a message about a shape. */
const featuresOf = (row: RowShape): string => row.map(() => ', I').join('');

function refuseRank(where: string, shape: readonly number[], row: RowShape, { module, batchFirst }: Expected): never {
  const last = featuresOf(row);
  throw new CongruentError(
    'CONGRUENT_SHAPE',
    `${where}: ${module}: Expected input to be ${row.length + 1}D or ${row.length + 2}D, got ${shape.length}D ` +
      `${module === 'RNN' ? 'tensor ' : ''}instead. Give [T${last}] for one sequence, ` +
      `[${batchFirst ? 'B, T' : 'T, B'}${last}] for a batch, or a PackedSequence.`,
  );
}

function packedRows(where: string, packed: PackedSequence, row: RowShape): Rows {
  const { batchSizes, sortedIndices, unsortedIndices } = packed;
  const { data, shape } = packed.data;
  const rank = row.length + 1;
  if (shape.length !== rank) {
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `${where}.data: input must have ${rank} dimensions, got ${shape.length}.`,
    );
  }
  checkFeatures(`${where}.data`, shape, row);
  return {
    data,
    batchSizes,
    batch: batchSizes[0]!,
    kind: 'packed',
    order: sortedIndices,
    wrap: (rows, of) => ({
      data: { data: rows, shape: [shape[0]!, ...of] },
      batchSizes: [...batchSizes],
      sortedIndices: sortedIndices && [...sortedIndices],
      unsortedIndices: unsortedIndices && [...unsortedIndices],
    }),
  };
}

function checkFeatures(where: string, shape: readonly number[], row: RowShape): void {
  const got = shape.at(-1);
  if (row.length === 0 || got === row[0]) return;
  throw new CongruentError(
    'CONGRUENT_SHAPE',
    `${where}: input.size(-1) must be equal to input_size. Expected ${row[0]}, got ${got}.`,
  );
}

/** [first, second, width] → [second, first, width], as a copy. */
function transposed(data: FloatArray, first: number, second: number, width: number): FloatArray {
  const result = data.slice();
  for (let i = 0; i < first; i++) {
    for (let j = 0; j < second; j++) {
      result.set(rowAt(data, i * second + j, width), (j * first + i) * width);
    }
  }
  return result;
}
