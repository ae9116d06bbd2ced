import { cell, defineCell } from '@congruent/spec';

export const minGru = cell`
  min_gru(x[I], h[H]) -> h'

  z  = sigmoid(W_z @ x + b_z)
  n  = W_n @ x + b_n
  h' = (1 - z) * h + z * n

  layout torch
    weight = [W_z; W_n]   bias = [b_z; b_n]
`;

// Two states, and an output that is none.
export default defineCell(`
  averages(x[I], fast[I], slow[I]) -> y, fast', slow'

  fast' = 0.5 * fast + 0.5 * x
  slow' = 0.9 * slow + 0.1 * x
  y[O]  = W @ (fast' - slow')

  layout plain
    weight = [W]
`);
