import type { Cell } from '@congruent/spec';
import { namesFile, namesOf, readCells } from '../cells/cell-file.ts';
import { catalogue, cells } from '../cells/cells.ts';
import { UsageError } from './usage.ts';

/** What a word may be where a cell is asked for. */
export const KNOWN: string = `${namesOf(cells)}; or of the catalogue: ${namesOf(catalogue)}; or of a file: FILE#CELL`;

/** The cell that a word of the command line names; undefined where there is none of that name. */
export async function cellNamed(word: string): Promise<Cell | undefined> {
  if (!namesFile(word)) return [...cells, ...catalogue].find(({ name }) => name === word);
  const [cell, ...others] = (await readCells(word)).cells;
  if (others.length === 0) return cell;
  throw new UsageError(`${word} exports ${namesOf([cell!, ...others])}. Name one of them: ${word}#${cell!.name}`);
}
