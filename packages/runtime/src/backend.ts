import type { Gradients } from './gradients.ts';
import type { DType, FloatArray } from './tensor.ts';

/**
 * What a backend gives: one cell, in one direction, over one sequence. Layers, directions, dropout, packing,
 * state dicts, checks and errors are here in the runtime, once, for all backends.
 */
export interface Backend<M extends Mode = Mode, B = unknown> {
  /** The name users see, e.g. `scalar`. */
  readonly name: string;
  readonly supports: DeclaredSupports;
  /** What some of its devices do otherwise than `supports` says, by the engine's `device`. */
  readonly devices?: Readonly<Record<string, Partial<Supports>>> | undefined;
  /** `sync`: results are given at once. `async`: `forward`, `vjp` and `step` return promises. */
  readonly mode: M;
  /** Options of `create` beyond torch's that `open` understands, e.g. `device`. */
  readonly options: readonly string[];
  /** The cell's parameters, as the generated code expects them. */
  readonly signature: CellSignature;
  /** `gradients` of this package, exactly where `supports.training`: apart, so that inference can do without its code. */
  readonly gradients?: Gradients | undefined;
  /** Makes the place where the buffers and layers of one GRU live: a WebAssembly memory, a GPU context. */
  open(options: EngineOptions): Promise<Engine<M, B>>;
  /** The same without a promise; present exactly where `supports.sync`. */
  openSync?(options: EngineOptions): Engine<M, B>;
}

export type Mode = 'sync' | 'async';

/** A value now, or a promise of it, by the backend's mode. */
export type Reply<M extends Mode, T> = M extends 'sync' ? T : Promise<T>;

/** What a backend can do; the conformance suite tests the refusal of whatever is `false`. */
export interface Supports {
  /** `createSync`, and answers without promises. */
  readonly sync: boolean;
  readonly float64: boolean;
  /** `vjp`: gradients for input, state and parameters. */
  readonly training: boolean;
  /** Results have the same bits as every other deterministic backend's, in every engine. */
  readonly deterministic: boolean;
  /** `math: 'relaxed'`: a faster mode with bits that may differ from one machine to the next. Absent where there is no such option. */
  readonly relaxed?: boolean;
  /** Numbers below 2^-126 are kept; otherwise they may become 0, operands and results alike. */
  readonly subnormals: boolean;
}

/** What a backend says of itself; `subnormals` is true where it says nothing. */
export type DeclaredSupports = Omit<Supports, 'subnormals'> & Partial<Pick<Supports, 'subnormals'>>;

/** A cell's parameters by layout name: `weight_ih` is the blocks `W_ir`, `W_iz`, `W_in`, each [H, I], stacked by rows. */
export interface CellSignature {
  readonly name: string;
  readonly parameters: Readonly<
    Record<string, { readonly blocks: readonly string[]; readonly shape: readonly Dimension[] }>
  >;
}

/** `I`: features of the input. `H`: features of the hidden state. */
export type Dimension = 'I' | 'H';

export type Dimensions = Readonly<Record<Dimension, number>>;

export interface EngineOptions {
  readonly dtype: DType;
  /** The values given for the backend's own `options`. */
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
  /** What runs it, where the backend has a choice, e.g. `webgpu`; never what was asked for. */
  readonly device?: string | undefined;
  layer(dimensions: Dimensions): Layer<M, B>;
  /** Starts a computation over sequences; its buffers live until `end`. */
  call(): Call<M, B>;
  /** Releases everything; nothing of this engine is used afterwards. */
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
  /** As `run`, with the same bits, and keeps what the way back needs. Present where `supports.training`. */
  record?(call: Call<M, B>, sequence: Sequence<B>): Reply<M, RecordedRun<M, B>>;
  /**
   * Starts stepping `batch` rows at a time. The input of each step is what is written, or,
   * where `below` is given, the state of that stream of the same engine (the layer below).
   */
  stream(batch: number, below: LayerStream<M> | undefined): LayerStream<M>;
}

/**
 * Rows of several sequences, step by step, longest first: step t is `batchSizes[t]` rows, never more than step t−1.
 * A batch of equal lengths has T equal batch sizes.
 */
export interface Sequence<B> {
  /** [Σ batchSizes, I] */
  readonly input: B;
  /** Initial state [batchSizes[0], H]; not modified. */
  readonly state: B;
  readonly batchSizes: readonly number[];
  /** From the last step to the first; each row then starts at its own sequence's end. */
  readonly reverse: boolean;
}

/** What a run over a sequence gives. */
export interface Run<B> {
  /** The states after every step, [Σ batchSizes, H]. */
  readonly output: B;
  /** The last state of every row, [batchSizes[0], H]. */
  readonly state: B;
}

export interface RecordedRun<M extends Mode, B> extends Run<B> {
  readonly trace: Trace<M, B>;
}

/** The values that one run recorded, independent of the call that it was part of. */
export interface Trace<M extends Mode, B> {
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
  /** Releases what was recorded. A second call does nothing, nor does one after the engine's disposal. */
  dispose(): void;
}

/** The adjoints of one run's operands. */
export interface LayerGradients<B> {
  /** [Σ batchSizes, I] */
  readonly input: B;
  /** [batchSizes[0], H] */
  readonly state: B;
  /** By layout name, stacked as the parameters are. */
  readonly parameters: Readonly<Record<string, B>>;
}

/** One layer stepped one time step at a time. */
export interface LayerStream<M extends Mode> {
  /** Sets the input of the next step, [batch, I], as a copy. */
  write(input: FloatArray): void;
  step(): Reply<M, void>;
  /** Copies the state [batch, H] after the last step into an array of that size, which belongs to the caller. */
  read(into: FloatArray): Reply<M, void>;
  /** Sets the state, [batch, H], as a copy. */
  setState(state: FloatArray): void;
  dispose(): void;
}
