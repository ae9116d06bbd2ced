// What the code that is generated of a cell imports: the kernels, and the classes over them.
import type * as runtime from '@congruent/runtime';
import { defineCell, defineLayer } from '@congruent/runtime';
import { type GpuOptions, gpuBackend } from './backend.ts';
import type { Generated } from './cell.ts';

export type { GpuBackward, GpuKernels, GpuPass } from './cell.ts';
export { concatenate, interleave, multiply, outer, pow2, stack } from './host.ts';

/** The class of the layers of a cell of one's own. `N`: what the cell calls its operands, results and sizes. */
export type LayerClass<N extends runtime.OwnNames> = runtime.LayerClass<N, 'async', GpuOptions>;

/** The class of single steps of such a cell. */
export type CellClass<N extends runtime.OwnNames> = runtime.CellClass<N, 'async', GpuOptions>;

/**
 * The class of the layers of a cell.
 *
 * @param generated  what the main file that is generated of the cell exports
 * @param name       of the class, as messages say it
 */
export const layerClass = <N extends runtime.OwnNames>(generated: Generated, name: string): LayerClass<N> =>
  defineLayer(gpuBackend(generated), name);

/** The class of single steps of a cell; parameters as of `layerClass`. */
export const cellClass = <N extends runtime.OwnNames>(generated: Generated, name: string): CellClass<N> =>
  defineCell(gpuBackend(generated), name);
