// The same names as index.ts, on the backend that is best on this machine; it is chosen here, so that `createSync` has it.
import {
  backendInfo,
  defineGRU,
  defineGRUCell,
  defineLSTM,
  defineLSTMCell,
  defineRNN,
  defineRNNCell,
} from '@congruent/runtime';
import { about } from './first-available.ts';
import type * as anywhere from './index.ts';
import { bestCells } from './node-cells.ts';

export * from '@congruent/runtime/public';
export type { CongruentOptions } from './first-available.ts';

const { gruCells, lstmCells, rnnCells } = await bestCells();

/** torch.nn.GRU on the best backend present. */
export const GRU: typeof anywhere.GRU = defineGRU(gruCells);
export type GRU = anywhere.GRU;

/** torch.nn.GRUCell on the best backend present. */
export const GRUCell: typeof anywhere.GRUCell = defineGRUCell(gruCells);
export type GRUCell = anywhere.GRUCell;

/** torch.nn.LSTM on the best backend present. */
export const LSTM: typeof anywhere.LSTM = defineLSTM(lstmCells);
export type LSTM = anywhere.LSTM;

/** torch.nn.LSTMCell on the best backend present. */
export const LSTMCell: typeof anywhere.LSTMCell = defineLSTMCell(lstmCells);
export type LSTMCell = anywhere.LSTMCell;

/** torch.nn.RNN on the best backend present. */
export const RNN: typeof anywhere.RNN = defineRNN(rnnCells);
export type RNN = anywhere.RNN;

/** torch.nn.RNNCell on the best backend present. */
export const RNNCell: typeof anywhere.RNNCell = defineRNNCell(rnnCells);
export type RNNCell = anywhere.RNNCell;

/** What holds whichever backend runs a layer, and which ones may; `layer.backend` says which one does. */
export const backend: typeof anywhere.backend = backendInfo(about(gruCells.gru), ['native', 'wasm', 'scalar']);
