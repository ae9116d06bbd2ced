/// <reference lib="esnext.disposable" preserve="true" />
import type { Mode, Reply } from '../backend/engine.ts';
import type { Resolved } from '../options/options.ts';
import type { PackedSequence } from '../sequences/packed.ts';
import type { Tensor } from '../tensor.ts';
import type { HasParameters, Pullback } from './module.ts';
import type {
  CellNames,
  Input,
  Like,
  Outputs,
  SomeOutputs,
  SomeStatesWith,
  States,
  StatesWith,
  StepInput,
  StepOutput,
} from './names.ts';

/**
 * What `forward` gives: `output`, the last layer's output after every step, directions side by side, [T, B, D·width], laid
 * out as the input was; and for each state such as `h` the last one of every layer and direction, `hn`, at
 * layer·D + direction: [L·D, B, width], or [L·D, width] for an unbatched input. A state that is one number a row is [L·D, B].
 */
export type LayerResult<N extends CellNames, S extends Tensor | PackedSequence> = Outputs<N, Like<S>> &
  StatesWith<N, 'n'>;

/** The gradients of a loss with respect to what `forward` gives, of the same shapes; what is left out counts as zeros. */
export type LayerCotangents<N extends CellNames, S extends Tensor | PackedSequence> = SomeOutputs<N, Like<S>> &
  SomeStatesWith<N, 'n'>;

/**
 * The gradients of a loss with respect to what `forward` takes: `input`, of its shape, packed like it; of the initial states,
 * also where they were left out; and of the parameters.
 */
export type LayerGradients<N extends CellNames, S extends Tensor | PackedSequence> = {
  readonly input: Input<N, Like<S>>;
  /** By the names of `stateDict()`. */
  readonly parameters: Record<string, Tensor>;
} & StatesWith<N, '0'>;

/** What `vjp` gives. */
export type LayerVjp<M extends Mode, N extends CellNames, S extends Tensor | PackedSequence> = LayerResult<N, S> & {
  readonly pullback: Pullback<M, LayerCotangents<N, S>, LayerGradients<N, S>>;
};

/** Options of `stream`: initial states by name, such as `h0` [L, B, width], or [L, width] where `batchSize` is 1; default zeros. */
export type StreamOptions<N extends CellNames> = {
  /** Rows of each step, at least 1. Default: 1. */
  readonly batchSize?: number | undefined;
} & SomeStatesWith<N, '0'>;

/**
 * A cell over sequences, in one or more layers and one or two directions.
 *
 * `M` is `sync` where the backend answers at once and `async` where it answers with promises; `await` is right for both.
 */
export interface RecurrentLayer<N extends CellNames, Options, M extends Mode = Mode> extends HasParameters {
  /** The options it was created with, defaults filled in. */
  readonly options: Resolved<Options>;

  /** Whether dropout acts. True from the start, as in torch. */
  readonly training: boolean;

  /** Training mode: dropout acts between layers. Returns the layer. */
  train(mode?: boolean): this;

  /** Evaluation mode: no dropout. Returns the layer. */
  eval(): this;

  /**
   * Runs the layers over a batch of sequences. D is 2 with `bidirectional` and else 1; L is `numLayers`.
   *
   * In training mode with `dropout` p, each element of a layer's output is on its way to the next layer zeroed with
   * probability p and else divided by 1 − p. The masks follow from `seed` and from how many such calls came before,
   * so they are the same on every backend.
   *
   * @param input  [T, B, I], or [B, T, I] with `batchFirst`, or [T, I] for one sequence, or a PackedSequence; several inputs
   *               by name; an input that is one number a row without the last dimension.
   *               T at least 1. B may be 0 and gives empty results. Not modified, and read before the call returns
   * @param state  initial states [L·D, B, width] whatever `batchFirst` says, or [L·D, width] for one sequence; several as an
   *               array, such as [h0, c0]; default zeros
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
  forward<S extends Tensor | PackedSequence>(
    input: Input<N, S>,
    state?: States<N> | undefined,
  ): Reply<M, LayerResult<N, S>>;

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
  vjp<S extends Tensor | PackedSequence>(
    input: Input<N, S>,
    state?: States<N> | undefined,
  ): Reply<M, LayerVjp<M, N, S>>;

  /**
   * Starts stepping through time with the state kept inside, e.g. at audio rates. Streams are independent of each
   * other and of `forward`, and never apply dropout.
   *
   * @param options.batchSize  rows of each step. Default: 1
   * @param options.h0         initial states [L, B, H], or [L, H] where `batchSize` is 1; default zeros. The others likewise
   * @throws CONGRUENT_BIDIRECTIONAL_STREAM on a bidirectional layer: its second direction starts at the end
   * @throws CONGRUENT_TRAINING_STREAM in training mode where dropout would act: call `eval()` first
   * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE, CONGRUENT_OPTION, CONGRUENT_DISPOSED
   * @example
   * const gru = await GRU.create({ inputSize: 2, hiddenSize: 4 });
   * const stream = gru.stream();
   * const y = await stream.step(new Float32Array([0.5, -0.5]));
   * y.length; // 4
   */
  stream(options?: StreamOptions<N>): RecurrentStream<N, M>;
}

/** Layers stepped one time step at a time. */
export interface RecurrentStream<N extends CellNames, M extends Mode = Mode> {
  /**
   * One step.
   *
   * @param x  [B·I], row-major, of the layer's element type; read before the call returns. Several inputs by name
   * @returns [B·width], the last layer's output, valid until the next step: a synchronous backend gives the same array again,
   *          so that a step allocates nothing. Nothing else reads it: it may be written to or transferred without harm.
   *          Several outputs by name
   * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE, CONGRUENT_DISPOSED (an async backend's promise is rejected)
   */
  step(x: StepInput<N>): Reply<M, StepOutput<N>>;

  /**
   * A copy of the states of all layers after the last step, [L, B, width]: a tensor for one state, an array in the cell's
   * order for several. Give it to `reset`, or as initial states, to go on from here.
   */
  readonly state: Reply<M, States<N>>;

  /**
   * Starts anew.
   *
   * @param state  initial states [L, B, width], or [L, width] where the batch is 1; several as an array; default zeros
   * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE, CONGRUENT_DISPOSED
   */
  reset(state?: States<N> | undefined): void;

  /**
   * Releases the stream's buffers. It happens by itself once nothing holds the stream any more; where they lie outside of
   * JavaScript's memory, as with WebAssembly and WebGPU, once the event loop turns. A second call does nothing.
   */
  dispose(): void;
  [Symbol.dispose](): void;
}
