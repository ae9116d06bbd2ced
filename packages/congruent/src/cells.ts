import type { GRUCells, LSTMCells, RNNCells } from '@congruent/runtime';
import * as wasm from '@congruent/wasm/cells';
import { firstAvailable } from './first-available.ts';

// WebAssembly is imported, not loaded when it is asked for: AudioWorklets and service workers have no dynamic import, and
// `createSync` cannot wait. Scalar is loaded where WebAssembly is forbidden, the cells of one class at a time.

/** Those of GRU and GRUCell. */
export const gruCells: GRUCells<'sync', unknown> = /* @__PURE__ */ firstAvailable<GRUCells<'sync', unknown>>(
  wasm.gruCells,
  async () => (await import('./scalar/gru.ts')).gruCells,
);

/** Those of LSTM and LSTMCell. */
export const lstmCells: LSTMCells<'sync', unknown> = /* @__PURE__ */ firstAvailable<LSTMCells<'sync', unknown>>(
  wasm.lstmCells,
  async () => (await import('./scalar/lstm.ts')).lstmCells,
);

/** Those of RNN and RNNCell. */
export const rnnCells: RNNCells<'sync', unknown> = /* @__PURE__ */ firstAvailable<RNNCells<'sync', unknown>>(
  wasm.rnnCells,
  async () => (await import('./scalar/rnn.ts')).rnnCells,
);
