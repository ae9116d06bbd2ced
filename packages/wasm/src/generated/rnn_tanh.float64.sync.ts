// Generated from packages/spec/src/cells/rnn_tanh.ts by packages/wasm/codegen. Do not edit.
// Regenerate with: npm run generate
//
// rnn_tanh(x[I], h[H]) -> h'
//
// h' = tanh(W_ih @ x + b_ih + W_hh @ h + b_hh)   # next state
//
// layout torch
//   weight_ih = [W_ih]   weight_hh = [W_hh]
//   bias_ih   = [b_ih]   bias_hh   = [b_hh]
// layout onnx
//   W = [W_ih]   R = [W_hh]   B = [b_ih; b_hh]
// layout keras
//   kernel = [W_ih]^T   recurrent_kernel = [W_hh]^T   bias = [b_ih + b_hh]

import { provide } from '@congruent/wasm/define';
import { bytes as training } from './rnn_tanh.float64.training.ts';
import { bytes as inference } from './rnn_tanh.float64.ts';
import { signature } from './rnn_tanh.signature.ts';

provide(signature, 'float64', inference, training);
