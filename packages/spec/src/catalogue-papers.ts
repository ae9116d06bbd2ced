import { type Cell, cell, defineCell } from './cell.ts';

/** A dense layer, as torch.nn.Linear. */
export const linear: Cell = cell`
  linear(x[I]) -> y
  y[O] = W @ x + b
  layout torch
    weight = [W]   bias = [b]
`;

/** IndRNN: every unit sees only its own past. S. Li et al., "Independently Recurrent Neural Network", 2018. */
export const indRnn: Cell = cell`
  indrnn(x[I], h[H]) -> h'
  h' = tanh(W @ x + u * h + b)
  layout plain
    weight_ih = [W]   weight_hh = [u]   bias = [b]
`;

/** MGU: one gate. G.-B. Zhou et al., "Minimal Gated Unit for Recurrent Neural Networks", 2016. */
export const mgu: Cell = cell`
  mgu(x[I], h[H]) -> h'
  f  = sigmoid(W_f @ [h; x] + b_f)       # forget gate
  n  = tanh(W_h @ [f * h; x] + b_h)      # candidate
  h' = (1 - f) * h + f * n               # next state
  layout plain
    W_f = [W_f]   W_h = [W_h]   b_f = [b_f]   b_h = [b_h]
`;

/** SRU: all products before the loop. T. Lei et al., "Simple Recurrent Units for Highly Parallelizable Recurrence", 2018. */
export const sru: Cell = cell`
  sru(x[H], c[H]) -> y, c'
  f  = sigmoid(W_f @ x + v_f * c + b_f)  # forget gate
  r  = sigmoid(W_r @ x + v_r * c + b_r)  # reset gate
  c' = f * c + (1 - f) * (W @ x)         # next cell state
  y  = r * c' + (1 - r) * x              # highway
  layout plain
    weight = [W; W_f; W_r]   weight_c = [v_f; v_r]   bias = [b_f; b_r]
`;

/** The LSTM with peepholes. F. A. Gers, N. N. Schraudolph, J. Schmidhuber, "Learning Precise Timing with LSTM", 2002. */
export const peepholeLstm: Cell = cell`
  peephole_lstm(x[I], h[H], c[H]) -> h', c'
  i  = sigmoid(W_i @ x + U_i @ h + p_i * c + b_i)
  f  = sigmoid(W_f @ x + U_f @ h + p_f * c + b_f)
  g  = tanh(W_g @ x + U_g @ h + b_g)
  c' = f * c + i * g
  o  = sigmoid(W_o @ x + U_o @ h + p_o * c' + b_o)
  h' = o * tanh(c')
  layout plain
    weight_ih = [W_i; W_f; W_g; W_o]   weight_hh = [U_i; U_f; U_g; U_o]
    peepholes = [p_i; p_f; p_o]        bias = [b_i; b_f; b_g; b_o]
`;

/** Light GRU: no reset gate. M. Ravanelli et al., "Light Gated Recurrent Units for Speech Recognition", 2018. */
export const lightGru: Cell = cell`
  light_gru(x[I], h[H]) -> h'
  z  = sigmoid(W_z @ x + U_z @ h + b_z)
  n  = relu(W_h @ x + U_h @ h + b_h)
  h' = z * h + (1 - z) * n
  layout plain
    weight_ih = [W_z; W_h]   weight_hh = [U_z; U_h]   bias = [b_z; b_h]
`;

/** GRU with layer normalisation of its products. J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer Normalization", 2016. */
export const layerNormGru: Cell = cell`
  layer_norm_gru(x[I], h[H]) -> h'
  p_z = W_z @ x + U_z @ h
  c_z = p_z - mean(p_z)
  z   = sigmoid(g_z * c_z / sqrt(mean(c_z * c_z) + 1e-5) + b_z)
  p_r = W_r @ x + U_r @ h
  c_r = p_r - mean(p_r)
  r   = sigmoid(g_r * c_r / sqrt(mean(c_r * c_r) + 1e-5) + b_r)
  p_n = U_n @ h
  c_n = p_n - mean(p_n)
  n   = tanh(W_n @ x + r * (g_n * c_n / sqrt(mean(c_n * c_n) + 1e-5) + b_n))
  h'  = (1 - z) * n + z * h
  layout plain
    weight_ih = [W_z; W_r; W_n]   weight_hh = [U_z; U_r; U_n]
    gain      = [g_z; g_r; g_n]   bias      = [b_z; b_r; b_n]
`;

/** GRU-D: values that are missing decay to their mean. Z. Che et al., "RNNs for Multivariate Time Series", 2018. */
export const gruD: Cell = cell`
  gru_d(x[I], m[I], dt[I], last[I], h[H]) -> h', last'
  last' = m * x + (1 - m) * last                 # last value that was observed
  k  = exp(-max(0, w * dt + v))                  # decay of the inputs, of a diagonal matrix
  s  = m * x + (1 - m) * (k * last + (1 - k) * average)
  d  = exp(-max(0, W_d @ dt + b_d)) * h          # the decayed state
  z  = sigmoid(W_z @ s + U_z @ d + V_z @ m + b_z)
  r  = sigmoid(W_r @ s + U_r @ d + V_r @ m + b_r)
  n  = tanh(W_n @ s + U_n @ (r * d) + V_n @ m + b_n)
  h' = (1 - z) * d + z * n
  layout plain
    weight_ih = [W_z; W_r; W_n]   weight_hh = [U_z; U_r; U_n]   weight_mh = [V_z; V_r; V_n]
    bias = [b_z; b_r; b_n]   weight_dh = [W_d]   bias_dh = [b_d]   decay = [w; v; average]
`;

/** sLSTM: exponential gates with a normaliser and a stabiliser. M. Beck et al., "xLSTM", 2024, one head. */
export const sLstm: Cell = cell`
  slstm(x[I], h[H], c[H], n[H], m[H]) -> h', c', n', m'
  a  = W_i @ x + R_i @ h + b_i                   # input gate, its logarithm
  l  = -softplus(-(W_f @ x + R_f @ h + b_f))     # forget gate, its logarithm
  o  = sigmoid(W_o @ x + R_o @ h + b_o)
  g  = tanh(W_g @ x + R_g @ h + b_g)
  m' = max(l + m, a)                             # stabiliser
  i  = exp(a - m')
  f  = exp(l + m - m')
  c' = f * c + i * g
  n' = f * n + i
  h' = o * c' / max(abs(n'), 1)
  layout plain
    weight_ih = [W_i; W_f; W_o; W_g]   weight_hh = [R_i; R_f; R_o; R_g]   bias = [b_i; b_f; b_o; b_g]
`;

/** RWKV-4's attention as a recurrence, with its stable logarithms. B. Peng et al., "RWKV", 2023. */
export const rwkv4: Cell = cell`
  rwkv4(x[I], s[I], a[H], b[H], p[H]) -> y, s', a', b', p'
  k  = W_k @ (x * mu_k + s * (1 - mu_k))
  v  = W_v @ (x * mu_v + s * (1 - mu_v))
  r  = sigmoid(W_r @ (x * mu_r + s * (1 - mu_r)))
  q  = max(p, u + k)
  y[I] = W_o @ (r * (exp(p - q) * a + exp(u + k - q) * v) / (exp(p - q) * b + exp(u + k - q)))
  p' = max(p - exp(w), k)
  a' = exp(p - exp(w) - p') * a + exp(k - p') * v
  b' = exp(p - exp(w) - p') * b + exp(k - p')
  s' = x
  layout plain
    time_mix = [mu_k; mu_v; mu_r]   time_decay = [w]   time_first = [u]
    key = [W_k]   value = [W_v]   receptance = [W_r]   output = [W_o]
`;

/**
 * A causal convolution over the last steps as a cell that remembers their inputs: torch.nn.Conv1d's weight
 * [O, I, kernelSize] lies as [O, kernelSize * I] here, the oldest step first.
 */
export function causalConv1d(kernelSize: number): Cell {
  const states = Array.from({ length: kernelSize - 1 }, (_, index) => `x_${kernelSize - 1 - index}`);
  const shift = states.map((name, index) => `${name}' = ${states[index + 1] ?? 'x'}`);
  return defineCell(`
    causal_conv1d_${kernelSize}(${['x', ...states].map((name) => `${name}[I]`).join(', ')}) -> ${['y', ...states.map((name) => `${name}'`)].join(', ')}
    y[O] = W @ [${[...states, 'x'].join('; ')}] + b
    ${shift.join('\n    ')}
    layout plain
      weight = [W]   bias = [b]
  `);
}

/** Cells from papers, and layers of networks. */
export const papers: readonly Cell[] = [
  linear,
  indRnn,
  mgu,
  lightGru,
  layerNormGru,
  sru,
  peepholeLstm,
  gruD,
  sLstm,
  rwkv4,
  causalConv1d(3),
];
