import { type Cell, cell, gru } from '@congruent/spec';

const linear: Cell = cell`
  linear(x[I]) -> y

  y[O] = W @ x + b

  layout torch
    weight = [W]   bias = [b]
`;

/** The network of GuitarML's models with `skip: 1`: one step is one sample. Names are those of their state dicts. */
export const amp: Cell = cell`
  amp(x[1]) -> y

  rec[H] = ${gru}(x)         # torch.nn.GRU
  lin[1] = ${linear}(rec)    # torch.nn.Linear
  y      = lin + x           # the string, and what is added
`;
