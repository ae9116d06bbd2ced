// Generated from packages/spec/src/cells/rnn_relu.ts by packages/gpujs/codegen. Do not edit.
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

export * from './rnn_relu.signature.ts';

export * from './rnn_relu.layouts.ts';

export * from './rnn_relu.kernels.ts';
