import type { FloatArray, GRUCells, LSTMCells, RNNCells } from '@congruent/runtime';
import type { Addon } from './addon.ts';
import { nativeBackend } from './backend.ts';
import * as gru from './generated/gru.ts';
import * as gruResetBefore from './generated/gru_reset_before.ts';
import * as lstm from './generated/lstm.ts';
import * as lstmProjected from './generated/lstm_projected.ts';
import * as rnnRelu from './generated/rnn_relu.ts';
import * as rnnTanh from './generated/rnn_tanh.ts';
import { packageAddon } from './load.ts';

/** The addon of these cells; importing fails where there is none. */
export const addon: Addon = packageAddon();

/** Those of GRU and GRUCell. */
export const gruCells: GRUCells<'sync', FloatArray> = {
  gru: nativeBackend(addon, gru),
  gru_reset_before: nativeBackend(addon, gruResetBefore),
};

/** Those of LSTM and LSTMCell. */
export const lstmCells: LSTMCells<'sync', FloatArray> = {
  lstm: nativeBackend(addon, lstm),
  lstm_projected: nativeBackend(addon, lstmProjected),
};

/** Those of RNN and RNNCell. */
export const rnnCells: RNNCells<'sync', FloatArray> = {
  rnn_tanh: nativeBackend(addon, rnnTanh),
  rnn_relu: nativeBackend(addon, rnnRelu),
};
