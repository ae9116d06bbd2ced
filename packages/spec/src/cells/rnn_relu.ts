import { type Cell, cell } from '../cell.ts';

/** torch.nn.RNN's cell with `nonlinearity: 'relu'`. */
export const rnnRelu: Cell = cell`
  rnn_relu(x[I], h[H]) -> h'

  h' = relu(W_ih @ x + b_ih + W_hh @ h + b_hh)   # next state

  layout torch
    weight_ih = [W_ih]   weight_hh = [W_hh]
    bias_ih   = [b_ih]   bias_hh   = [b_hh]
  layout onnx
    W = [W_ih]   R = [W_hh]   B = [b_ih; b_hh]
  layout keras
    kernel = [W_ih]^T   recurrent_kernel = [W_hh]^T   bias = [b_ih + b_hh]
`;
