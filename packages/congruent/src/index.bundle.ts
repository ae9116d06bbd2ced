// Everything in one file, for places that resolve no package names and load nothing later: AudioWorklets, pages without a
// bundler. `createSync` has every cell at hand.
import '@congruent/scalar/sync/gru_reset_before';
import '@congruent/scalar/sync/lstm_projected';
import '@congruent/scalar/sync/rnn_relu';
import '@congruent/wasm/sync/gru.float32.relaxed';
import '@congruent/wasm/sync/gru.float64';
import '@congruent/wasm/sync/gru.float64.relaxed';
import '@congruent/wasm/sync/gru_reset_before.float32';
import '@congruent/wasm/sync/gru_reset_before.float32.relaxed';
import '@congruent/wasm/sync/gru_reset_before.float64';
import '@congruent/wasm/sync/gru_reset_before.float64.relaxed';
import '@congruent/wasm/sync/lstm.float32.relaxed';
import '@congruent/wasm/sync/lstm.float64';
import '@congruent/wasm/sync/lstm.float64.relaxed';
import '@congruent/wasm/sync/lstm_projected.float32';
import '@congruent/wasm/sync/lstm_projected.float32.relaxed';
import '@congruent/wasm/sync/lstm_projected.float64';
import '@congruent/wasm/sync/lstm_projected.float64.relaxed';
import '@congruent/wasm/sync/rnn_relu.float32';
import '@congruent/wasm/sync/rnn_relu.float32.relaxed';
import '@congruent/wasm/sync/rnn_relu.float64';
import '@congruent/wasm/sync/rnn_relu.float64.relaxed';
import '@congruent/wasm/sync/rnn_tanh.float32.relaxed';
import '@congruent/wasm/sync/rnn_tanh.float64';
import '@congruent/wasm/sync/rnn_tanh.float64.relaxed';

export * from './index.ts';
