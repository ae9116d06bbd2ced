import { type Cell, lstm, lstmProjected } from '@congruent/spec';

/** Cells that a class of torch's runs in the place of another, where a file has a tensor that only they have. */
const VARIANTS: readonly { readonly of: Cell; readonly tensor: string; readonly cell: Cell }[] = [
  { of: lstm, tensor: 'weight_hr', cell: lstmProjected },
];

/** What runs the layer whose tensors have these names: the cell, or the variant of it that has them all. */
export const variantOf = (cell: Cell, names: readonly string[]): Cell =>
  VARIANTS.find(({ of, tensor }) => of === cell && names.includes(`${tensor}_l0`))?.cell ?? cell;
