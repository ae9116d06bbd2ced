import type { CellName } from '../recurrent.ts';

/** What decides a training run; the same settings give the same bits on every backend that is deterministic. */
export interface Settings {
  readonly cell: CellName;
  readonly hiddenSize: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** At the start; it falls in a straight line to 0 at the last batch. */
  readonly learningRate: number;
  readonly labelSmoothing: number;
  /** Standard deviation of what is added to the pixels, which are from 0 to 1: without it they are learnt by heart. */
  readonly pixelNoise: number;
  readonly maxNorm: number;
  readonly seed: number;
}

/** Those of tools/digits/train.py, but for fewer epochs, clipping and the schedule. */
export const SETTINGS: Settings = {
  cell: 'gru',
  hiddenSize: 48,
  epochs: 60,
  batchSize: 32,
  learningRate: 5e-3,
  labelSmoothing: 0.1,
  pixelNoise: 0.2,
  maxNorm: 1,
  seed: 0,
};
