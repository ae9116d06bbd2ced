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
import { about, type GpuOptions } from './backend.ts';
import { gruCells, lstmCells, rnnCells } from './cells.ts';

export * from '@congruent/runtime/public';
export type { GpuOptions } from './backend.ts';
export type { DeviceName } from './device.ts';

/** torch.nn.GRU on the GPU. */
export const GRU: runtime.GRUClass<'async', GpuOptions> = /* @__PURE__ */ defineGRU(gruCells);
export type GRU = runtime.GRU<'async', GpuOptions>;

/** torch.nn.GRUCell on the GPU. */
export const GRUCell: runtime.GRUCellClass<'async', GpuOptions> = /* @__PURE__ */ defineGRUCell(gruCells);
export type GRUCell = runtime.GRUCell<'async', GpuOptions>;

/** torch.nn.LSTM on the GPU. */
export const LSTM: runtime.LSTMClass<'async', GpuOptions> = /* @__PURE__ */ defineLSTM(lstmCells);
export type LSTM = runtime.LSTM<'async', GpuOptions>;

/** torch.nn.LSTMCell on the GPU. */
export const LSTMCell: runtime.LSTMCellClass<'async', GpuOptions> = /* @__PURE__ */ defineLSTMCell(lstmCells);
export type LSTMCell = runtime.LSTMCell<'async', GpuOptions>;

/** torch.nn.RNN on the GPU. */
export const RNN: runtime.RNNClass<'async', GpuOptions> = /* @__PURE__ */ defineRNN(rnnCells);
export type RNN = runtime.RNN<'async', GpuOptions>;

/** torch.nn.RNNCell on the GPU. */
export const RNNCell: runtime.RNNCellClass<'async', GpuOptions> = /* @__PURE__ */ defineRNNCell(rnnCells);
export type RNNCell = runtime.RNNCell<'async', GpuOptions>;

/** The backend's name and what it supports. */
export const backend: runtime.BackendInfo = /* @__PURE__ */ backendInfo(about);
