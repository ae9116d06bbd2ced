import type { Backend } from '@congruent/runtime';
import { instantiate, instantiateSync } from './compile.ts';
import { type Buffer, WasmEngine } from './engine.ts';
import { signature } from './generated/gru.ts';
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
export const wasm: Backend<'sync', Buffer> = {
  name: 'wasm',
  mode: 'sync',
  supports: { sync: true, float64: true, training: false, deterministic: true, relaxed: hasRelaxed() },
  options: ['math'],
  signature,
  async open(options) {
    const bytes = await load(variantFor(options), inference);
    return new WasmEngine(await instantiate(bytes), signature, options.dtype);
  },
  openSync(options) {
    return new WasmEngine(instantiateSync(loadSync(variantFor(options))), signature, options.dtype);
  },
};
