// Everything in one file, for places that resolve no package names and load nothing later: AudioWorklets, pages without a
// bundler. `createSync` has every module at hand.
import './generated/gru.float32.relaxed.sync.ts';
import './generated/gru.float64.sync.ts';
import './generated/gru.float64.relaxed.sync.ts';
import './generated/gru_reset_before.float32.sync.ts';
import './generated/gru_reset_before.float32.relaxed.sync.ts';
import './generated/gru_reset_before.float64.sync.ts';
import './generated/gru_reset_before.float64.relaxed.sync.ts';
import './generated/lstm.float32.relaxed.sync.ts';
import './generated/lstm.float64.sync.ts';
import './generated/lstm.float64.relaxed.sync.ts';
import './generated/lstm_projected.float32.sync.ts';
import './generated/lstm_projected.float32.relaxed.sync.ts';
import './generated/lstm_projected.float64.sync.ts';
import './generated/lstm_projected.float64.relaxed.sync.ts';
import './generated/rnn_relu.float32.sync.ts';
import './generated/rnn_relu.float32.relaxed.sync.ts';
import './generated/rnn_relu.float64.sync.ts';
import './generated/rnn_relu.float64.relaxed.sync.ts';
import './generated/rnn_tanh.float32.relaxed.sync.ts';
import './generated/rnn_tanh.float64.sync.ts';
import './generated/rnn_tanh.float64.relaxed.sync.ts';

export * from './index.ts';
