// Generated from packages/spec/src/cells/rnn_tanh.ts by packages/gpujs/codegen. Do not edit.
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

import type { CellSignature } from '@congruent/runtime';

/** What the layers know of the cell: its operands, and its parameters as they are named and stacked. */
export const signature: CellSignature = {
  name: 'rnn_tanh',
  inputs: [{ name: 'x', shape: ['I'] }],
  states: [{ name: 'h', shape: ['H'] }],
  outputs: [{ name: "h'", shape: ['H'], state: 'h' }],
  parameters: {
    weight_ih: { blocks: ['W_ih'], shape: ['H', 'I'] },
    weight_hh: { blocks: ['W_hh'], shape: ['H', 'H'] },
    bias_ih: { blocks: ['b_ih'], shape: ['H'] },
    bias_hh: { blocks: ['b_hh'], shape: ['H'] },
  },
};
