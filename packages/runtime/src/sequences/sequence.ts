import { CongruentError } from '../errors.ts';
import { checkTensor, type DType, type FloatArray, shapeText, type Tensor, zeros } from '../tensor.ts';
import { checkPacked, isPacked, type PackedSequence } from './packed.ts';

/** The rows of a step, and how the caller ordered them. */
export interface BatchRows {
  readonly batch: number;
  readonly kind: 'unbatched' | 'batched' | 'packed';
  /** Row b of each step is the caller's sequence `order[b]`; null: they are in the caller's order. */
  readonly order: readonly number[] | null;
}

/** How a checked input lies in rows, and what takes rows back to the caller's layout. */
export interface RowLayout extends BatchRows {
  /** Rows of each step, as in a packed sequence. */
  readonly batchSizes: readonly number[];
  /** `features` values for each of these rows, in the layout the input had. */
  wrap(data: FloatArray, features: number): Tensor | PackedSequence;
}

/** A checked input, laid out as backends take it. */
export interface Rows extends RowLayout {
  /** [Σ batchSizes, features], step by step; the caller's own array where its layout is this one. */
  readonly data: FloatArray;
}

/** What an input must be. */
export interface Expected {
  readonly inputSize: number;
  readonly batchFirst: boolean;
  readonly dtype: DType;
}

/**
 * An input of any kind as rows, step by step.
 *
 * @param where  the start of an error message, e.g. `GRU.forward: input`
 * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE, CONGRUENT_EMPTY_SEQUENCE, CONGRUENT_PACKED
 */
export function readRows(where: string, input: unknown, expected: Expected): Rows {
  if (isPacked(input)) return packedRows(where, input, expected);
  const { data, shape } = checkTensor(where, input, expected.dtype);
  if (shape.length !== 2 && shape.length !== 3) {
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `${where}: GRU: Expected input to be 2D or 3D, got ${shape.length}D instead. Give [T, I] for one sequence, ` +
        `${expected.batchFirst ? '[B, T, I]' : '[T, B, I]'} for a batch, or a PackedSequence.`,
    );
  }
  const unbatched = shape.length === 2;
  const swapped = expected.batchFirst && !unbatched;
  const steps = shape[swapped ? 1 : 0]!;
  const batch = unbatched ? 1 : shape[swapped ? 0 : 1]!;
  checkFeatures(where, shape, expected.inputSize);
  if (steps === 0) {
    throw new CongruentError(
      'CONGRUENT_EMPTY_SEQUENCE',
      `${where}: Expected sequence length to be larger than 0 in RNN, got shape ${shapeText(shape)}. ` +
        'Leave the call out where there is no step.',
    );
  }
  return {
    data: swapped ? transposed(data, batch, steps, expected.inputSize) : data,
    batchSizes: new Array<number>(steps).fill(batch),
    batch,
    kind: unbatched ? 'unbatched' : 'batched',
    order: null,
    wrap: (rows, features) => ({
      data: swapped ? transposed(rows, steps, batch, features) : rows,
      shape: [...shape.slice(0, -1), features],
    }),
  };
}

/** How many states there are, and of what size. */
export interface ExpectedStates {
  /** Layers times directions. */
  readonly count: number;
  readonly hiddenSize: number;
  readonly dtype: DType;
}

/**
 * The initial states, one [batch, H] for each layer and direction, in the order of the rows; zeros where none is given.
 *
 * @param h0  [count, B, H], or [count, H] for an unbatched input
 * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE
 */
export function readStates(where: string, h0: unknown, rows: BatchRows, expected: ExpectedStates): FloatArray[] {
  const { count, hiddenSize, dtype } = expected;
  const size = rows.batch * hiddenSize;
  if (h0 === undefined || h0 === null) return Array.from({ length: count }, () => zeros(dtype, size));
  const { data, shape } = checkTensor(where, h0, dtype);
  const unbatched = rows.kind === 'unbatched';
  const rank = unbatched ? 2 : 3;
  if (shape.length !== rank && rows.kind !== 'packed') {
    const kind = unbatched ? 'unbatched 2-D' : 'batched 3-D';
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `${where}: For ${kind} input, hx should also be ${rank}-D but got ${shape.length}-D tensor. ` +
        `Give ${shapeText(unbatched ? [count, hiddenSize] : [count, rows.batch, hiddenSize])}.`,
    );
  }
  const got = unbatched ? [shape[0]!, 1, shape[1]!] : shape;
  const wanted = [count, rows.batch, hiddenSize];
  if (shapeText(got) !== shapeText(wanted)) {
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `${where}: Expected hidden size (${wanted.join(', ')}), got ${shapeText(got)}. ` +
        'It is layers times directions, batch, hiddenSize, whatever batchFirst says' +
        `${unbatched ? '; for an unbatched input without the batch' : ''}.`,
    );
  }
  return Array.from({ length: count }, (_, i) =>
    reordered(data.subarray(i * size, (i + 1) * size), rows.order, hiddenSize),
  );
}

/** States [batch, H] of each layer and direction as one tensor, in the caller's order: the inverse of `readStates`. */
export function wrapStates(states: readonly FloatArray[], rows: BatchRows, expected: ExpectedStates): Tensor {
  const { count, hiddenSize, dtype } = expected;
  const data = zeros(dtype, count * rows.batch * hiddenSize);
  states.forEach((state, i) => {
    for (let row = 0; row < rows.batch; row++) {
      const to = i * rows.batch + (rows.order?.[row] ?? row);
      data.set(state.subarray(row * hiddenSize, (row + 1) * hiddenSize), to * hiddenSize);
    }
  });
  return { data, shape: rows.kind === 'unbatched' ? [count, hiddenSize] : [count, rows.batch, hiddenSize] };
}

function packedRows(where: string, packed: PackedSequence, expected: Expected): Rows {
  checkPacked(where, packed);
  const { data, shape } = checkTensor(`${where}.data`, packed.data, expected.dtype);
  if (shape.length !== 2) {
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `${where}.data: input must have 2 dimensions, got ${shape.length}. Pack an input of shape [T, B, I].`,
    );
  }
  checkFeatures(`${where}.data`, shape, expected.inputSize);
  const batchSizes = [...packed.batchSizes];
  const order = packed.sortedIndices && [...packed.sortedIndices];
  const unsorted = packed.unsortedIndices && [...packed.unsortedIndices];
  return {
    data,
    batchSizes,
    batch: batchSizes[0]!,
    kind: 'packed',
    order,
    wrap: (rows, features) => ({
      data: { data: rows, shape: [shape[0]!, features] },
      batchSizes: [...batchSizes],
      sortedIndices: order && [...order],
      unsortedIndices: unsorted && [...unsorted],
    }),
  };
}

function checkFeatures(where: string, shape: readonly number[], inputSize: number): void {
  const got = shape.at(-1)!;
  if (got === inputSize) return;
  throw new CongruentError(
    'CONGRUENT_SHAPE',
    `${where}: input.size(-1) must be equal to input_size. Expected ${inputSize}, got ${got} ` +
      `(shape ${shapeText(shape)}). The last dimension is the features of one step.`,
  );
}

/** [first, second, width] → [second, first, width], as a copy. */
function transposed(data: FloatArray, first: number, second: number, width: number): FloatArray {
  const result = data.slice();
  for (let i = 0; i < first; i++) {
    for (let j = 0; j < second; j++) {
      const from = (i * second + j) * width;
      result.set(data.subarray(from, from + width), (j * first + i) * width);
    }
  }
  return result;
}

function reordered(rows: FloatArray, order: readonly number[] | null, width: number): FloatArray {
  if (order === null) return rows;
  const result = rows.slice();
  order.forEach((from, to) => {
    result.set(rows.subarray(from * width, (from + 1) * width), to * width);
  });
  return result;
}
