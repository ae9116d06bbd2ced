import type { FloatArray } from '../tensor.ts';
import type { Dimensions } from './signature.ts';

/** What the runtime knows of a target's own kind of buffer, be it an array or an address with a length. */
export interface HostBuffer {
  /** Elements. */
  readonly length: number;
}

/** Where the buffers of one engine lie. As in all these interfaces, the members are functions that need no `this`. */
export interface HostMemory<B extends HostBuffer> {
  /** A buffer of so many elements for the call under way, with whatever was there. */
  push(length: number): B;
  /** How much there is on the stack of the call under way, to come back to with `release`. */
  mark(): number;
  /** Takes off the stack what was pushed since the mark; without one, everything. */
  release(mark?: number): void;
  /** A buffer of zeros that stays until it is dropped; only between calls. */
  keep(length: number): B;
  drop(buffer: B): void;
  /**
   * Does some work, which must not hold the holder, when nothing else does any more; between calls, once the event loop
   * turns. Present where no garbage collector frees what stays.
   */
  watch?(holder: object, work: () => void): void;
  /** The elements, to read and to write; its length is 0 once the memory has moved. */
  view(buffer: B): FloatArray;
}

/** Makes a buffer of so many elements, on the stack or to be kept. */
export type Allocate<B extends HostBuffer> = (length: number) => B;

/**
 * What a target generates for one cell and element type: functions on its buffers, rows of features, row-major. Weights and
 * scratch are the target's own; the runtime only hands them back. Operands are in the signature's order.
 */
export interface HostKernels<B extends HostBuffer> {
  /** As of an `Engine`. */
  readonly device?: string | undefined;
  readonly memory: HostMemory<B>;
  /** Keeps room for the weights of one layer, where the target must know beforehand that there is enough. */
  reserve?(dimensions: Dimensions): unknown;
  /** The weights of the tensors, which are the target's only for the call; `reserved`: what `reserve` or the last `prepare` gave. */
  prepare(tensors: readonly B[], dimensions: Dimensions, reserved: unknown): unknown;
  /** Working memory for sequences of `rows` rows, at most `batch` of them in a step. */
  scratch(dimensions: Dimensions, rows: number, batch: number, allocate: Allocate<B>): unknown;
  /**
   * The whole sequence.
   *
   * @param operands  ...inputs, ...states (overwritten with the last ones), ...outputs (written)
   */
  run(weights: unknown, scratch: unknown, batchSizes: readonly number[], reverse: boolean, ...operands: B[]): void;
  /** One step of `batch` rows over these operands, which are those of `run`; called as often as wanted, so it must not allocate. */
  stepper(weights: unknown, scratch: unknown, batch: number, ...operands: B[]): () => void;
  /** Present where the target is given `hostTraining`. */
  readonly backward?: BackwardKernels<B> | undefined;
}

/** The same for the backward pass, and the forward pass that records for it. */
export interface BackwardKernels<B extends HostBuffer> {
  /** Room for the residuals of `rows` rows. */
  residuals(dimensions: Dimensions, rows: number, allocate: Allocate<B>): B;
  /** As `run`, with the same bits; the last operand is the residuals (written). */
  record(weights: unknown, scratch: unknown, batchSizes: readonly number[], reverse: boolean, ...operands: B[]): void;
  /** What inputs or residuals hold, in the hands of the garbage collector: nothing of the memory. */
  save(buffer: B): unknown;
  /** Pushes what was saved, in a later call. */
  restore(saved: unknown): B;
  /** Told of what was saved and is read no more, so that the next call may have its memory. */
  forget?(saved: unknown): void;
  prepareBackward(tensors: readonly B[], dimensions: Dimensions, allocate: Allocate<B>): unknown;
  backwardScratch(dimensions: Dimensions, rows: number, batch: number, allocate: Allocate<B>): unknown;
  /**
   * The whole sequence backwards.
   *
   * @param operands  ...inputs, ...adjoints of outputs, ...adjoints of inputs (written), ...adjoints of the last states
   *                  (overwritten with those of the first), ...adjoints of the tensors (written)
   */
  pullBack(
    weights: unknown,
    scratch: unknown,
    residuals: B,
    batchSizes: readonly number[],
    reverse: boolean,
    ...operands: B[]
  ): void;
}
