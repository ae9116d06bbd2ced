import {
  type BackendInfo,
  type DefinedBackend,
  defineBackend,
  type GRUCellClass,
  type GRUClass,
} from '@congruent/runtime';
import { type WasmOptions, wasm } from './backend.ts';
import type { Buffer } from './engine.ts';

export * from '@congruent/runtime/public';
export type { WasmOptions } from './backend.ts';

const defined: DefinedBackend<'sync', WasmOptions> = defineBackend<'sync', Buffer, WasmOptions>(wasm);

/** torch.nn.GRU in WebAssembly SIMD, without gradients. */
export const GRU: GRUClass<'sync', WasmOptions> = defined.GRU;

/** torch.nn.GRUCell in WebAssembly SIMD, without gradients. */
export const GRUCell: GRUCellClass<'sync', WasmOptions> = defined.GRUCell;

/** The backend's name and what it supports. */
export const backend: BackendInfo = defined.backend;
