import { faults } from './catalogue-faults.ts';
import { withFunctions } from './catalogue-functions.ts';
import { networks } from './catalogue-networks.ts';
import { notation } from './catalogue-notation.ts';
import { outputs } from './catalogue-outputs.ts';
import { papers } from './catalogue-papers.ts';
import { type Cell, cell } from './cell.ts';
import { gru } from './cells/gru.ts';
import { gruResetBefore } from './cells/gru_reset_before.ts';
import { lstm } from './cells/lstm.ts';
import { lstmProjected } from './cells/lstm_projected.ts';
import { rnnRelu } from './cells/rnn_relu.ts';
import { rnnTanh } from './cells/rnn_tanh.ts';

export * from './catalogue-faults.ts';
export * from './catalogue-networks.ts';
export * from './catalogue-papers.ts';

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

/** Tensors that no kernel takes as they are. */
export const packed: Cell = cell`
  packed(x[I], h[H]) -> h'

  g  = sigmoid(V @ x + U @ h + a)
  h' = tanh(W @ x + b) * g + (1 - g) * h

  layout keras
    kernel = [V; W]^T   recurrent = [U]^T   bias = [a | b]^T
  layout plain
    all = [[W | b]; [V | a]]   U = [U]
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
    next_state_of_parameters_that_is_read(x[H], h[H], d[H]) -> h', d'
    d' = sigmoid(p)
    h' = tanh(h * d' + x) * d
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
    next_state_is_zero(x[H], h[H]) -> h'
    h' = 0 * (x + h)
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

/** No product with the state: what the gradients need is recorded before the loop. */
export const minGru: Cell = cell`
  min_gru(x[I], h[H]) -> h'

  z  = sigmoid(W_z @ x + b_z)
  n  = W_h @ x + b_h
  h' = (1 - z) * h + z * n

  layout plain
    weight = [W_z; W_h]   bias = [b_z; b_h]
`;

/** An output that is no state, a product that no step waits for. */
export const linearRecurrence: Cell = cell`
  linear_recurrence(x[I], h[H]) -> y, h'

  h'   = a * h + B @ x
  y[O] = C @ h' + D @ x

  layout plain
    A = [a]   B = [B]   C = [C]   D = [D]
`;

/** Two inputs of different sizes. */
export const twoInputs: Cell = cell`
  two_inputs(x[I], m[M], h[H]) -> h'

  g  = sigmoid(V @ m + b)
  h' = tanh(W @ x + U @ h) * g + (1 - g) * h

  layout plain
    W = [W]   V = [V]   U = [U]   b = [b]
`;

/** Two loops over time with products over all rows between them. */
export const stacked: Cell = cell`
  stacked(x[I], h[H], g[G]) -> y, h', g'

  h' = tanh(W @ x + U @ h + a)
  s  = sigmoid(V @ h' + b)
  g' = tanh(s * g + P @ g) + g
  y[O] = C @ g' + D @ h'

  layout plain
    W = [W]   U = [U]   a = [a]   V = [V]   b = [b]   P = [P]   C = [C]   D = [D]
`;

/** The catalogue that emitters are tested with. */
export const cells: readonly Cell[] = [
  gru,
  lstm,
  gruResetBefore,
  elementwise,
  gate,
  peephole,
  twoWays,
  packed,
  lstmProjected,
  rnnTanh,
  rnnRelu,
  minGru,
  linearRecurrence,
  twoInputs,
  stacked,
  ...faults,
  ...unusual,
  ...outputs,
  ...networks,
  ...notation,
  ...papers,
  ...withFunctions,
];
