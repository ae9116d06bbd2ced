// What the code that is generated of a cell imports: the kernels, and the classes over them.
import type * as runtime from '@congruent/runtime';
import { defineCell, defineLayer } from '@congruent/runtime';
import { scalarBackend } from './backend.ts';
import type { Generated } from './kernels.ts';

export { provide } from './backend.ts';
export type { CellKernels, Kernels } from './kernels.ts';

/** The class of the layers of a cell of one's own. `N`: what the cell calls its operands, results and sizes. */
export type LayerClass<N extends runtime.OwnNames> = runtime.LayerClass<N, 'sync'>;

/** The class of single steps of such a cell. */
export type CellClass<N extends runtime.OwnNames> = runtime.CellClass<N, 'sync'>;

/**
 * The class of the layers of a cell.
 *
 * @param generated  what the main file that is generated of the cell exports
 * @param name       of the class, as messages say it
 */
export const layerClass = <N extends runtime.OwnNames>(generated: Generated, name: string): LayerClass<N> =>
  defineLayer(scalarBackend(generated), name);

/** The class of single steps of a cell; parameters as of `layerClass`. */
export const cellClass = <N extends runtime.OwnNames>(generated: Generated, name: string): CellClass<N> =>
  defineCell(scalarBackend(generated), name);
