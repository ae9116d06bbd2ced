import {
  type BackendInfo,
  type DefinedBackend,
  defineBackend,
  type EngineOptions,
  type GRUCellClass,
  type GRUClass,
} from '@congruent/runtime';
import { instantiate, instantiateSync } from './compile.ts';
import { type Buffer, WasmEngine } from './engine.ts';
import { bytes as float32 } from './generated/gru.float32.ts';
import { bytes as float32Relaxed } from './generated/gru.float32.relaxed.ts';
import { bytes as float64 } from './generated/gru.float64.ts';
import { bytes as float64Relaxed } from './generated/gru.float64.relaxed.ts';
import { signature } from './generated/gru.ts';

export * from '@congruent/runtime/public';

const bytesFor = ({ dtype, math }: EngineOptions): string =>
  math === 'relaxed'
    ? { float32: float32Relaxed, float64: float64Relaxed }[dtype]
    : { float32, float64 }[dtype];

const defined: DefinedBackend<'sync'> = defineBackend<'sync', Buffer>({
  name: 'wasm',
  mode: 'sync',
  supports: { sync: true, float64: true, training: false, deterministic: true },
  options: ['math'],
  signature,
  open: async (options) => new WasmEngine(await instantiate(bytesFor(options)), signature, options.dtype),
  openSync: (options) => new WasmEngine(instantiateSync(bytesFor(options)), signature, options.dtype),
});

/** torch.nn.GRU in WebAssembly SIMD. */
export const GRU: GRUClass<'sync'> = defined.GRU;

/** torch.nn.GRUCell in WebAssembly SIMD. */
export const GRUCell: GRUCellClass<'sync'> = defined.GRUCell;

/** The backend's name and what it supports. */
export const backend: BackendInfo = defined.backend;
