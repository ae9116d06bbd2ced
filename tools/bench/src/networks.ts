import { type Cell, cell, gru } from '@congruent/spec';

/** torch.nn.Linear, its dimensions called like those of a layer. */
export const linear: Cell = cell`
  linear(x[I]) -> y

  y[H] = W @ x + b

  layout torch
    weight = [W]   bias = [b]
`;

/** Two layers, one upon the other, and a linear one back to the width of the input. */
export const network: Cell = cell`
  network(x[I]) -> fc

  g1[H] = ${gru}(x)
  g2[H] = ${gru}(g1)
  fc[I] = ${linear}(g2)
`;
