import { type Cell, defineCell } from '@congruent/spec';
import { called } from './catalogue.ts';

/**
 * The cell that a reader has typed; it may call the cells of the catalogue by name, `${gru}(x)`.
 *
 * @throws SpecError where it is none
 */
export const cellOfText = (text: string): Cell => defineCell(text, called);
