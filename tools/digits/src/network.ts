import { type Cell, cell, gru } from '@congruent/spec';
import { linear } from '@congruent/spec/catalogue';

/** The classifier with the GRU as one cell, whose parameters have the names that they have in a model's file. */
export const digits: Cell = cell`
  digits(x[8]) -> head

  gru[H]   = ${gru}(x)
  head[10] = ${linear}(gru)
`;
