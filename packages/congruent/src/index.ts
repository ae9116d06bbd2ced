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
import { backend as wasm } from '@congruent/wasm';
import { gruCells, lstmCells, rnnCells } from './cells.ts';
import { about, type CongruentOptions } from './first-available.ts';

export * from '@congruent/runtime/public';
export type { CongruentOptions } from './first-available.ts';

/** torch.nn.GRU on the best backend present. */
export const GRU: runtime.GRUClass<'sync', CongruentOptions> = /* @__PURE__ */ defineGRU(gruCells);
export type GRU = runtime.GRU<'sync', CongruentOptions>;

/** torch.nn.GRUCell on the best backend present. */
export const GRUCell: runtime.GRUCellClass<'sync', CongruentOptions> = /* @__PURE__ */ defineGRUCell(gruCells);
export type GRUCell = runtime.GRUCell<'sync', CongruentOptions>;

/** torch.nn.LSTM on the best backend present. */
export const LSTM: runtime.LSTMClass<'sync', CongruentOptions> = /* @__PURE__ */ defineLSTM(lstmCells);
export type LSTM = runtime.LSTM<'sync', CongruentOptions>;

/** torch.nn.LSTMCell on the best backend present. */
export const LSTMCell: runtime.LSTMCellClass<'sync', CongruentOptions> = /* @__PURE__ */ defineLSTMCell(lstmCells);
export type LSTMCell = runtime.LSTMCell<'sync', CongruentOptions>;

/** torch.nn.RNN on the best backend present. */
export const RNN: runtime.RNNClass<'sync', CongruentOptions> = /* @__PURE__ */ defineRNN(rnnCells);
export type RNN = runtime.RNN<'sync', CongruentOptions>;

/** torch.nn.RNNCell on the best backend present. */
export const RNNCell: runtime.RNNCellClass<'sync', CongruentOptions> = /* @__PURE__ */ defineRNNCell(rnnCells);
export type RNNCell = runtime.RNNCell<'sync', CongruentOptions>;

/** What holds whichever backend runs a layer, and which ones may; `layer.backend` says which one does. */
export const backend: runtime.BackendInfo = /* @__PURE__ */ backendInfo(/* @__PURE__ */ about(wasm), [
  'wasm',
  'scalar',
]);
