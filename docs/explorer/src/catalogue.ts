import { type Cell, gru, gruResetBefore, lstm, lstmProjected, rnnRelu, rnnTanh } from '@congruent/spec';
import { cells, convolution, encoder, minGru, networks, papers } from '@congruent/spec/catalogue';

/** Cells that the menu shows together. */
interface Group {
  readonly title: string;
  readonly cells: readonly Cell[];
}

const classes = [gru, gruResetBefore, lstm, lstmProjected, rnnTanh, rnnRelu];
const shown: readonly Group[] = [
  { title: 'Cells of the classes', cells: classes },
  { title: 'Cells of papers', cells: [minGru, ...papers] },
  { title: 'Networks', cells: [...networks, encoder, convolution] },
];
const known = new Set(shown.flatMap((group) => group.cells));

/** Every cell of the catalogue, in the order of the menu. */
export const groups: readonly Group[] = [
  ...shown,
  { title: 'Corner cases', cells: cells.filter((cell) => !known.has(cell)) },
];

const byName: ReadonlyMap<string, Cell> = new Map(
  groups.flatMap((group) => group.cells.map((cell) => [cell.name, cell] as const)),
);

/** What a text can call, as `${gru}(x)`, by name. */
export const called: Readonly<Record<string, Cell>> = Object.fromEntries(byName);

/** The text of a cell of the catalogue. */
export const sourceOf = (name: string): string | undefined => byName.get(name)?.source;

/** The name of the cell of the catalogue that has this text. */
export function nameOf(text: string): string | undefined {
  const wanted = text.trimEnd();
  return [...byName.values()].find(({ source }) => source === wanted)?.name;
}
