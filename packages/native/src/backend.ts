import {
  type Backend,
  type CellLayouts,
  type CellSignature,
  type FloatArray,
  hints,
  hostBackend,
  hostTraining,
  layoutsOf,
  MATH,
  THREADS,
} from '@congruent/runtime';
import type { Addon } from './addon.ts';
import { nativeKernels } from './kernels.ts';
import { hasRelaxed, variantFor } from './variant.ts';

/** What `create` and `createSync` take beside torch's options. */
export interface NativeOptions {
  /**
   * `exact`: the specified bits on every processor. `relaxed`: products are added with fused multiply-add, which may be faster
   * and gives other bits than other processors. Default: `exact`.
   */
  readonly math?: 'exact' | 'relaxed' | undefined;
  /**
   * Threads that share the work of a call, 1 to 256: the rows of a batch, and the directions of a layer. Results have the same
   * bits with any number of threads. Default: 1.
   */
  readonly threads?: number | undefined;
}

/** What is generated of a cell. */
export interface Cell {
  readonly signature: CellSignature;
  readonly layouts: CellLayouts;
}

/** What holds of every cell. */
export const about = (addon: Addon): Pick<Backend, 'name' | 'supports' | 'options'> => ({
  name: 'native',
  supports: { sync: true, float64: true, training: true, deterministic: true, relaxed: hasRelaxed(addon) },
  options: { math: MATH, threads: THREADS },
});

/** A cell in an addon. */
export const nativeBackend = (addon: Addon, { signature, layouts }: Cell): Backend<'sync', FloatArray> =>
  hostBackend({
    ...about(addon),
    signature,
    layouts: layoutsOf(layouts),
    hints,
    kernels: (options) =>
      nativeKernels(addon, signature, options.dtype, variantFor(addon, options), (options['threads'] ?? 1) as number),
    training: hostTraining,
  });
