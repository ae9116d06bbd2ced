import {
  type BackendInfo,
  backendInfo,
  defineGRU,
  defineGRUCell,
  type GRUCellClass,
  type GRUClass,
  hostBackend,
} from '@congruent/runtime';
import { wasm as target, type WasmOptions } from './backend.ts';

export * from '@congruent/runtime/public';
export type { WasmOptions } from './backend.ts';

const wasm = /* @__PURE__ */ hostBackend(target);

/** torch.nn.GRU in WebAssembly SIMD, without gradients. */
export const GRU: GRUClass<'sync', WasmOptions> = /* @__PURE__ */ defineGRU(wasm);

/** torch.nn.GRUCell in WebAssembly SIMD, without gradients. */
export const GRUCell: GRUCellClass<'sync', WasmOptions> = /* @__PURE__ */ defineGRUCell(wasm);

/** The backend's name and what it supports. */
export const backend: BackendInfo = /* @__PURE__ */ backendInfo(wasm);
