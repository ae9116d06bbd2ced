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
import { arrays } from './define.ts';
import * as gru from './generated/gru.ts';
import * as resetBefore from './generated/gru_reset_before.ts';
import * as lstm from './generated/lstm.ts';
import * as projected from './generated/lstm_projected.ts';
import * as relu from './generated/rnn_relu.ts';
import * as tanh from './generated/rnn_tanh.ts';

export * from '@congruent/runtime/public';

const gruCells = { gru: /* @__PURE__ */ arrays(gru), gru_reset_before: /* @__PURE__ */ arrays(resetBefore) };
const lstmCells = { lstm: /* @__PURE__ */ arrays(lstm), lstm_projected: /* @__PURE__ */ arrays(projected) };
const rnnCells = { rnn_tanh: /* @__PURE__ */ arrays(tanh), rnn_relu: /* @__PURE__ */ arrays(relu) };

export const GRU: runtime.GRUClass<'sync'> = /* @__PURE__ */ defineGRU(gruCells);
export type GRU = runtime.GRU<'sync'>;

export const GRUCell: runtime.GRUCellClass<'sync'> = /* @__PURE__ */ defineGRUCell(gruCells);
export type GRUCell = runtime.GRUCell<'sync'>;

export const LSTM: runtime.LSTMClass<'sync'> = /* @__PURE__ */ defineLSTM(lstmCells);
export type LSTM = runtime.LSTM<'sync'>;

export const LSTMCell: runtime.LSTMCellClass<'sync'> = /* @__PURE__ */ defineLSTMCell(lstmCells);
export type LSTMCell = runtime.LSTMCell<'sync'>;

export const RNN: runtime.RNNClass<'sync'> = /* @__PURE__ */ defineRNN(rnnCells);
export type RNN = runtime.RNN<'sync'>;

export const RNNCell: runtime.RNNCellClass<'sync'> = /* @__PURE__ */ defineRNNCell(rnnCells);
export type RNNCell = runtime.RNNCell<'sync'>;

export const backend: runtime.BackendInfo = /* @__PURE__ */ backendInfo(gruCells.gru);
