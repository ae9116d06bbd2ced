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
import { about } from './backend.ts';
import { gruCells, lstmCells, rnnCells } from './cells.ts';

export * from '@congruent/runtime/public';

/** torch.nn.GRU in plain TypeScript. */
export const GRU: runtime.GRUClass<'sync'> = /* @__PURE__ */ defineGRU(gruCells);
export type GRU = runtime.GRU<'sync'>;

/** torch.nn.GRUCell in plain TypeScript. */
export const GRUCell: runtime.GRUCellClass<'sync'> = /* @__PURE__ */ defineGRUCell(gruCells);
export type GRUCell = runtime.GRUCell<'sync'>;

/** torch.nn.LSTM in plain TypeScript. */
export const LSTM: runtime.LSTMClass<'sync'> = /* @__PURE__ */ defineLSTM(lstmCells);
export type LSTM = runtime.LSTM<'sync'>;

/** torch.nn.LSTMCell in plain TypeScript. */
export const LSTMCell: runtime.LSTMCellClass<'sync'> = /* @__PURE__ */ defineLSTMCell(lstmCells);
export type LSTMCell = runtime.LSTMCell<'sync'>;

/** torch.nn.RNN in plain TypeScript. */
export const RNN: runtime.RNNClass<'sync'> = /* @__PURE__ */ defineRNN(rnnCells);
export type RNN = runtime.RNN<'sync'>;

/** torch.nn.RNNCell in plain TypeScript. */
export const RNNCell: runtime.RNNCellClass<'sync'> = /* @__PURE__ */ defineRNNCell(rnnCells);
export type RNNCell = runtime.RNNCell<'sync'>;

/** The backend's name and what it supports. */
export const backend: runtime.BackendInfo = /* @__PURE__ */ backendInfo(about);
