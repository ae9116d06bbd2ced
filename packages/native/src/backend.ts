import {
  type Backend,
  type CellLayouts,
  type CellSignature,
  CongruentError,
  describe,
  type EngineOptions,
  type FloatArray,
  hints,
  hostBackend,
  hostTraining,
  layoutsOf,
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
  options: ['math', 'threads'],
});

/** A cell in an addon. */
export const nativeBackend = (addon: Addon, { signature, layouts }: Cell): Backend<'sync', FloatArray> =>
  hostBackend({
    ...about(addon),
    signature,
    layouts: layoutsOf(layouts),
    hints,
    kernels: (options) =>
      nativeKernels(addon, signature, options.dtype, variantFor(addon, options), threadsOf(options)),
    training: hostTraining,
  });

const MOST_THREADS = 256;

function threadsOf({ threads = 1 }: EngineOptions): number {
  const count = threads as number;
  if (Number.isInteger(count) && count >= 1 && count <= MOST_THREADS) return count;
  throw new CongruentError(
    'CONGRUENT_OPTION',
    `create: Option threads must be an integer from 1 to ${MOST_THREADS}, got ${describe(threads)}.`,
  );
}
