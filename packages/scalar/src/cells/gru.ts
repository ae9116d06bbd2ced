import type { FloatArray, GRUCells } from '@congruent/runtime';
import { scalarBackend } from '../backend.ts';
import * as gru from '../generated/gru.ts';
import { layouts as gruResetBeforeLayouts } from '../generated/gru_reset_before.layouts.ts';
import { signature as gruResetBefore } from '../generated/gru_reset_before.signature.ts';

/** Those of GRU and GRUCell; what `resetAfter: false` needs is loaded when it is asked for. */
export const gruCells: GRUCells<'sync', FloatArray> = {
  gru: /* @__PURE__ */ scalarBackend({ signature: gru.signature, layouts: gru.layouts, kernels: gru.kernels }),
  gru_reset_before: /* @__PURE__ */ scalarBackend({
    signature: gruResetBefore,
    layouts: gruResetBeforeLayouts,
    kernels: {
      float32: () => import('../generated/gru_reset_before.float32.ts'),
      float64: () => import('../generated/gru_reset_before.float64.ts'),
    },
  }),
};
