import type { GRUCells, LSTMCells, RNNCells } from '@congruent/runtime';
import { gpuBackend } from './backend.ts';
import type { Buffer } from './buffer.ts';
import * as gru from './generated/gru.ts';
import { layouts as gruResetBeforeLayouts } from './generated/gru_reset_before.layouts.ts';
import { signature as gruResetBefore } from './generated/gru_reset_before.signature.ts';
import * as lstm from './generated/lstm.ts';
import { layouts as lstmProjectedLayouts } from './generated/lstm_projected.layouts.ts';
import { signature as lstmProjected } from './generated/lstm_projected.signature.ts';
import { layouts as rnnReluLayouts } from './generated/rnn_relu.layouts.ts';
import { signature as rnnRelu } from './generated/rnn_relu.signature.ts';
import * as rnnTanh from './generated/rnn_tanh.ts';

// Each in an object of its own, so that a page is bundled without the cells that it does not use.

/** Those of GRU and GRUCell; what `resetAfter: false` needs is loaded when it is asked for. */
export const gruCells: GRUCells<'async', Buffer> = {
  gru: /* @__PURE__ */ gpuBackend({ signature: gru.signature, layouts: gru.layouts, kernels: gru.kernels }),
  gru_reset_before: /* @__PURE__ */ gpuBackend({
    signature: gruResetBefore,
    layouts: gruResetBeforeLayouts,
    kernels: () => import('./generated/gru_reset_before.kernels.ts').then(({ kernels }) => kernels),
  }),
};

/** Those of LSTM and LSTMCell; what `projSize` needs is loaded when it is asked for. */
export const lstmCells: LSTMCells<'async', Buffer> = {
  lstm: /* @__PURE__ */ gpuBackend({ signature: lstm.signature, layouts: lstm.layouts, kernels: lstm.kernels }),
  lstm_projected: /* @__PURE__ */ gpuBackend({
    signature: lstmProjected,
    layouts: lstmProjectedLayouts,
    kernels: () => import('./generated/lstm_projected.kernels.ts').then(({ kernels }) => kernels),
  }),
};

/** Those of RNN and RNNCell; what `nonlinearity: 'relu'` needs is loaded when it is asked for. */
export const rnnCells: RNNCells<'async', Buffer> = {
  rnn_tanh: /* @__PURE__ */ gpuBackend({
    signature: rnnTanh.signature,
    layouts: rnnTanh.layouts,
    kernels: rnnTanh.kernels,
  }),
  rnn_relu: /* @__PURE__ */ gpuBackend({
    signature: rnnRelu,
    layouts: rnnReluLayouts,
    kernels: () => import('./generated/rnn_relu.kernels.ts').then(({ kernels }) => kernels),
  }),
};
