import { type Cell, cell, gru } from '@congruent/spec';
import { unusual } from '../../codegen/test/cells.ts';

const lstm = cell`
  lstm(x[I], h[H], c[H]) -> h', c'
  i  = sigmoid(W_ii @ x + b_ii + W_hi @ h + b_hi)
  f  = sigmoid(W_if @ x + b_if + W_hf @ h + b_hf)
  g  = tanh(W_ig @ x + b_ig + W_hg @ h + b_hg)
  o  = sigmoid(W_io @ x + b_io + W_ho @ h + b_ho)
  c' = f * c + i * g
  h' = o * tanh(c')
  layout torch
    weight_ih = [W_ii; W_if; W_ig; W_io]   weight_hh = [W_hi; W_hf; W_hg; W_ho]
    bias_ih   = [b_ii; b_if; b_ig; b_io]   bias_hh   = [b_hi; b_hf; b_hg; b_ho]
`;

const resetBefore = cell`
  reset_before(x[I], h[H]) -> h'
  r  = sigmoid(W_ir @ x + b_r + W_hr @ h)
  z  = sigmoid(W_iz @ x + b_z + W_hz @ h)
  n  = tanh(W_in @ x + b_n + W_hn @ (r * h))
  h' = (1 - z) * n + z * h
  layout torch
    weight_ih = [W_ir; W_iz; W_in]   weight_hh = [W_hr; W_hz; W_hn]   bias = [b_r; b_z; b_n]
`;

const elementwise = cell`
  elementwise(x[H], h[H]) -> h'
  a  = sigmoid(d)
  h' = a * h + (1 - a) * tanh(x + h)
  layout torch
    decay = [d]
`;

/** The product of stage two reads c', and stage two still reads the old c: c may not be overwritten where it stands. */
const peephole = cell`
  peephole(x[I], h[H], c[H]) -> h', c'
  c' = tanh(W_c @ x + U_c @ h + c)
  o  = sigmoid(W_o @ x + U_o @ h + P_o @ c')
  h' = o * tanh(c') - c + sigmoid(c) * sigmoid(h)
  layout torch
    weight_ih = [W_c; W_o]   weight_hh = [U_c; U_o; P_o]
`;

const NAMES = [
  'input_kept_for_one_step',
  'next_state_is_a_product_of_inputs',
  'next_state_is_a_parameter',
  'old_state_read_after_the_new_one',
  'names_of_its_own',
];

/** Matrices and vectors that are read in two places, a value recorded before the loop, and a state that is copied. */
const twoWays = cell`
  two_ways(x[I], h[H], c[H]) -> h', c'
  g  = tanh(W @ x + b)
  s  = sigmoid(a)
  h' = tanh(V @ h + V @ (g * h) + W @ x + b * c) * s
  c' = h
  layout torch
    weight_ih = [W]   weight_hh = [V]   bias = [b; a]
`;

/** What the tests put through the emitter. */
export const cells: readonly Cell[] = [
  gru,
  lstm,
  resetBefore,
  elementwise,
  peephole,
  twoWays,
  ...unusual.filter(({ name }) => NAMES.includes(name)),
];
