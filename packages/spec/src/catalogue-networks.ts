import { linear, sru } from './catalogue-papers.ts';
import { type Cell, cell } from './cell.ts';
import { gru } from './cells/gru.ts';
import { lstmProjected } from './cells/lstm_projected.ts';

/** Two GRUs and a linear layer: the products of the second GRU are computed for all rows. */
export const twoGrus: Cell = cell`
  two_grus(x[I]) -> fc

  g1[H] = ${gru}(x)
  g2[G] = ${gru}(g1)
  fc[O] = ${linear}(g2)
`;

/** Equations of its own between calls, sums as operands, and two outputs, one of them the value of a call. */
export const residual: Cell = cell`
  residual(x[I], m[H]) -> vad, s2

  e[H]   = tanh(W @ x + b)                 # embedding
  s1     = ${sru}(e + m)
  s2     = ${sru}(s1 + e)
  vad[O] = sigmoid(P @ s2 + Q @ s1 + p)

  layout torch
    embed = [W]   embed_bias = [b]   head = [P; Q]   head_bias = [p]
`;

/** Two GRUs with a connection around the second. */
export const encoder: Cell = cell`
  encoder(x[I]) -> y

  g1[H] = ${gru}(x)
  g2[H] = ${gru}(g1)
  y     = g1 + g2
`;

/** A network that a network calls, beside a state of its own that a call computes. */
export const nested: Cell = cell`
  nested(x[I], h[H]) -> h'

  enc    = ${encoder}(x)
  u      = ${linear}(h)
  h'     = tanh(enc + u) * k

  layout torch
    scale = [k]
`;

/** A called cell in a loop over time that is not its own: what it gives comes back to it. */
export const feedback: Cell = cell`
  feedback(x[I], h[H]) -> h'

  g[H] = ${gru}(V @ x + h)
  h'   = ${linear}(g)

  layout torch
    input = [V]
`;

/** A delay line: a causal convolution of three steps, as states that move on. */
export const convolution: Cell = cell`
  convolution(x[I], a[I], b[I]) -> y, a', b'

  y[O] = tanh(W_0 @ x + W_1 @ a + W_2 @ b + c)
  a'   = x
  b'   = a

  layout torch
    weight = [W_0; W_1; W_2]   bias = [c]
`;

/** Convolutions before a recurrence, and an output that is a next state of a called cell. */
export const convolutional: Cell = cell`
  convolutional(x[I]) -> g, energy

  c1[4]  = ${convolution}(x)
  c2[5]  = ${convolution}(c1)
  g[H]   = ${gru}(c2)
  energy = tanh(c2) * c2
`;

/** A cell with a size that nothing outside says, `g.H`. */
export const projected: Cell = cell`
  projected(x[I]) -> fc

  g[P]  = ${lstmProjected}(x)
  fc[O] = ${linear}(g)
`;

/** Cells that call cells. */
export const networks: readonly Cell[] = [twoGrus, residual, nested, feedback, convolutional, projected];
