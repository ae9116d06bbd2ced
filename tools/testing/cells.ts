import { type Cell, cell, gru } from '@congruent/spec';

/** The GRU of Cho et al. (2014): the reset gate acts on the state, before the recurrent product. */
export const resetBefore: Cell = cell`
  gru_reset_before(x[I], h[H]) -> h'

  r  = σ(W_ir @ x + b_ir + W_hr @ h + b_hr)            # reset gate
  z  = σ(W_iz @ x + b_iz + W_hz @ h + b_hz)            # update gate
  n  = tanh(W_in @ x + b_in + W_hn @ (r ⊙ h) + b_hn)   # candidate
  h' = (1 - z) ⊙ n + z ⊙ h                             # next state

  layout torch
    weight_ih = [W_ir; W_iz; W_in]   weight_hh = [W_hr; W_hz; W_hn]
    bias_ih   = [b_ir; b_iz; b_in]   bias_hh   = [b_hr; b_hz; b_hn]
`;

/** torch.nn.LSTM's cell. */
export const lstm: Cell = cell`
  lstm(x[I], h[H], c[H]) -> h', c'

  i  = sigmoid(W_ii @ x + b_ii + W_hi @ h + b_hi)   # input gate
  f  = sigmoid(W_if @ x + b_if + W_hf @ h + b_hf)   # forget gate
  g  = tanh(W_ig @ x + b_ig + W_hg @ h + b_hg)      # cell gate
  o  = sigmoid(W_io @ x + b_io + W_ho @ h + b_ho)   # output gate
  c' = f * c + i * g                                # next cell state
  h' = o * tanh(c')                                 # next hidden state

  layout torch
    weight_ih = [W_ii; W_if; W_ig; W_io]   weight_hh = [W_hi; W_hf; W_hg; W_ho]
    bias_ih   = [b_ii; b_if; b_ig; b_io]   bias_hh   = [b_hi; b_hf; b_hg; b_ho]
`;

/** A recurrence without any matrix product. */
export const elementwise: Cell = cell`
  elementwise(x[H], h[H]) -> h'

  a  = sigmoid(d)                        # how much to keep
  h' = a * h + (1 - a) * tanh(x)         # next state

  layout plain
    decay = [d]
`;

/** No product with the state, and an input that the steps read themselves. */
export const gate: Cell = cell`
  gate(x[H], h[H]) -> h'

  a  = sigmoid(x + d)
  h' = a * h + (1 - a) * tanh(x + h)

  layout plain
    decay = [d]
`;

/** The product of stage two reads c', and stage two still reads the old c: c may not be overwritten where it stands. */
export const peephole: Cell = cell`
  peephole(x[I], h[H], c[H]) -> h', c'

  c' = tanh(W_c @ x + U_c @ h + c)
  o  = sigmoid(W_o @ x + U_o @ h + P_o @ c')
  h' = o * tanh(c') - c + sigmoid(c) * sigmoid(h)

  layout plain
    weight_ih = [W_c; W_o]   weight_hh = [U_c; U_o; P_o]
`;

/** Matrices and vectors that are read in two places, a value recorded before the loop, and a state that is copied. */
export const twoWays: Cell = cell`
  two_ways(x[I], h[H], c[H]) -> h', c'

  g  = tanh(W @ x + b)
  h' = tanh(V @ h + V @ (g * h) + W @ x + b * c) * a
  c' = h

  layout plain
    weight_ih = [W]   weight_hh = [V]   bias = [b; a]
`;

/** Cells with one feature each that the GRU lacks. */
export const unusual: readonly Cell[] = [
  cell`
    input_kept_for_one_step(x[H], h[H], d[H]) -> h', d'
    h' = tanh(u * d + h)
    d' = x
    layout plain
      u = [u]
  `,
  cell`
    next_state_is_a_product_of_inputs(x[I], h[H], d[H]) -> h', d'
    d' = W @ x + b
    h' = tanh(h + d' * d)
    layout plain
      W = [W]  b = [b]
  `,
  cell`
    next_state_is_a_parameter(x[H], h[H], d[H]) -> h', d'
    d' = p
    h' = tanh(h + x * d)
    layout plain
      p = [p]
  `,
  cell`
    next_state_is_a_product_of_the_state(x[H], h[H], c[H]) -> h', c'
    h' = W @ h
    c' = x * c + h'
    layout plain
      W = [W]
  `,
  cell`
    old_state_read_after_the_new_one(x[I], h[H], c[H]) -> h', c'
    h' = tanh(W @ x + V @ h)
    c' = tanh(U @ h') + c * h
    layout plain
      W = [W]  V = [V]  U = [U]
  `,
  cell`
    products_of_products(x[I], h[H], g[G]) -> h', g'
    g' = V @ h + C @ x + g
    h' = tanh(W @ (S @ (C @ x + e)) + S @ (V @ h) + W @ (S @ g))
    layout plain
      V = [V]  C = [C]  e = [e]  W = [W]  S = [S]
  `,
  cell`
    product_of_parameters(x[H], h[H]) -> h'
    p  = W @ b
    h' = tanh(p * h + b * x)
    layout plain
      W = [W]  b = [b]
  `,
  cell`
    product_of_parameters_as_bias(x[I], h[H]) -> h'
    h' = tanh(W @ x + W @ b + h)
    layout plain
      W = [W]  b = [b]
  `,
  cell`
    function_of_a_parameter_inside(x[H], h[H]) -> h'
    h' = (1 - sigmoid(b)) * tanh(h) + x / (1 + tanh(tanh(b)))
    layout plain
      b = [b]
  `,
  cell`
    two_that_do_not_count(x[H], h[H], g[G]) -> h', g'
    h' = h + x + 0 * b
    g' = g + 0 * c
    layout plain
      b = [b]  c = [c]
  `,
  cell`
    input_that_does_not_count(x[I], h[H]) -> h'
    h' = tanh(W @ (0 * x) + b * h)
    layout plain
      W = [W]  b = [b]
  `,
  cell`
    numbers_among_vectors(x[H], h[H]) -> h'
    a2 = a + a
    k  = 1 + 1
    b2 = k * b / 3
    h' = h * a2 + b2 * x - k
    layout plain
      a = [a]  b = [b]
  `,
  cell`
    states_that_swap(x[H], a[H], b[H]) -> a', b'
    a' = b
    b' = -(a - x) / 2
  `,
  cell`
    names_of_its_own(x_h[H], h[H]) -> h'
    h_h  = W @ h
    x_h2 = W @ x_h + V @ h
    h'   = tanh(x_h2 - h_h) + W @ (x_h * h)
    layout plain
      W = [W]  V = [V]
  `,
];

const EMITTED = [
  'input_kept_for_one_step',
  'next_state_is_a_product_of_inputs',
  'next_state_is_a_parameter',
  'old_state_read_after_the_new_one',
  'names_of_its_own',
  'function_of_a_parameter_inside',
];

/** What emitters are tested with: all their vectors have I or H elements. */
export const cells: readonly Cell[] = [
  gru,
  lstm,
  resetBefore,
  elementwise,
  gate,
  peephole,
  twoWays,
  ...unusual.filter(({ name }) => EMITTED.includes(name)),
];
