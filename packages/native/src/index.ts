import type * as runtime from '@congruent/runtime';
import {
  backendInfo,
  defineGRU,
  defineGRUCell,
  defineLSTM,
  defineLSTMCell,
  defineRNN,
  defineRNNCell,
} from '@congruent/runtime';
import { about, type NativeOptions } from './backend.ts';
import { addon, gruCells, lstmCells, rnnCells } from './cells.ts';

export * from '@congruent/runtime/public';
export type { NativeOptions } from './backend.ts';

/** torch.nn.GRU in machine code. */
export const GRU: runtime.GRUClass<'sync', NativeOptions> = defineGRU(gruCells);
export type GRU = runtime.GRU<'sync', NativeOptions>;

/** torch.nn.GRUCell in machine code. */
export const GRUCell: runtime.GRUCellClass<'sync', NativeOptions> = defineGRUCell(gruCells);
export type GRUCell = runtime.GRUCell<'sync', NativeOptions>;

/** torch.nn.LSTM in machine code. */
export const LSTM: runtime.LSTMClass<'sync', NativeOptions> = defineLSTM(lstmCells);
export type LSTM = runtime.LSTM<'sync', NativeOptions>;

/** torch.nn.LSTMCell in machine code. */
export const LSTMCell: runtime.LSTMCellClass<'sync', NativeOptions> = defineLSTMCell(lstmCells);
export type LSTMCell = runtime.LSTMCell<'sync', NativeOptions>;

/** torch.nn.RNN in machine code. */
export const RNN: runtime.RNNClass<'sync', NativeOptions> = defineRNN(rnnCells);
export type RNN = runtime.RNN<'sync', NativeOptions>;

/** torch.nn.RNNCell in machine code. */
export const RNNCell: runtime.RNNCellClass<'sync', NativeOptions> = defineRNNCell(rnnCells);
export type RNNCell = runtime.RNNCell<'sync', NativeOptions>;

/** The backend's name and what it supports. */
export const backend: runtime.BackendInfo = backendInfo(about(addon));
