import type { GRUOptions, LSTMOptions, RNNOptions, StateDict, StoredTensor, Tensor } from '@congruent/runtime';

/** The kinds of files that are read. */
export type ModelFormat = 'safetensors' | 'pytorch' | 'onnx' | 'keras' | 'tfjs' | 'rtneural' | 'nam';

/** What a model file holds. */
export interface Model {
  readonly format: ModelFormat;
  /** Every tensor by its name, also those that are no layer's; an object without a prototype. */
  readonly tensors: Readonly<Record<string, StoredTensor>>;
  /** Why a tensor of the file is not among them, by its name: `is sparse`. A layer that needs one may not be run. */
  readonly unread: Readonly<Record<string, string>>;
  /** Every recurrent layer, in the order of the file. */
  readonly layers: readonly Layer[];
}

/** A layer as users get it: with options that TypeScript lets every class take. */
export interface TypedLayer extends Layer<LayerOptions> {}

/** What a model file holds, as users get it. */
export interface TypedModel extends Model {
  readonly layers: readonly TypedLayer[];
}

type Options = Readonly<Record<string, unknown>> & { readonly dtype: 'float32' | 'float64' };

/**
 * What `create` takes, in a type that that of every class takes: `kind` says which of these are there, and where there is a
 * `cell` they are `sizes` and what all layers have.
 */
export type LayerOptions = Options &
  GRUOptions &
  LSTMOptions &
  RNNOptions & { readonly sizes: { readonly I: number; readonly H: number } };

/** The class that a layer is made with. */
export type LayerKind = 'GRU' | 'LSTM' | 'RNN' | 'GRUCell' | 'LSTMCell' | 'RNNCell';

/** How Keras puts two directions together; `null`: it gives both. `concat` is what layers do of themselves. */
export type Merge = 'concat' | 'sum' | 'mul' | 'ave' | null;

/**
 * A recurrent layer of a file: one object of the framework that wrote it, with all of its layers and directions.
 *
 * @example
 * const { layers } = await readModel(bytes, { name: 'model.onnx' });
 * const gru = await GRU.create(layers[0].options);
 * gru.loadStateDict(layers[0].parameters);
 */
export interface Layer<O extends Options = Options> {
  readonly kind: LayerKind;
  /** Its name in the file: the prefix of its tensors without the last dot, or that of its node; may be empty. */
  readonly name: string;
  /**
   * What `create` takes: that of the class, or where there is a `cell` that of the class generated from it. A state dict of
   * torch tells neither whether the batch is first nor the function of an RNN: there these are torch's defaults.
   */
  readonly options: O;
  /** What `loadStateDict` takes: named and laid out as torch has them, or where there is a `cell` by its first layout. */
  readonly parameters: StateDict;
  /** The equations in the notation of @congruent/spec where they are not those of the class, for `generate` and `export`. */
  readonly cell?: string;
  /**
   * The states that the file begins with, as `forward` and `stream` take them: [L·D, 1, H], an array where there are two;
   * [L·D, B, H] where it has another for each sequence of a batch.
   */
  readonly initialStates?: Tensor | readonly Tensor[];
  /** It runs from the last step to the first. Reverse the steps of its input, and of its output, in time. */
  readonly reverse?: boolean;
  /** How many steps each sequence of the batch has: what follows is not read, and its output is 0. */
  readonly lengths?: readonly number[];
  /** With `reverse`: its output stays in the order in which it was computed, as Keras gives it, and is not reversed. */
  readonly reversedOutput?: boolean;
  /** How its two directions are put together, where not side by side. */
  readonly merge?: Exclude<Merge, 'concat'>;
  /** Why it may not be run; empty where it may. */
  readonly notes: readonly string[];
}

/** A file in the hands of a reader, with those that it refers to. */
export interface ModelFile {
  /** As messages call it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** By the names that the file has for them. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** What a reader finds in a file. */
export type Contents = Pick<Model, 'tensors' | 'layers'> & Partial<Pick<Model, 'unread'>>;

/** Reads one format. What is wrong with the file is a CongruentError of errors.ts, whatever the bytes are. */
export type Reader = (file: ModelFile) => Promise<Contents>;
