import {
  type BackendInfo,
  type DefinedBackend,
  defineBackend,
  type GRUCellClass,
  type GRUClass,
} from '@congruent/runtime';
import { instantiate, instantiateSync } from './compile.ts';
import { type Buffer, WasmEngine } from './engine.ts';
import { signature } from './generated/gru.ts';
import { hasRelaxed, load, loadSync } from './modules.ts';

export * from '@congruent/runtime/public';

/** What `create` and `createSync` take beside torch's options. */
export interface WasmOptions {
  /**
   * `exact`: the specified bits in every engine. `relaxed`: products are added with fused multiply-add where the
   * processor has it, which is faster and may give other bits from one machine to the next. Default: `exact`.
   */
  readonly math?: 'exact' | 'relaxed' | undefined;
}

const defined: DefinedBackend<'sync', WasmOptions> = defineBackend<'sync', Buffer, WasmOptions>({
  name: 'wasm',
  mode: 'sync',
  supports: { sync: true, float64: true, training: false, deterministic: true, relaxed: hasRelaxed() },
  options: ['math'],
  signature,
  open: async (options) => new WasmEngine(await instantiate(await load(options)), signature, options.dtype),
  openSync: (options) => new WasmEngine(instantiateSync(loadSync(options)), signature, options.dtype),
});

/** torch.nn.GRU in WebAssembly SIMD. */
export const GRU: GRUClass<'sync', WasmOptions> = defined.GRU;

/** torch.nn.GRUCell in WebAssembly SIMD. */
export const GRUCell: GRUCellClass<'sync', WasmOptions> = defined.GRUCell;

/** The backend's name and what it supports. */
export const backend: BackendInfo = defined.backend;
