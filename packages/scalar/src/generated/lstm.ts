// Generated from packages/spec/src/cells/lstm.ts by packages/scalar/codegen. Do not edit.
// Regenerate with: npm run generate
//
// lstm(x[I], h[H], c[H]) -> h', c'
//
// i  = sigmoid(W_ii @ x + b_ii + W_hi @ h + b_hi)   # input gate
// f  = sigmoid(W_if @ x + b_if + W_hf @ h + b_hf)   # forget gate
// g  = tanh(W_ig @ x + b_ig + W_hg @ h + b_hg)      # cell gate
// o  = sigmoid(W_io @ x + b_io + W_ho @ h + b_ho)   # output gate
// c' = f * c + i * g                                # next cell state
// h' = o * tanh(c')                                 # next hidden state
//
// layout torch
//   weight_ih = [W_ii; W_if; W_ig; W_io]   weight_hh = [W_hi; W_hf; W_hg; W_ho]
//   bias_ih   = [b_ii; b_if; b_ig; b_io]   bias_hh   = [b_hi; b_hf; b_hg; b_ho]
// layout onnx
//   W = [W_ii; W_io; W_if; W_ig]   R = [W_hi; W_ho; W_hf; W_hg]
//   B = [b_ii; b_io; b_if; b_ig; b_hi; b_ho; b_hf; b_hg]
// layout keras
//   kernel = [W_ii; W_if; W_ig; W_io]^T   recurrent_kernel = [W_hi; W_hf; W_hg; W_ho]^T
//   bias   = [b_ii + b_hi; b_if + b_hf; b_ig + b_hg; b_io + b_ho]

import type { CellKernels } from '@congruent/scalar/define';
import { kernels as float32 } from './lstm.float32.ts';
import { kernels as float64 } from './lstm.float64.ts';

export * from './lstm.signature.ts';
export * from './lstm.layouts.ts';

/** The kernels, by element type. */
export const kernels: CellKernels = { float32, float64 };
