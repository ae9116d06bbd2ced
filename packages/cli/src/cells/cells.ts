import * as spec from '@congruent/spec';
import { cells as all } from '@congruent/spec/catalogue';

/** Cells are plain data, so those of another copy of @congruent/spec are cells, too. */
export const isCell = (value: unknown): value is spec.Cell =>
  typeof value === 'object' &&
  value !== null &&
  ['name', 'source', 'equations', 'layouts'].every((key) => key in value);

/** The cells that backends have: those that @congruent/spec exports. */
export const cells: readonly spec.Cell[] = Object.values(spec).filter(isCell);

/** The others of the catalogue, which the compiler and every emitter are tested with. */
export const catalogue: readonly spec.Cell[] = all.filter((cell) => !cells.includes(cell));
