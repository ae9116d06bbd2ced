import type { Mode } from '../backend/engine.ts';
import type { CommonOptions, LayerOptions } from '../options/options.ts';
import type { RecurrentCell } from './cell.ts';
import type { RecurrentLayer } from './layer.ts';
import type { ModuleClass } from './module.ts';
import type { CellNames } from './names.ts';

/** What a user's own cell calls its operands, its results and its sizes. */
export interface OwnNames extends CellNames {
  /** The names of its dimensions, `never` where all sizes are numbers. */
  readonly sizes: string;
}

/** The sizes of a cell by the names of its dimensions; none need be given where all are numbers. */
type Sizes<N extends OwnNames> = [N['sizes']] extends [never]
  ? { readonly sizes?: Readonly<Record<string, never>> | undefined }
  : { readonly sizes: { readonly [K in N['sizes']]: number } };

/** What `create` of a user's own cell takes. */
export type OwnLayerOptions<N extends OwnNames> = Sizes<N> & LayerOptions;
export type OwnCellOptions<N extends OwnNames> = Sizes<N> & CommonOptions;

/** The layers of a user's own cell. */
export interface OwnLayer<N extends OwnNames, M extends Mode = Mode, O = unknown>
  extends RecurrentLayer<N, OwnLayerOptions<N> & O, M> {}

/** One step of a user's own cell. */
export interface OwnCell<N extends OwnNames, M extends Mode = Mode, O = unknown>
  extends RecurrentCell<N, OwnCellOptions<N> & O, M> {}

/**
 * The class of the layers of a user's own cell. `O`: the backend's own options.
 *
 * @example
 * type MinGru = LayerClass<{ inputs: ['x']; states: ['h']; outputs: ['h']; sizes: 'I' | 'H' }, 'sync'>;
 */
export interface LayerClass<N extends OwnNames, M extends Mode = Mode, O = unknown>
  extends ModuleClass<OwnLayer<N, M, O>, OwnLayerOptions<N> & O> {}

/** The class of single steps of a user's own cell. */
export interface CellClass<N extends OwnNames, M extends Mode = Mode, O = unknown>
  extends ModuleClass<OwnCell<N, M, O>, OwnCellOptions<N> & O> {}
