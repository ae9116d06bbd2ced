// What the code that is generated of a cell imports: the classes over its addon.
import type * as runtime from '@congruent/runtime';
import { defineCell, defineLayer } from '@congruent/runtime';
import { type Cell, type NativeOptions, nativeBackend } from './backend.ts';
import { cellAddon } from './load.ts';

/** What the main file that is generated of a cell exports. */
export interface Generated extends Cell {
  /** Where it is: the addon lies beside it, as `<cell>.<platform>-<arch>.node`. */
  readonly address: string;
}

/** The class of the layers of a cell of one's own. `N`: what the cell calls its operands, results and sizes. */
export type LayerClass<N extends runtime.OwnNames> = runtime.LayerClass<N, 'sync', NativeOptions>;

/** The class of single steps of such a cell. */
export type CellClass<N extends runtime.OwnNames> = runtime.CellClass<N, 'sync', NativeOptions>;

const ownBackend = (generated: Generated): runtime.Backend<'sync', runtime.FloatArray> =>
  nativeBackend(cellAddon(generated.signature.name, generated.address), generated);

/**
 * The class of the layers of a cell.
 *
 * @param generated  what the main file that is generated of the cell exports
 * @param name       of the class, as messages say it
 * @throws CongruentError NATIVE_UNAVAILABLE where its addon is not there, or not for this platform
 */
export const layerClass = <N extends runtime.OwnNames>(generated: Generated, name: string): LayerClass<N> =>
  defineLayer(ownBackend(generated), name);

/** The class of single steps of a cell; parameters as of `layerClass`. */
export const cellClass = <N extends runtime.OwnNames>(generated: Generated, name: string): CellClass<N> =>
  defineCell(ownBackend(generated), name);
