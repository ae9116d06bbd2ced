import type { GRUCells, LSTMCells, RNNCells } from '@congruent/runtime';
import { inferenceBackend } from './backend.ts';
import * as gru from './generated/gru.ts';
import { signature as gruResetBefore } from './generated/gru_reset_before.signature.ts';
import * as lstm from './generated/lstm.ts';
import { signature as lstmProjected } from './generated/lstm_projected.signature.ts';
import { signature as rnnRelu } from './generated/rnn_relu.signature.ts';
import * as rnnTanh from './generated/rnn_tanh.ts';
import type { Buffer } from './heap.ts';
import { gruResetBeforeInference, lstmProjectedInference, rnnReluInference } from './later.ts';

// Each in an object of its own, so that a page is bundled without the cells that it does not use.

/** Those of GRU and GRUCell; what `resetAfter: false` needs is loaded when it is asked for. */
export const gruCells: GRUCells<'sync', Buffer> = {
  gru: /* @__PURE__ */ inferenceBackend({ signature: gru.signature, inference: gru.inference }),
  gru_reset_before: /* @__PURE__ */ inferenceBackend({
    signature: gruResetBefore,
    inference: gruResetBeforeInference,
  }),
};

/** Those of LSTM and LSTMCell; what `projSize` needs is loaded when it is asked for. */
export const lstmCells: LSTMCells<'sync', Buffer> = {
  lstm: /* @__PURE__ */ inferenceBackend({ signature: lstm.signature, inference: lstm.inference }),
  lstm_projected: /* @__PURE__ */ inferenceBackend({
    signature: lstmProjected,
    inference: lstmProjectedInference,
  }),
};

/** Those of RNN and RNNCell; what `nonlinearity: 'relu'` needs is loaded when it is asked for. */
export const rnnCells: RNNCells<'sync', Buffer> = {
  rnn_tanh: /* @__PURE__ */ inferenceBackend({ signature: rnnTanh.signature, inference: rnnTanh.inference }),
  rnn_relu: /* @__PURE__ */ inferenceBackend({
    signature: rnnRelu,
    inference: rnnReluInference,
  }),
};
