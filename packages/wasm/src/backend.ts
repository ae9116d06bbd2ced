import type { HostTarget } from '@congruent/runtime';
import { instantiate, instantiateSync } from './compile.ts';
import { signature } from './generated/gru.ts';
import type { Buffer } from './heap.ts';
import { inferenceKernels } from './kernels.ts';
import { hasRelaxed, inference, load, loadSync, variantFor } from './modules.ts';

/** What `create` and `createSync` take beside torch's options. */
export interface WasmOptions {
  /**
   * `exact`: the specified bits in every engine. `relaxed`: products are added with fused multiply-add where the
   * processor has it, which is faster and may give other bits from one machine to the next. Default: `exact`.
   */
  readonly math?: 'exact' | 'relaxed' | undefined;
}

/** WebAssembly without gradients. */
export const wasm: HostTarget<Buffer> = {
  name: 'wasm',
  supports: { float64: true, deterministic: true, relaxed: hasRelaxed() },
  options: ['math'],
  signature,
  kernels: (options) => inferenceKernels(instantiateSync(loadSync(variantFor(options))), options.dtype),
  load: async (options) =>
    inferenceKernels(await instantiate(await load(variantFor(options), inference)), options.dtype),
};
