import type * as runtime from '@congruent/runtime';
import { arrayMemory, defineCell, defineLayer, hostBackend, hostTraining } from '@congruent/runtime';

/** What the emitter makes of a cell. */
export type Generated = typeof import('./generated/gru.ts');

export const arrays = ({ signature, ...kernels }: Generated): runtime.Backend<'sync', runtime.FloatArray> =>
  hostBackend<runtime.FloatArray>({
    name: '__name__',
    supports: { float64: true, deterministic: false },
    signature,
    kernels: ({ dtype }) => ({
      ...kernels,
      memory: arrayMemory(dtype),
      backward: { ...kernels, save: (value) => value, restore: (saved) => saved as runtime.FloatArray },
    }),
    training: hostTraining,
  });

export type LayerClass<N extends runtime.OwnNames> = runtime.LayerClass<N, 'sync'>;
export type CellClass<N extends runtime.OwnNames> = runtime.CellClass<N, 'sync'>;

export const layerClass = <N extends runtime.OwnNames>(generated: Generated, name: string): LayerClass<N> =>
  defineLayer(arrays(generated), name);
export const cellClass = <N extends runtime.OwnNames>(generated: Generated, name: string): CellClass<N> =>
  defineCell(arrays(generated), name);
