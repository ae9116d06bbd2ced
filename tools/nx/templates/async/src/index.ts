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
import { promises } from './define.ts';
import * as gru from './generated/gru.ts';
import * as resetBefore from './generated/gru_reset_before.ts';
import * as lstm from './generated/lstm.ts';
import * as projected from './generated/lstm_projected.ts';
import * as relu from './generated/rnn_relu.ts';
import * as tanh from './generated/rnn_tanh.ts';

export * from '@congruent/runtime/public';

const gruCells = { gru: /* @__PURE__ */ promises(gru), gru_reset_before: /* @__PURE__ */ promises(resetBefore) };
const lstmCells = { lstm: /* @__PURE__ */ promises(lstm), lstm_projected: /* @__PURE__ */ promises(projected) };
const rnnCells = { rnn_tanh: /* @__PURE__ */ promises(tanh), rnn_relu: /* @__PURE__ */ promises(relu) };

export const GRU: runtime.GRUClass<'async'> = /* @__PURE__ */ defineGRU(gruCells);
export type GRU = runtime.GRU<'async'>;

export const GRUCell: runtime.GRUCellClass<'async'> = /* @__PURE__ */ defineGRUCell(gruCells);
export type GRUCell = runtime.GRUCell<'async'>;

export const LSTM: runtime.LSTMClass<'async'> = /* @__PURE__ */ defineLSTM(lstmCells);
export type LSTM = runtime.LSTM<'async'>;

export const LSTMCell: runtime.LSTMCellClass<'async'> = /* @__PURE__ */ defineLSTMCell(lstmCells);
export type LSTMCell = runtime.LSTMCell<'async'>;

export const RNN: runtime.RNNClass<'async'> = /* @__PURE__ */ defineRNN(rnnCells);
export type RNN = runtime.RNN<'async'>;

export const RNNCell: runtime.RNNCellClass<'async'> = /* @__PURE__ */ defineRNNCell(rnnCells);
export type RNNCell = runtime.RNNCell<'async'>;

export const backend: runtime.BackendInfo = /* @__PURE__ */ backendInfo(gruCells.gru);
