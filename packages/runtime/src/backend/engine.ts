import type { DType, FloatArray } from '../tensor.ts';
import type { Dimensions } from './signature.ts';

export type Mode = 'sync' | 'async';

/** A value now, or a promise of it, by the backend's mode. */
export type Reply<M extends Mode, T> = M extends 'sync' ? T : Promise<T>;

/** The options of what is made, those of the backend among them, with defaults. */
export interface EngineOptions {
  readonly dtype: DType;
  readonly [option: string]: unknown;
}

/**
 * Where one GRU's layers live. `B` is the backend's own kind of buffer: an array, a pointer, a texture.
 *
 * The runtime keeps order: one operation (a call, a pullback, a step, a load, the disposal of traces) ends before the
 * next one's work begins, so with an async backend only the directions of one layer run at the same time, and downloads
 * of one call. Meanwhile new calls may be started and uploaded to, and streams opened. Whatever is given has been
 * checked; B, T and all sizes are at least 1.
 */
export interface Engine<M extends Mode, B> {
  /** What runs it, where the backend has a choice, e.g. `webgpu`, or `avx2` of a processor; never what was asked for. */
  readonly device?: string | undefined;
  /** The name of the backend that it is of, where a `Backend` chooses among several; otherwise it may be left out. */
  readonly backend?: string | undefined;
  layer(dimensions: Dimensions): Layer<M, B>;
  /** Starts a computation over sequences; its buffers live until `end`. */
  call(): Call<M, B>;
  /** Releases everything, open streams too; nothing of this engine is used afterwards. */
  dispose(): void;
}

/** One computation's buffers. A buffer holds rows of features, row-major. */
export interface Call<M extends Mode, B> {
  /** A buffer with a copy of `data`, which may be a view into a larger array. */
  upload(data: FloatArray): B;
  /** A fresh array with the buffer's elements. */
  download(buffer: B): Reply<M, FloatArray>;
  /**
   * The parts, all of `rows` rows, side by side: row r is row r of the first part, then of the second, …;
   * multiplied element by element with `mask` where one is given (dropout).
   */
  join(parts: readonly B[], rows: number, mask: FloatArray | undefined): B;
  /**
   * The inverse of `join`, for parts of one width: multiplied element by element with `mask` where one is given, then
   * row r of the whole is row r of the first part, then of the second, …. Needed where `supports.training`.
   */
  split?(whole: B, count: number, rows: number, mask: FloatArray | undefined): B[];
  /** The sum, element by element, of two buffers of one size. Needed where `supports.training`. */
  add?(left: B, right: B): B;
  /** Releases the buffers. */
  end(): void;
}

/** One cell in one direction with its parameters. */
export interface Layer<M extends Mode, B> {
  /**
   * Takes the parameters by layout name, stacked as in the signature; copies what it keeps.
   * Open streams use them from their next step on.
   */
  load(parameters: Readonly<Record<string, FloatArray>>): void;
  /** Runs the cell over a sequence. */
  run(call: Call<M, B>, sequence: Sequence<B>): Reply<M, Run<B>>;
  /** As `run`, with the same bits, and records the residuals of the backward pass. Present where `supports.training`. */
  record?(call: Call<M, B>, sequence: Sequence<B>): Reply<M, RecordedRun<M, B>>;
  /**
   * Starts stepping `batch` rows at a time. The input of each step is what is written, or,
   * where `below` is given, the first output of that stream of the same engine (the layer below).
   */
  stream(batch: number, below: LayerStream<M> | undefined): LayerStream<M>;
}

/**
 * Rows of several sequences, step by step, longest first: step t is `batchSizes[t]` rows, never more than step t−1.
 * A batch of equal lengths has T equal batch sizes.
 */
export interface Sequence<B> {
  /** [Σ batchSizes, ·] each. */
  readonly inputs: readonly B[];
  /** Initial states, [batchSizes[0], ·] each; not modified. */
  readonly states: readonly B[];
  readonly batchSizes: readonly number[];
  /** From the last step to the first; each row then starts at its own sequence's end. */
  readonly reverse: boolean;
}

/** What a run over a sequence gives. */
export interface Run<B> {
  /** [Σ batchSizes, ·] each; the GRU's is its states after every step. */
  readonly outputs: readonly B[];
  /** The last states of every row, [batchSizes[0], ·] each. */
  readonly states: readonly B[];
}

export interface RecordedRun<M extends Mode, B> extends Run<B> {
  readonly trace: Trace<M, B>;
}

/** The residuals of one run, independent of the call that it was part of. */
export interface Trace<M extends Mode, B> {
  /** Whether they lie in memory that no garbage collector frees, such as that of a device. */
  readonly ownsMemory: boolean;
  /**
   * From the adjoints of a run's results to those of its operands; as often as wanted.
   *
   * @param parameters  by layout name: those the run had, whatever was loaded since
   */
  pullback(
    call: Call<M, B>,
    parameters: Readonly<Record<string, FloatArray>>,
    adjoints: Run<B>,
  ): Reply<M, LayerGradients<B>>;
  /** Releases the residuals. A second call does nothing, nor does one after the engine's disposal. */
  dispose(): void;
}

/** The adjoints of one run's operands. */
export interface LayerGradients<B> {
  /** [Σ batchSizes, ·] each. */
  readonly inputs: readonly B[];
  /** [batchSizes[0], ·] each. */
  readonly states: readonly B[];
  /** By layout name, stacked as the parameters are. */
  readonly parameters: Readonly<Record<string, B>>;
}

/** One layer stepped one time step at a time. */
export interface LayerStream<M extends Mode> {
  /** Sets the input of this index for the next step, [batch, ·], as a copy. */
  write(input: number, data: FloatArray): void;
  step(): Reply<M, void>;
  /** Copies the output of this index after the last step, [batch, ·], into an array of its length, the caller's own. */
  read(output: number, into: FloatArray): Reply<M, void>;
  /** The same of a state. */
  readState(state: number, into: FloatArray): Reply<M, void>;
  /** Sets the states, [batch, ·] each, as copies. */
  setStates(states: readonly FloatArray[]): void;
  dispose(): void;
}

/** Rows of all steps. */
export const rowsOf = (batchSizes: readonly number[]): number => batchSizes.reduce((sum, size) => sum + size, 0);
