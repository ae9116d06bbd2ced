import type * as runtime from '@congruent/runtime';
import {
  backendInfo,
  defineGRU,
  defineGRUCell,
  defineLSTM,
  defineLSTMCell,
  defineRNN,
  defineRNNCell,
} from '@congruent/runtime';
import { about, type WasmOptions } from './backend.ts';
import { gruCells, lstmCells, rnnCells } from './cells.ts';

export * from '@congruent/runtime/public';
export type { WasmOptions } from './backend.ts';

/** torch.nn.GRU in WebAssembly SIMD. */
export const GRU: runtime.GRUClass<'sync', WasmOptions> = /* @__PURE__ */ defineGRU(gruCells);
export type GRU = runtime.GRU<'sync', WasmOptions>;

/** torch.nn.GRUCell in WebAssembly SIMD. */
export const GRUCell: runtime.GRUCellClass<'sync', WasmOptions> = /* @__PURE__ */ defineGRUCell(gruCells);
export type GRUCell = runtime.GRUCell<'sync', WasmOptions>;

/** torch.nn.LSTM in WebAssembly SIMD. */
export const LSTM: runtime.LSTMClass<'sync', WasmOptions> = /* @__PURE__ */ defineLSTM(lstmCells);
export type LSTM = runtime.LSTM<'sync', WasmOptions>;

/** torch.nn.LSTMCell in WebAssembly SIMD. */
export const LSTMCell: runtime.LSTMCellClass<'sync', WasmOptions> = /* @__PURE__ */ defineLSTMCell(lstmCells);
export type LSTMCell = runtime.LSTMCell<'sync', WasmOptions>;

/** torch.nn.RNN in WebAssembly SIMD. */
export const RNN: runtime.RNNClass<'sync', WasmOptions> = /* @__PURE__ */ defineRNN(rnnCells);
export type RNN = runtime.RNN<'sync', WasmOptions>;

/** torch.nn.RNNCell in WebAssembly SIMD. */
export const RNNCell: runtime.RNNCellClass<'sync', WasmOptions> = /* @__PURE__ */ defineRNNCell(rnnCells);
export type RNNCell = runtime.RNNCell<'sync', WasmOptions>;

/** The backend's name and what it supports. */
export const backend: runtime.BackendInfo = /* @__PURE__ */ backendInfo(/* @__PURE__ */ about(true));
