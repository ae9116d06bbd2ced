import { type Cell, cell } from '@congruent/spec';

enum Layout {
  Torch = 'torch',
}

/** A cell in TypeScript that Node would not run by itself. */
export const leaky: Cell = cell`
  leaky(x[I], h[H]) -> h'
  h' = 0.5 * h + 0.5 * tanh(W @ x + U @ h)
  layout torch
    weight_ih = [W]   weight_hh = [U]
`;

if (leaky.layouts[0]!.name !== Layout.Torch) throw new Error('no layout');
