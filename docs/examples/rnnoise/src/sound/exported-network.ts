import { BANDS } from './bands.ts';
import type { Network } from './denoiser.ts';

/** The exported network: 65 features to the gains of the bands and, last, the probability of a voice. */
export interface Model {
  step(features: Float32Array): Float32Array;
}

/** As the denoiser takes it. */
export const networkOf =
  (model: Model): Network =>
  (features) => {
    const result = model.step(features);
    return { gains: result.subarray(0, BANDS), vad: result[BANDS]! };
  };
