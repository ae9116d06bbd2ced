import type { Cell } from './checked-cell.ts';
import { SpecError } from './error.ts';
import { freshName } from './names.ts';

/** The text of a template, and the cells that it calls, by the names that they have there. */
export interface Interpolated {
  readonly text: string;
  readonly cells: Readonly<Record<string, Cell>>;
}

/**
 * A template as notation: a cell becomes `${name}`, a number is inserted. Cells of one name are told apart by a number.
 *
 * @throws SPEC_SYNTAX for anything else
 */
export function interpolate(strings: readonly string[], values: readonly unknown[]): Interpolated {
  const cells = new Map<Cell, string>();
  const taken = new Set<string>();
  const nameOf = (cell: Cell): string => {
    const name = cells.get(cell) ?? freshName(cell.name, taken);
    cells.set(cell, name);
    return name;
  };
  let text = strings[0] ?? '';
  for (const [index, value] of values.entries()) {
    if (typeof value === 'number' && Number.isFinite(value)) text += numeral(value);
    else if (isCell(value)) text += `\${${nameOf(value)}}`;
    else refuse(text, value);
    text += strings[index + 1] ?? '';
  }
  return { text, cells: Object.fromEntries([...cells].map(([cell, name]) => [name, cell])) };
}

/** Whether a value is what `cell` and `defineCell` give, of whatever copy of this package. */
export function isCell(value: unknown): value is Cell {
  if (typeof value !== 'object' || value === null) return false;
  const { name, equations, instances } = value as Partial<Cell>;
  return typeof name === 'string' && Array.isArray(equations) && Array.isArray(instances);
}

/** In parentheses where it has a sign, which would take in a product that follows. */
const numeral = (value: number): string => (value < 0 || Object.is(value, -0) ? `(-${-value})` : `${value}`);

function refuse(before: string, value: unknown): never {
  const hole = '${…}';
  const problem = `what is interpolated is neither a cell nor a finite number, but ${String(value)}`;
  const span = { start: before.length, end: before.length + hole.length };
  const remedy =
    'Interpolate a cell, `y = ${gru}(x)`, or a number, `x[${64}]`; other text goes through defineCell(text).';
  throw new SpecError('SPEC_SYNTAX', before + hole, span, problem, remedy);
}
