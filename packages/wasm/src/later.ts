// The modules of cells for options that few use: no page has one of them from the start.
import type { Modules } from './modules.ts';

export const gruResetBeforeInference: Modules = {
  float32: () => import('./generated/gru_reset_before.float32.ts'),
  float64: () => import('./generated/gru_reset_before.float64.ts'),
  'float32.relaxed': () => import('./generated/gru_reset_before.float32.relaxed.ts'),
  'float64.relaxed': () => import('./generated/gru_reset_before.float64.relaxed.ts'),
};

export const gruResetBeforeTraining: Modules = {
  float32: () => import('./generated/gru_reset_before.float32.training.ts'),
  float64: () => import('./generated/gru_reset_before.float64.training.ts'),
  'float32.relaxed': () => import('./generated/gru_reset_before.float32.relaxed.training.ts'),
  'float64.relaxed': () => import('./generated/gru_reset_before.float64.relaxed.training.ts'),
};

export const lstmProjectedInference: Modules = {
  float32: () => import('./generated/lstm_projected.float32.ts'),
  float64: () => import('./generated/lstm_projected.float64.ts'),
  'float32.relaxed': () => import('./generated/lstm_projected.float32.relaxed.ts'),
  'float64.relaxed': () => import('./generated/lstm_projected.float64.relaxed.ts'),
};

export const lstmProjectedTraining: Modules = {
  float32: () => import('./generated/lstm_projected.float32.training.ts'),
  float64: () => import('./generated/lstm_projected.float64.training.ts'),
  'float32.relaxed': () => import('./generated/lstm_projected.float32.relaxed.training.ts'),
  'float64.relaxed': () => import('./generated/lstm_projected.float64.relaxed.training.ts'),
};

export const rnnReluInference: Modules = {
  float32: () => import('./generated/rnn_relu.float32.ts'),
  float64: () => import('./generated/rnn_relu.float64.ts'),
  'float32.relaxed': () => import('./generated/rnn_relu.float32.relaxed.ts'),
  'float64.relaxed': () => import('./generated/rnn_relu.float64.relaxed.ts'),
};

export const rnnReluTraining: Modules = {
  float32: () => import('./generated/rnn_relu.float32.training.ts'),
  float64: () => import('./generated/rnn_relu.float64.training.ts'),
  'float32.relaxed': () => import('./generated/rnn_relu.float32.relaxed.training.ts'),
  'float64.relaxed': () => import('./generated/rnn_relu.float64.relaxed.training.ts'),
};
