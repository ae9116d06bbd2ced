// Generated from packages/spec/src/cells/gru_reset_before.ts by packages/scalar/codegen. Do not edit.
// Regenerate with: npm run generate
//
// gru_reset_before(x[I], h[H]) -> h'
//
// r  = sigmoid(W_ir @ x + b_ir + W_hr @ h + b_hr)      # reset gate
// z  = sigmoid(W_iz @ x + b_iz + W_hz @ h + b_hz)      # update gate
// n  = tanh(W_in @ x + b_in + W_hn @ (r * h) + b_hn)   # candidate
// h' = (1 - z) * n + z * h                             # next state
//
// layout torch
//   weight_ih = [W_ir; W_iz; W_in]   weight_hh = [W_hr; W_hz; W_hn]
//   bias_ih   = [b_ir; b_iz; b_in]   bias_hh   = [b_hr; b_hz; b_hn]
// layout onnx
//   W = [W_iz; W_ir; W_in]   R = [W_hz; W_hr; W_hn]   B = [b_iz; b_ir; b_in; b_hz; b_hr; b_hn]
// layout keras
//   kernel = [W_iz; W_ir; W_in]^T   recurrent_kernel = [W_hz; W_hr; W_hn]^T
//   bias   = [b_iz + b_hz; b_ir + b_hr; b_in + b_hn]

import type { CellLayouts } from '@congruent/runtime';

/** How frameworks put the parameters together to tensors. */
export const layouts: CellLayouts = { torch: { weight_ih: '[W_ir; W_iz; W_in]', weight_hh: '[W_hr; W_hz; W_hn]', bias_ih: '[b_ir; b_iz; b_in]', bias_hh: '[b_hr; b_hz; b_hn]' }, onnx: { W: '[W_iz; W_ir; W_in]', R: '[W_hz; W_hr; W_hn]', B: '[b_iz; b_ir; b_in; b_hz; b_hr; b_hn]' }, keras: { kernel: '[W_iz; W_ir; W_in]^T', recurrent_kernel: '[W_hz; W_hr; W_hn]^T', bias: '[b_iz + b_hz; b_ir + b_hr; b_in + b_hn]' } };
