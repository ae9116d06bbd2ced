import { type Cell, cell } from '../cell.ts';

/** torch.nn.RNN's cell with `nonlinearity: 'tanh'`: the network of Elman (1990). */
export const rnnTanh: Cell = cell`
  rnn_tanh(x[I], h[H]) -> h'

  h' = tanh(W_ih @ x + b_ih + W_hh @ h + b_hh)   # next state

  layout torch
    weight_ih = [W_ih]   weight_hh = [W_hh]
    bias_ih   = [b_ih]   bias_hh   = [b_hh]
  layout onnx
    W = [W_ih]   R = [W_hh]   B = [b_ih; b_hh]
  layout keras
    kernel = [W_ih]^T   recurrent_kernel = [W_hh]^T   bias = [b_ih + b_hh]
`;
