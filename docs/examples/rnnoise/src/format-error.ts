import { CongruentError } from '@congruent/runtime';

/**
 * The package is not laid out as RNNoise 0.2 is.
 *
 * @param place    e.g. `gru1_input_weights_idx`
 * @param problem  what was got, and what was expected
 */
export const formatError = (place: string, problem: string): CongruentError =>
  new CongruentError(
    'MODEL_FORMAT',
    `RNNoise, ${place}: ${problem}. Install the version that the example names: npm ci in original/.`,
  );
