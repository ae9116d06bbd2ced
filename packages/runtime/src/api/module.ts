/// <reference lib="esnext.disposable" preserve="true" />
import type { Mode, Reply } from '../backend/engine.ts';
import type { Supports } from '../backend/supports.ts';
import type { LoadOptions, LoadResult, StateDictOptions, StoredStateDict } from '../parameters/state-dict.ts';
import type { Tensor } from '../tensor.ts';

/** What layers and cells have in common. */
export interface HasParameters {
  /** The name of the backend that runs it, e.g. `wasm`: `backend.name`, or one of `backend.backends` where a package chooses. */
  readonly backend: string;

  /** What runs it, e.g. `webgpu`, where the backend has a choice of devices; undefined where it has none. */
  readonly device: string | undefined;

  /**
   * Copies of all parameters by torch's names, e.g. `weight_ih_l0`, each stacked as the cell's layout says: a GRU's gates
   * are r, z, n, an LSTM's i, f, g, o.
   *
   * @param options.layout  another of the cell's layouts, e.g. `keras` or `onnx`: its names with the same ending, its shapes
   * @throws CONGRUENT_OPTION, CONGRUENT_DISPOSED
   */
  stateDict(options?: StateDictOptions): Record<string, Tensor>;

  /**
   * Takes parameters by torch's names, as `stateDict` gives them and .safetensors files hold them. The data is copied;
   * float64 is rounded for a float32 layer. Calls made earlier are not affected; open streams use the new parameters
   * from their next step on and keep their state.
   *
   * @param dict            tensors by name
   * @param options.strict  refuse missing and unknown names; without it they are skipped. Default: true
   * @param options.prefix  what stands before the names in the dict; entries without it are ignored. Default: ''
   * @param options.layout  the layout of the dict, as of `stateDict`
   * @returns the names that were skipped
   * @throws CONGRUENT_STATE_DICT with torch's message when names or shapes do not fit; then nothing at all was loaded
   * @throws CONGRUENT_OPTION, CONGRUENT_DISPOSED
   */
  loadStateDict(dict: StoredStateDict, options?: LoadOptions): LoadResult;

  /**
   * Releases the buffers, once calls that are under way have ended; streams are disposed of too. A second call does
   * nothing. With `using` it happens at the end of the block.
   */
  dispose(): void;
  [Symbol.dispose](): void;
}

/**
 * Goes a recorded call backwards: from the gradients of its results to those of its operands and parameters, which are
 * those the call had, whatever was loaded since. May be called more than once, and while other calls are under way.
 */
export interface Pullback<M extends Mode, C, G> {
  /**
   * @returns fresh tensors
   * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE, CONGRUENT_PACKED where a gradient is not of the shape and type of its result
   * @throws CONGRUENT_OPTION where there is none; CONGRUENT_DISPOSED (an async backend's promise is rejected)
   */
  (cotangents: C): Reply<M, G>;
  /** Releases what the call recorded. It happens by itself once nothing holds the pullback any more. */
  dispose(): void;
  [Symbol.dispose](): void;
}

/** The arguments of `create`: options, which may be left out where none is required. */
export type CreateArguments<Options> = [object] extends [Options] ? [options?: Options] : [options: Options];

/** How the dict is to be read, and the options that it does not tell. */
export type FromStateDictOptions<Options> = Partial<Options> & LoadOptions;

/** A class of a backend: `T` is what it makes. */
export interface ModuleClass<T, Options> {
  /**
   * Makes one with parameters uniform in ±1/√hiddenSize, which follow from `seed` alone. A class of a cell of one's own has
   * its first state's width in the place of hiddenSize, or without states that of its first input.
   *
   * @throws CONGRUENT_OPTION when an option is missing, unknown or out of range (the promise is rejected)
   * @throws CONGRUENT_UNSUPPORTED for a dtype that the backend does not have
   */
  create(...options: CreateArguments<Options>): Promise<T>;
  /**
   * The same without a promise, where `backend.supports.sync`.
   *
   * @throws CONGRUENT_OPTION; CONGRUENT_UNSUPPORTED also where the backend needs a promise
   */
  createSync(...options: CreateArguments<Options>): T;
  /**
   * Makes one that has the parameters of a state dict. Sizes, layers, directions and whether there are biases are read from
   * names and shapes; options that are given go before what is read.
   *
   * @param dict            tensors by name
   * @param options.strict  refuse missing and unknown names; without it they are skipped. Default: true
   * @param options.prefix  what stands before the names in the dict; entries without it are ignored. Default: ''
   * @param options.layout  the layout of the dict, as of `stateDict`
   * @throws CONGRUENT_STATE_DICT where the names are not those of this class, or shapes contradict each other
   * @throws what `create` throws
   * @example
   * const { tensors } = readSafetensors(writeSafetensors((await GRU.create({ inputSize: 5, hiddenSize: 10 })).stateDict()));
   * const gru = await GRU.fromStateDict(tensors, { batchFirst: true });
   * gru.options.hiddenSize; // 10
   */
  fromStateDict(dict: StoredStateDict, options?: FromStateDictOptions<Options>): Promise<T>;
  /** The same without a promise, where `backend.supports.sync`. */
  fromStateDictSync(dict: StoredStateDict, options?: FromStateDictOptions<Options>): T;
  readonly prototype: T;
  [Symbol.hasInstance](value: unknown): value is T;
}

/** What a backend package exports besides the classes. */
export interface BackendInfo {
  readonly name: string;
  /** What holds wherever it runs. */
  readonly supports: Supports;
  /** What holds on each device, by the names that `gru.device` gives; absent where there is no choice. */
  readonly devices?: Readonly<Record<string, Supports>>;
  /** Where a package chooses among backends, those that it may choose, by the names that `gru.backend` gives; else absent. */
  readonly backends?: readonly string[];
}
