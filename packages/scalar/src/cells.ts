import type { FloatArray, GRUCells, LSTMCells, RNNCells } from '@congruent/runtime';
import { scalarBackend } from './backend.ts';
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
export const gruCells: GRUCells<'sync', FloatArray> = {
  gru: /* @__PURE__ */ scalarBackend({ signature: gru.signature, layouts: gru.layouts, kernels: gru.kernels }),
  gru_reset_before: /* @__PURE__ */ scalarBackend({
    signature: gruResetBefore,
    layouts: gruResetBeforeLayouts,
    kernels: {
      float32: () => import('./generated/gru_reset_before.float32.ts'),
      float64: () => import('./generated/gru_reset_before.float64.ts'),
    },
  }),
};

/** Those of LSTM and LSTMCell; what `projSize` needs is loaded when it is asked for. */
export const lstmCells: LSTMCells<'sync', FloatArray> = {
  lstm: /* @__PURE__ */ scalarBackend({ signature: lstm.signature, layouts: lstm.layouts, kernels: lstm.kernels }),
  lstm_projected: /* @__PURE__ */ scalarBackend({
    signature: lstmProjected,
    layouts: lstmProjectedLayouts,
    kernels: {
      float32: () => import('./generated/lstm_projected.float32.ts'),
      float64: () => import('./generated/lstm_projected.float64.ts'),
    },
  }),
};

/** Those of RNN and RNNCell; what `nonlinearity: 'relu'` needs is loaded when it is asked for. */
export const rnnCells: RNNCells<'sync', FloatArray> = {
  rnn_tanh: /* @__PURE__ */ scalarBackend({
    signature: rnnTanh.signature,
    layouts: rnnTanh.layouts,
    kernels: rnnTanh.kernels,
  }),
  rnn_relu: /* @__PURE__ */ scalarBackend({
    signature: rnnRelu,
    layouts: rnnReluLayouts,
    kernels: {
      float32: () => import('./generated/rnn_relu.float32.ts'),
      float64: () => import('./generated/rnn_relu.float64.ts'),
    },
  }),
};
