import { type Differences, differencesOf } from '../../../tools/testing/bits.ts';
import * as wasm from '../src/index.ts';
import '../src/generated/gru.float64.sync.ts';
import '../src/generated/gru_reset_before.float32.sync.ts';
import '../src/generated/gru_reset_before.float64.sync.ts';
import '../src/generated/lstm.float64.sync.ts';
import '../src/generated/lstm_projected.float32.sync.ts';
import '../src/generated/lstm_projected.float64.sync.ts';
import '../src/generated/rnn_relu.float32.sync.ts';
import '../src/generated/rnn_relu.float64.sync.ts';
import '../src/generated/rnn_tanh.float64.sync.ts';

export const differences: Differences = differencesOf(wasm);
