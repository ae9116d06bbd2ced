import type { Cell } from '@congruent/spec';

/** `min_gru` is `MinGru`. */
export const classOf = (cell: Cell): string =>
  cell.name
    .split('_')
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join('');

/** That of its single step: `MinGruCell`. */
export const cellClassOf = (cell: Cell): string => `${classOf(cell)}Cell`;
