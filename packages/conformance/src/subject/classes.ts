import type { DType, FloatArray, PackedSequence, Tensor } from '@congruent/runtime';

/** What is answered at once, or with a promise. */
export type Answer<T> = T | Promise<T>;

export type Input = Tensor | PackedSequence;

/** One state is a tensor, several are a list in the cell's order. */
export type States = Tensor | readonly Tensor[];

/** Options of any class; each check gives those that it is about. */
export interface Options {
  readonly inputSize?: number | undefined;
  readonly hiddenSize?: number | undefined;
  readonly projSize?: number | undefined;
  readonly numLayers?: number | undefined;
  readonly bias?: boolean | undefined;
  readonly batchFirst?: boolean | undefined;
  readonly dropout?: number | undefined;
  readonly bidirectional?: boolean | undefined;
  readonly dtype?: DType | undefined;
  readonly seed?: number | undefined;
}

export interface LoadResult {
  readonly missingKeys: readonly string[];
  readonly unexpectedKeys: readonly string[];
}

/** What layers and cells have in common. */
export interface HasParameters {
  readonly options: Readonly<Record<string, unknown>>;
  readonly backend: string;
  readonly device: string | undefined;
  stateDict(): Record<string, Tensor>;
  loadStateDict(dict: Readonly<Record<string, Tensor>>, options?: { readonly strict?: boolean }): LoadResult;
  dispose(): void;
  [Symbol.dispose](): void;
}

/** Tensors by name, such as `output`, `hn` and `cn`, or the gradients of `input`, `h0` and `c0`. */
export type Named = Readonly<Record<string, Input>>;

export type Disposable<F> = F & { dispose(): void; [Symbol.dispose](): void };

/** A GRU, an LSTM, an RNN: what their classes have in common, with states as they take and give them. */
export interface Layers extends HasParameters {
  readonly training: boolean;
  train(mode?: boolean): unknown;
  eval(): unknown;
  forward(input: Input, initial?: States): Answer<Named>;
  vjp(input: Input, initial?: States): Answer<Named & { readonly pullback: LayersPullback }>;
  stream(options?: Readonly<Record<string, unknown>>): Stream;
}

export type LayersPullback = Disposable<
  (cotangents: Named) => Answer<Named & { readonly parameters: Record<string, Tensor> }>
>;

export interface Stream {
  step(x: FloatArray): Answer<FloatArray>;
  readonly state: Answer<States>;
  reset(initial?: States): void;
  dispose(): void;
  [Symbol.dispose](): void;
}

/** A GRUCell, an LSTMCell, an RNNCell. */
export interface SingleStep extends HasParameters {
  forward(x: Tensor, states?: States): Answer<States>;
  vjp(x: Tensor, states?: States): Answer<{ readonly output: States; readonly pullback: SingleStepPullback }>;
}

export type SingleStepPullback = Disposable<
  (cotangents: States) => Answer<Named & { readonly parameters: Record<string, Tensor> }>
>;

/** A class of either. */
export interface ClassOf<T> {
  create(options: object): Promise<T>;
  createSync(options: object): T;
  readonly prototype: T;
  [Symbol.hasInstance](value: unknown): boolean;
}
