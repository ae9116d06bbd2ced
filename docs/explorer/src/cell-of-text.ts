import { type Cell, defineCell } from '@congruent/spec';

/** Cells that a text can call, as `${gru}(x)`, by the names that menus show. */
const CALLED: Readonly<Record<string, Cell>> = {};

/**
 * The cell that a reader has typed.
 *
 * @throws SpecError where it is none
 */
export const cellOfText = (text: string): Cell => defineCell(text, CALLED);
