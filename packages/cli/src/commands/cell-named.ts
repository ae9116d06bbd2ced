import type { Cell } from '@congruent/spec';
import { namesFile, namesOf, readCells } from '../cells/cell-file.ts';
import { catalogue, cells } from '../cells/cells.ts';
import { UsageError } from './usage.ts';

/** What a word may be where a cell is asked for. */
const KNOWN = `${namesOf(cells)}, those of @congruent/spec/catalogue, and FILE#CELL for one of your own`;

/** The cell that a word of the command line names. */
export async function cellNamed(word: string): Promise<Cell> {
  if (!namesFile(word)) {
    const known = [...cells, ...catalogue].find(({ name }) => name === word);
    if (!known) throw new UsageError(`there is no cell ${word}. There are: ${KNOWN}`);
    return known;
  }
  const [cell, ...others] = (await readCells(word)).cells;
  if (others.length === 0) return cell!;
  throw new UsageError(`${word} exports ${namesOf([cell!, ...others])}. Name one of them: ${word}#${cell!.name}`);
}
