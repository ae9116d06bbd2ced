import type { Mode } from '../backend/engine.ts';
import type {
  GRUCellOptions,
  GRUOptions,
  LSTMCellOptions,
  LSTMOptions,
  RNNCellOptions,
  RNNOptions,
} from '../options/torch-options.ts';
import type { PackedSequence } from '../sequences/packed.ts';
import type { Tensor } from '../tensor.ts';
import type { CellGradients, CellVjp, RecurrentCell } from './cell.ts';
import type {
  LayerCotangents,
  LayerGradients,
  LayerResult,
  LayerVjp,
  RecurrentLayer,
  RecurrentStream,
  StreamOptions,
} from './layer.ts';
import type { ModuleClass } from './module.ts';
import type { OneState, TwoStates } from './names.ts';

/**
 * A gated recurrent unit over sequences, in one or more layers and one or two directions: torch.nn.GRU.
 * For each step of each layer, with σ the logistic function and ⊙ the element-wise product:
 *
 *     r  = σ(W_ir x + b_ir + W_hr h + b_hr)
 *     z  = σ(W_iz x + b_iz + W_hz h + b_hz)
 *     n  = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn))
 *     h' = (1 − z) ⊙ n + z ⊙ h
 *
 * With `resetAfter: false` the reset gate acts before the product, n = tanh(W_in x + b_in + W_hn (r ⊙ h) + b_hn).
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.GRU.html
 */
export interface GRU<M extends Mode = Mode, O = unknown> extends RecurrentLayer<OneState, GRUOptions & O, M> {}

/**
 * One step of one gated recurrent unit, the state given and returned: torch.nn.GRUCell. The equations are GRU's.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.GRUCell.html
 */
export interface GRUCell<M extends Mode = Mode, O = unknown> extends RecurrentCell<OneState, GRUCellOptions & O, M> {}

/**
 * A long short-term memory over sequences, in one or more layers and one or two directions: torch.nn.LSTM.
 * For each step of each layer, with σ the logistic function and ⊙ the element-wise product:
 *
 *     i  = σ(W_ii x + b_ii + W_hi h + b_hi)
 *     f  = σ(W_if x + b_if + W_hf h + b_hf)
 *     g  = tanh(W_ig x + b_ig + W_hg h + b_hg)
 *     o  = σ(W_io x + b_io + W_ho h + b_ho)
 *     c' = f ⊙ c + i ⊙ g
 *     h' = o ⊙ tanh(c')
 *
 * With `projSize` P the state h' = W_hr (o ⊙ tanh(c')) has P features, and so has the output of each direction; c keeps H.
 * States are [h0, c0], and results `hn` and `cn`.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.LSTM.html
 */
export interface LSTM<M extends Mode = Mode, O = unknown> extends RecurrentLayer<TwoStates, LSTMOptions & O, M> {}

/**
 * One step of one long short-term memory, [h1, c1] from x and [hx, cx]: torch.nn.LSTMCell. The equations are LSTM's.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.LSTMCell.html
 */
export interface LSTMCell<M extends Mode = Mode, O = unknown>
  extends RecurrentCell<TwoStates, LSTMCellOptions & O, M> {}

/**
 * An Elman network over sequences, in one or more layers and one or two directions: torch.nn.RNN. For each step of each
 * layer h' = tanh(W_ih x + b_ih + W_hh h + b_hh), or relu in the place of tanh with `nonlinearity: 'relu'`.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.RNN.html
 */
export interface RNN<M extends Mode = Mode, O = unknown> extends RecurrentLayer<OneState, RNNOptions & O, M> {}

/**
 * One step of an Elman network, the state given and returned: torch.nn.RNNCell. The equations are RNN's.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.RNNCell.html
 */
export interface RNNCell<M extends Mode = Mode, O = unknown> extends RecurrentCell<OneState, RNNCellOptions & O, M> {}

/** The classes of a backend. `O`: the backend's own options. */
export interface GRUClass<M extends Mode = Mode, O = unknown> extends ModuleClass<GRU<M, O>, GRUOptions & O> {}
export interface GRUCellClass<M extends Mode = Mode, O = unknown>
  extends ModuleClass<GRUCell<M, O>, GRUCellOptions & O> {}
export interface LSTMClass<M extends Mode = Mode, O = unknown> extends ModuleClass<LSTM<M, O>, LSTMOptions & O> {}
export interface LSTMCellClass<M extends Mode = Mode, O = unknown>
  extends ModuleClass<LSTMCell<M, O>, LSTMCellOptions & O> {}
export interface RNNClass<M extends Mode = Mode, O = unknown> extends ModuleClass<RNN<M, O>, RNNOptions & O> {}
export interface RNNCellClass<M extends Mode = Mode, O = unknown>
  extends ModuleClass<RNNCell<M, O>, RNNCellOptions & O> {}

/** What the methods of a GRU, and of an RNN, take and give. */
export type GRUResult<S extends Tensor | PackedSequence = Tensor> = LayerResult<OneState, S>;
export type GRUVjp<M extends Mode, S extends Tensor | PackedSequence = Tensor> = LayerVjp<M, OneState, S>;
export type GRUCotangents<S extends Tensor | PackedSequence = Tensor> = LayerCotangents<OneState, S>;
export type GRUGradients<S extends Tensor | PackedSequence = Tensor> = LayerGradients<OneState, S>;
export type GRUStream<M extends Mode = Mode> = RecurrentStream<OneState, M>;
export type GRUStreamOptions = StreamOptions<OneState>;
export type GRUCellVjp<M extends Mode> = CellVjp<M, OneState>;
export type GRUCellGradients = CellGradients<OneState>;

/** What the methods of an LSTM take and give. */
export type LSTMResult<S extends Tensor | PackedSequence = Tensor> = LayerResult<TwoStates, S>;
export type LSTMVjp<M extends Mode, S extends Tensor | PackedSequence = Tensor> = LayerVjp<M, TwoStates, S>;
export type LSTMCotangents<S extends Tensor | PackedSequence = Tensor> = LayerCotangents<TwoStates, S>;
export type LSTMGradients<S extends Tensor | PackedSequence = Tensor> = LayerGradients<TwoStates, S>;
export type LSTMStream<M extends Mode = Mode> = RecurrentStream<TwoStates, M>;
export type LSTMStreamOptions = StreamOptions<TwoStates>;
export type LSTMCellVjp<M extends Mode> = CellVjp<M, TwoStates>;
export type LSTMCellGradients = CellGradients<TwoStates>;
