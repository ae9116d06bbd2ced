import type { GRUCells, LSTMCells, RNNCells } from '@congruent/runtime';
import * as gru from './generated/gru.ts';
import { layouts as gruResetBeforeLayouts } from './generated/gru_reset_before.layouts.ts';
import { signature as gruResetBefore } from './generated/gru_reset_before.signature.ts';
import * as lstm from './generated/lstm.ts';
import { layouts as lstmProjectedLayouts } from './generated/lstm_projected.layouts.ts';
import { signature as lstmProjected } from './generated/lstm_projected.signature.ts';
import { layouts as rnnReluLayouts } from './generated/rnn_relu.layouts.ts';
import { signature as rnnRelu } from './generated/rnn_relu.signature.ts';
import * as rnnTanh from './generated/rnn_tanh.ts';
import type { Buffer } from './heap.ts';
import {
  gruResetBeforeInference,
  gruResetBeforeTraining,
  lstmProjectedInference,
  lstmProjectedTraining,
  rnnReluInference,
  rnnReluTraining,
} from './later.ts';
import { trainingBackend } from './training.ts';

// Each in an object of its own, so that a page is bundled without the cells that it does not use.

/** Those of GRU and GRUCell; what `resetAfter: false` needs is loaded when it is asked for. */
export const gruCells: GRUCells<'sync', Buffer> = {
  gru: /* @__PURE__ */ trainingBackend({
    signature: gru.signature,
    layouts: gru.layouts,
    inference: gru.inference,
    training: gru.training,
  }),
  gru_reset_before: /* @__PURE__ */ trainingBackend({
    signature: gruResetBefore,
    layouts: gruResetBeforeLayouts,
    inference: gruResetBeforeInference,
    training: gruResetBeforeTraining,
  }),
};

/** Those of LSTM and LSTMCell; what `projSize` needs is loaded when it is asked for. */
export const lstmCells: LSTMCells<'sync', Buffer> = {
  lstm: /* @__PURE__ */ trainingBackend({
    signature: lstm.signature,
    layouts: lstm.layouts,
    inference: lstm.inference,
    training: lstm.training,
  }),
  lstm_projected: /* @__PURE__ */ trainingBackend({
    signature: lstmProjected,
    layouts: lstmProjectedLayouts,
    inference: lstmProjectedInference,
    training: lstmProjectedTraining,
  }),
};

/** Those of RNN and RNNCell; what `nonlinearity: 'relu'` needs is loaded when it is asked for. */
export const rnnCells: RNNCells<'sync', Buffer> = {
  rnn_tanh: /* @__PURE__ */ trainingBackend({
    signature: rnnTanh.signature,
    layouts: rnnTanh.layouts,
    inference: rnnTanh.inference,
    training: rnnTanh.training,
  }),
  rnn_relu: /* @__PURE__ */ trainingBackend({
    signature: rnnRelu,
    layouts: rnnReluLayouts,
    inference: rnnReluInference,
    training: rnnReluTraining,
  }),
};
