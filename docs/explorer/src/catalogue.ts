import { type Cell, gru, gruResetBefore, lstm, lstmProjected, rnnRelu, rnnTanh } from '@congruent/spec';
import { cells, convolution, encoder, minGru, networks, papers } from '@congruent/spec/catalogue';

const classes = [gru, gruResetBefore, lstm, lstmProjected, rnnTanh, rnnRelu];
const shown = [
  { title: 'Cells of the classes', cells: classes },
  { title: 'Cells of papers', cells: [minGru, ...papers] },
  { title: 'Networks', cells: [...networks, encoder, convolution] },
];
const known = new Set(shown.flatMap((group) => group.cells));

/** Every cell of the catalogue, in the order of the menu. */
export const groups: readonly { readonly title: string; readonly cells: readonly Cell[] }[] = [
  ...shown,
  { title: 'Corner cases', cells: cells.filter((cell) => !known.has(cell)) },
];

/** What a text can call, as `${gru}(x)`, by name. */
export const called: Readonly<Record<string, Cell>> = Object.fromEntries(
  groups.flatMap((group) => group.cells.map((cell) => [cell.name, cell] as const)),
);
