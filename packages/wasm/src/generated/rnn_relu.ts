// Generated from packages/spec/src/cells/rnn_relu.ts by packages/wasm/codegen. Do not edit.
// Regenerate with: npm run generate
//
// rnn_relu(x[I], h[H]) -> h'
//
// h' = relu(W_ih @ x + b_ih + W_hh @ h + b_hh)   # next state
//
// layout torch
//   weight_ih = [W_ih]   weight_hh = [W_hh]
//   bias_ih   = [b_ih]   bias_hh   = [b_hh]
// layout onnx
//   W = [W_ih]   R = [W_hh]   B = [b_ih; b_hh]
// layout keras
//   kernel = [W_ih]^T   recurrent_kernel = [W_hh]^T   bias = [b_ih + b_hh]

import type { Modules } from '@congruent/wasm/define';
import { bytes as inferenceBytes } from './rnn_relu.float32.ts';
import { bytes as trainingBytes } from './rnn_relu.float32.training.ts';

export * from './rnn_relu.signature.ts';

export * from './rnn_relu.layouts.ts';

/** The modules for inference. */
export const inference: Modules = {
  'float32': inferenceBytes,
  'float64': () => import('./rnn_relu.float64.ts'),
  'float32.relaxed': () => import('./rnn_relu.float32.relaxed.ts'),
  'float64.relaxed': () => import('./rnn_relu.float64.relaxed.ts'),
};

/** The modules for gradients. */
export const training: Modules = {
  'float32': trainingBytes,
  'float64': () => import('./rnn_relu.float64.training.ts'),
  'float32.relaxed': () => import('./rnn_relu.float32.relaxed.training.ts'),
  'float64.relaxed': () => import('./rnn_relu.float64.relaxed.training.ts'),
};
