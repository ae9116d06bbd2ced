/** Nested lists of a shape. */
const lists = (shape: readonly number[]): unknown =>
  shape.length === 0 ? 0.5 : Array.from({ length: shape[0]! }, () => lists(shape.slice(1)));

/** A file of RTNeural: GRUs of 2 features and 3 units, each with an activation. */
export const rtneural = (...activations: readonly string[]): string =>
  JSON.stringify({
    in_shape: [null, null, 2],
    layers: activations.map((activation, at) => ({
      type: 'gru',
      activation,
      shape: [null, null, 3],
      weights: [
        [at === 0 ? 2 : 3, 9],
        [3, 9],
        [2, 9],
      ].map(lists),
    })),
  });

/** A file of NAM: an LSTM of two layers, whose weights are 0, 1, 2, … */
export const nam = (): string =>
  JSON.stringify({
    version: '0.5.1',
    architecture: 'LSTM',
    config: { input_size: 1, hidden_size: 2, num_layers: 2 },
    weights: Array.from({ length: 8 * 3 + 12 + 8 * 4 + 12 + 3 }, (_, i) => i),
  });
