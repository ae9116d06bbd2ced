import type { FloatArray, RNNCells } from '@congruent/runtime';
import { scalarBackend } from '../backend.ts';
import { layouts as rnnReluLayouts } from '../generated/rnn_relu.layouts.ts';
import { signature as rnnRelu } from '../generated/rnn_relu.signature.ts';
import * as rnnTanh from '../generated/rnn_tanh.ts';

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
      float32: () => import('../generated/rnn_relu.float32.ts'),
      float64: () => import('../generated/rnn_relu.float64.ts'),
    },
  }),
};
