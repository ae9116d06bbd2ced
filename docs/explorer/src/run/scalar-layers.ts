import { type Backend, defineLayer, type LayerClass, type OwnNames } from '@congruent/runtime';
import { gruCells, lstmCells, rnnCells } from '@congruent/scalar/cells';

const backends = { ...gruCells, ...lstmCells, ...rnnCells } as Readonly<Record<string, Backend<'sync', unknown>>>;

/** The layers of one of the classes' cells as @congruent/scalar has them, generated and published. */
export const scalarLayers = (name: string): LayerClass<OwnNames, 'sync'> =>
  defineLayer<OwnNames, 'sync'>(backends[name]!, name);
