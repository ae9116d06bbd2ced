/// <reference lib="esnext.disposable" preserve="true" />
import type { Mode, Reply } from './backend/engine.ts';
import type { Supports } from './backend/supports.ts';
import type { GRUCellOptions, GRUOptions } from './options/options.ts';
import type { LoadResult, StateDict } from './parameters/state-dict.ts';
import type { PackedSequence } from './sequences/packed.ts';
import type { FloatArray, Tensor } from './tensor.ts';

/** A packed sequence for a packed input, a tensor for a tensor. */
export type Like<I extends Tensor | PackedSequence> = I extends PackedSequence ? PackedSequence : Tensor;

/** What `forward` gives. */
export interface GRUResult<I extends Tensor | PackedSequence = Tensor> {
  /** The last layer's state after every step, directions side by side: [T, B, D·H], laid out as the input was. */
  readonly output: Like<I>;
  /** Every layer's and direction's last state, at layer·D + direction: [L·D, B, H], or [L·D, H] for an unbatched input. */
  readonly hn: Tensor;
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

/** The gradients of a loss with respect to what `forward` gives; what is left out counts as zeros. */
export interface GRUCotangents<I extends Tensor | PackedSequence = Tensor> {
  /** Of the shape of `output`. */
  readonly output?: Like<I> | undefined;
  /** Of the shape of `hn`. */
  readonly hn?: Tensor | undefined;
}

/** The gradients of a loss with respect to what `forward` takes. */
export interface GRUGradients<I extends Tensor | PackedSequence = Tensor> {
  /** Of the shape of the input; packed like it. */
  readonly input: Like<I>;
  /** Of the initial states, also where they were left out: [L·D, B, H], or [L·D, H] for an unbatched input. */
  readonly h0: Tensor;
  /** By the names of `stateDict()`. */
  readonly parameters: Record<string, Tensor>;
}

/** What `vjp` gives. */
export interface GRUVjp<M extends Mode, I extends Tensor | PackedSequence = Tensor> extends GRUResult<I> {
  readonly pullback: Pullback<M, GRUCotangents<I>, GRUGradients<I>>;
}

/** What `vjp` of a cell gives. */
export interface GRUCellVjp<M extends Mode> {
  /** The next state. */
  readonly output: Tensor;
  /** From the gradient of the next state, of its shape. */
  readonly pullback: Pullback<M, Tensor, GRUCellGradients>;
}

/** The gradients of a loss with respect to what a cell takes. */
export interface GRUCellGradients {
  readonly input: Tensor;
  /** Of the state, also where it was left out. */
  readonly hx: Tensor;
  /** By the names of `stateDict()`. */
  readonly parameters: Record<string, Tensor>;
}

/** What a GRU and a GRUCell have in common. */
interface HasParameters {
  /** What runs it, e.g. `webgpu`, where the backend has a choice of devices; undefined where it has none. */
  readonly device: string | undefined;

  /**
   * Copies of all parameters by torch's names, e.g. `weight_ih_l0` [3H, I]. The gates are stacked as in torch: r, z, n.
   *
   * @throws CONGRUENT_DISPOSED
   */
  stateDict(): Record<string, Tensor>;

  /**
   * Takes parameters by torch's names, as `stateDict` gives them and .safetensors files hold them. The data is copied;
   * float64 is rounded for a float32 layer. Calls made earlier are not affected; open streams use the new parameters
   * from their next step on and keep their state.
   *
   * @param dict            tensors by name
   * @param options.strict  refuse missing and unknown names; without it they are skipped. Default: true
   * @returns the names that were skipped
   * @throws CONGRUENT_STATE_DICT with torch's message when names or shapes do not fit; then nothing at all was loaded
   * @throws CONGRUENT_OPTION, CONGRUENT_DISPOSED
   */
  loadStateDict(dict: StateDict, options?: { readonly strict?: boolean | undefined }): LoadResult;

  /**
   * Releases the buffers, once calls that are under way have ended; streams are disposed of too. A second call does
   * nothing. With `using` it happens at the end of the block.
   */
  dispose(): void;
  [Symbol.dispose](): void;
}

/**
 * A gated recurrent unit over sequences, in one or more layers and one or two directions: torch.nn.GRU.
 * For each step of each layer, with σ the logistic function and ⊙ the element-wise product:
 *
 *     r  = σ(W_ir x + b_ir + W_hr h + b_hr)
 *     z  = σ(W_iz x + b_iz + W_hz h + b_hz)
 *     n  = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn))
 *     h' = (1 − z) ⊙ n + z ⊙ h
 *
 * `M` is `sync` where the backend answers at once and `async` where it answers with promises; `await` is right for both.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.GRU.html
 */
export interface GRU<M extends Mode = Mode> extends HasParameters {
  /** The options it was created with, defaults filled in. */
  readonly options: Required<{ readonly [K in keyof GRUOptions]: NonNullable<GRUOptions[K]> }>;

  /** Whether dropout acts. True from the start, as in torch. */
  readonly training: boolean;

  /** Training mode: dropout acts between layers. Returns the GRU. */
  train(mode?: boolean): this;

  /** Evaluation mode: no dropout. Returns the GRU. */
  eval(): this;

  /**
   * Runs the GRU over a batch of sequences. D is 2 with `bidirectional` and else 1; L is `numLayers`.
   *
   * In training mode with `dropout` p, each element of a layer's output is on its way to the next layer zeroed with
   * probability p and else divided by 1 − p. The masks follow from `seed` and from how many such calls came before,
   * so they are the same on every backend.
   *
   * @param input  [T, B, I], or [B, T, I] with `batchFirst`, or [T, I] for one sequence, or a PackedSequence;
   *               T at least 1. B may be 0 and gives empty results. Not modified, and read before the call returns
   * @param h0     initial states [L·D, B, H] whatever `batchFirst` says, or [L·D, H] for one sequence; default zeros
   * @returns fresh tensors; NaN and ±Infinity propagate as IEEE arithmetic says
   * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE, CONGRUENT_EMPTY_SEQUENCE, CONGRUENT_PACKED, CONGRUENT_DISPOSED (an async backend's promise is rejected);
   *         a call that fails changes nothing
   * @example
   * const gru = await GRU.create({ inputSize: 5, hiddenSize: 10, numLayers: 2 });
   * const input = tensor(new Float32Array(7 * 3 * 5), [7, 3, 5]);
   * const { output, hn } = await gru.forward(input);
   * output.shape; // [7, 3, 10]
   * hn.shape; // [2, 3, 10]
   */
  forward<I extends Tensor | PackedSequence>(input: I, h0?: Tensor | undefined): Reply<M, GRUResult<I>>;

  /**
   * `forward`, with the same bits, and the backward pass: the vector-Jacobian product of the equations, derived from them.
   * In training mode dropout acts, and the backward pass has the same masks.
   *
   * @throws what `forward` throws; CONGRUENT_UNSUPPORTED where `backend.supports.training` is false
   * @example
   * const gru = await GRU.create({ inputSize: 5, hiddenSize: 10 });
   * const { output, pullback } = await gru.vjp(tensor(new Float32Array(7 * 3 * 5), [7, 3, 5]));
   * const loss = { data: output.data.map((y) => 2 * y), shape: output.shape }; // of the sum of squares
   * const { input, h0, parameters } = await pullback({ output: loss });
   * input.shape; // [7, 3, 5]
   * h0.shape; // [1, 3, 10]
   * parameters['weight_hh_l0']!.shape; // [30, 10]
   */
  vjp<I extends Tensor | PackedSequence>(input: I, h0?: Tensor | undefined): Reply<M, GRUVjp<M, I>>;

  /**
   * Starts stepping through time with the state kept inside, e.g. at audio rates. Streams are independent of each
   * other and of `forward`, and never apply dropout.
   *
   * @param options.batchSize  rows of each step. Default: 1
   * @param options.h0         initial states [L, B, H], or [L, H] where `batchSize` is 1; default zeros
   * @throws CONGRUENT_BIDIRECTIONAL_STREAM on a bidirectional GRU: its second direction starts at the end
   * @throws CONGRUENT_TRAINING_STREAM in training mode where dropout would act: call `eval()` first
   * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE, CONGRUENT_OPTION, CONGRUENT_DISPOSED
   * @example
   * const gru = await GRU.create({ inputSize: 2, hiddenSize: 4 });
   * const stream = gru.stream();
   * const y = await stream.step(new Float32Array([0.5, -0.5]));
   * y.length; // 4
   */
  stream(options?: GRUStreamOptions): GRUStream<M>;
}

/** Options of `GRU.stream`. */
export interface GRUStreamOptions {
  /** Rows of each step, at least 1. Default: 1. */
  readonly batchSize?: number | undefined;
  /** Initial states [L, B, H], or [L, H] where `batchSize` is 1. Default: zeros. */
  readonly h0?: Tensor | undefined;
}

/** A GRU stepped one time step at a time. */
export interface GRUStream<M extends Mode = Mode> {
  /**
   * One step.
   *
   * @param x  [B·I], row-major, of the GRU's element type; read before the call returns
   * @returns [B·H], the last layer's state, valid until the next step: a synchronous backend gives the same array again, so
   *          that a step allocates nothing. Nothing else reads it: it may be written to or transferred without harm
   * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE, CONGRUENT_DISPOSED (an async backend's promise is rejected)
   */
  step(x: FloatArray): Reply<M, FloatArray>;

  /** A copy of the states of all layers after the last step, [L, B, H]; give it as `h0` to go on from here. */
  readonly state: Reply<M, Tensor>;

  /**
   * Starts anew.
   *
   * @param h0  initial states [L, B, H], or [L, H] where the batch is 1; default zeros
   * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE, CONGRUENT_DISPOSED
   */
  reset(h0?: Tensor | undefined): void;

  /** Releases the stream's buffers. A second call does nothing. */
  dispose(): void;
  [Symbol.dispose](): void;
}

/**
 * One step of one gated recurrent unit, the state given and returned: torch.nn.GRUCell. The equations are GRU's.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.GRUCell.html
 */
export interface GRUCell<M extends Mode = Mode> extends HasParameters {
  /** The options it was created with, defaults filled in. */
  readonly options: Required<{ readonly [K in keyof GRUCellOptions]: NonNullable<GRUCellOptions[K]> }>;

  /**
   * The next state.
   *
   * @param x   [B, I], or [I] for one row. Not modified, and read before the call returns
   * @param hx  the state [B, H], or [H] for one row; default zeros
   * @returns the next state, a fresh tensor of hx's shape
   * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE, CONGRUENT_DISPOSED (an async backend's promise is rejected)
   * @example
   * const cell = await GRUCell.create({ inputSize: 2, hiddenSize: 4 });
   * let h = tensor(new Float32Array(4));
   * for (const x of [tensor([1, 2]), tensor([3, 4])]) h = await cell.forward(x, h);
   * h.shape; // [4]
   */
  forward(x: Tensor, hx?: Tensor | undefined): Reply<M, Tensor>;

  /**
   * `forward`, with the same bits, and the backward pass.
   *
   * @throws what `forward` throws; CONGRUENT_UNSUPPORTED where `backend.supports.training` is false
   * @example
   * const cell = await GRUCell.create({ inputSize: 2, hiddenSize: 4 });
   * const { output, pullback } = await cell.vjp(tensor([1, 2]));
   * const { input, hx, parameters } = await pullback(output); // of half the sum of squares
   * input.shape; // [2]
   */
  vjp(x: Tensor, hx?: Tensor | undefined): Reply<M, GRUCellVjp<M>>;
}

/** The class `GRU` of a backend. `O`: the backend's own options. */
export interface GRUClass<M extends Mode = Mode, O = unknown> {
  /**
   * Makes a GRU with parameters and biases uniform in ±1/√hiddenSize, which follow from `seed` alone.
   *
   * @throws CONGRUENT_OPTION when an option is missing, unknown or out of range (the promise is rejected)
   * @throws CONGRUENT_UNSUPPORTED for a dtype that the backend does not have
   */
  create(options: GRUOptions & O): Promise<GRU<M>>;
  /**
   * The same without a promise, where `backend.supports.sync`.
   *
   * @throws CONGRUENT_OPTION; CONGRUENT_UNSUPPORTED also where the backend needs a promise
   */
  createSync(options: GRUOptions & O): GRU<M>;
  readonly prototype: GRU<M>;
  [Symbol.hasInstance](value: unknown): value is GRU<M>;
}

/** The class `GRUCell` of a backend. `O`: the backend's own options. */
export interface GRUCellClass<M extends Mode = Mode, O = unknown> {
  /** As `GRU.create`; the parameters are those of a one-layer GRU of the same sizes and seed. */
  create(options: GRUCellOptions & O): Promise<GRUCell<M>>;
  /** As `GRU.createSync`. */
  createSync(options: GRUCellOptions & O): GRUCell<M>;
  readonly prototype: GRUCell<M>;
  [Symbol.hasInstance](value: unknown): value is GRUCell<M>;
}

/** What a backend package exports besides the classes. */
export interface BackendInfo {
  readonly name: string;
  /** What holds wherever it runs. */
  readonly supports: Supports;
  /** What holds on each device, by the names that `gru.device` gives; absent where there is no choice. */
  readonly devices?: Readonly<Record<string, Supports>>;
}
