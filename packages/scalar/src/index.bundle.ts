// Everything in one file, for places that resolve no package names and load nothing later: AudioWorklets, pages without a
// bundler. `createSync` has every cell at hand.
import './sync/gru_reset_before.ts';
import './sync/lstm_projected.ts';
import './sync/rnn_relu.ts';

export * from './index.ts';
