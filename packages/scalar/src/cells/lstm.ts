import type { FloatArray, LSTMCells } from '@congruent/runtime';
import { scalarBackend } from '../backend.ts';
import * as lstm from '../generated/lstm.ts';
import { layouts as lstmProjectedLayouts } from '../generated/lstm_projected.layouts.ts';
import { signature as lstmProjected } from '../generated/lstm_projected.signature.ts';

/** Those of LSTM and LSTMCell; what `projSize` needs is loaded when it is asked for. */
export const lstmCells: LSTMCells<'sync', FloatArray> = {
  lstm: /* @__PURE__ */ scalarBackend({ signature: lstm.signature, layouts: lstm.layouts, kernels: lstm.kernels }),
  lstm_projected: /* @__PURE__ */ scalarBackend({
    signature: lstmProjected,
    layouts: lstmProjectedLayouts,
    kernels: {
      float32: () => import('../generated/lstm_projected.float32.ts'),
      float64: () => import('../generated/lstm_projected.float64.ts'),
    },
  }),
};
