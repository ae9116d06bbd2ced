import { flag, positive, type Rule } from './option-rules.ts';
import { COMMON_RULES, type CommonOptions, type LayerOptions } from './options.ts';

interface TorchCellOptions extends CommonOptions {
  /** Features of the input, at least 1. */
  readonly inputSize: number;
  /** Features of the hidden state, at least 1. */
  readonly hiddenSize: number;
  /** Whether the layer has `bias_ih` and `bias_hh`. Default: true. */
  readonly bias?: boolean | undefined;
}

interface ResetAfter {
  /**
   * Whether the reset gate acts after the product with the state, as in torch. False: before it, as in Keras with
   * `reset_after=False` and ONNX with `linear_before_reset=0`. Default: true.
   */
  readonly resetAfter?: boolean | undefined;
}

interface Nonlinearity {
  /** Default: `tanh`. */
  readonly nonlinearity?: 'tanh' | 'relu' | undefined;
}

/** What `GRUCell.create` takes: the parameters and defaults of torch.nn.GRUCell. */
export interface GRUCellOptions extends TorchCellOptions, ResetAfter {}

/** What `GRU.create` takes: the parameters and defaults of torch.nn.GRU. */
export interface GRUOptions extends TorchCellOptions, LayerOptions, ResetAfter {}

/** What `LSTMCell.create` takes: the parameters and defaults of torch.nn.LSTMCell. */
export interface LSTMCellOptions extends TorchCellOptions {}

/** What `LSTM.create` takes: the parameters and defaults of torch.nn.LSTM. */
export interface LSTMOptions extends TorchCellOptions, LayerOptions {
  /** Features of `h` and of the output, less than hiddenSize, by a projection `weight_hr`; 0: none. Default: 0. */
  readonly projSize?: number | undefined;
}

/** What `RNNCell.create` takes: the parameters and defaults of torch.nn.RNNCell. */
export interface RNNCellOptions extends TorchCellOptions, Nonlinearity {}

/** What `RNN.create` takes: the parameters and defaults of torch.nn.RNN. */
export interface RNNOptions extends TorchCellOptions, LayerOptions, Nonlinearity {}

/** The rules of every class of torch's; made when one is defined. */
export const torchRules = (): Readonly<Record<keyof TorchCellOptions, Rule>> => ({
  inputSize: positive('input_size'),
  hiddenSize: positive('hidden_size'),
  bias: flag(true),
  ...COMMON_RULES,
});
