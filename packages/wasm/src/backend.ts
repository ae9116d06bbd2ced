import { type Backend, hostBackend, MATH, type Rule } from '@congruent/runtime';
import { instantiate, instantiateSync } from './compile.ts';
import type { Buffer } from './heap.ts';
import { inferenceKernels } from './kernels.ts';
import { type Cell, type CompiledModules, hasRelaxed, load, loadSync } from './modules.ts';

/** What `create` and `createSync` take beside torch's options. */
export interface WasmOptions {
  /**
   * `exact`: the specified bits in every engine. `relaxed`: products are added with fused multiply-add where the
   * processor has it, which is faster and may give other bits from one machine to the next. Default: `exact`.
   */
  readonly math?: 'exact' | 'relaxed' | undefined;
  /**
   * Compiled modules, for engines that compile no bytes, such as Cloudflare's workerd, where importing a `.wasm` file gives
   * one: `@congruent/wasm/modules/gru.float32.inference.wasm`, and for gradients `gru.float32.training.wasm`, or those of
   * another cell, element type and kind of arithmetic. Default: they are compiled from bytes that the package has.
   */
  readonly modules?: CompiledModules | undefined;
}

/** The module that is asked for says whether it is one. */
const MODULES: Rule = { fallback: {}, accepts: (value) => Object(value) === value, expected: 'an object' };

/** What holds of every cell. */
export const about = (training: boolean): Pick<Backend, 'name' | 'supports' | 'options'> => ({
  name: 'wasm',
  supports: { sync: true, float64: true, training, deterministic: true, relaxed: hasRelaxed() },
  options: { math: MATH, modules: MODULES },
});

/** A cell in WebAssembly, without gradients. */
export const inferenceBackend = (cell: Cell<'inference'>): Backend<'sync', Buffer> =>
  hostBackend({
    ...about(false),
    signature: cell.signature,
    kernels: (options) => {
      const module = instantiateSync(loadSync(cell, 'inference', options));
      return inferenceKernels(module, options.dtype);
    },
    load: async (options) => {
      const module = await instantiate(await load(cell, 'inference', options));
      return inferenceKernels(module, options.dtype);
    },
  });
