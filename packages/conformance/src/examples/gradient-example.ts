import * as fc from 'fast-check';
import type { RecordedCase } from '../vectors/vectors.ts';
import { anyExample, type Example } from './example.ts';

/** Any case of gradients: an example in any layout, with or without dropout. */
export const anyCase = (
  fixed: Partial<Example> = {},
  layouts: readonly RecordedCase['layout'][] = ['padded', 'unbatched', 'packed'],
): fc.Arbitrary<RecordedCase> =>
  fc
    .record({
      example: anyExample(fixed),
      layout: fc.constantFrom(...layouts),
      batchFirst: fc.boolean(),
      dropout: fc.constantFrom(0, 0.4),
      h0: fc.boolean(),
    })
    .map(({ example, layout, batchFirst, dropout, h0 }): RecordedCase => {
      const { steps, seed, ...sizes } = example;
      const batch = layout === 'unbatched' ? 1 : example.batch;
      const lengths = Array.from({ length: batch }, (_, b) => 1 + ((seed + 5 * b) % steps));
      return {
        name: 'example',
        kind: 'gru',
        dtype: 'float32',
        config: { ...optionsOf(sizes), batchFirst, dropout, seed },
        layout,
        // The longest sequence has all steps, or the padded gradient would be shorter.
        steps: layout === 'packed' ? Math.max(...lengths) : steps,
        batch,
        lengths: layout === 'packed' ? lengths : null,
        enforceSorted: false,
        h0,
        seed,
        scales: { parameters: 1 / Math.sqrt(sizes.hiddenSize), input: 2, h0: 1, g_output: 1, g_hn: 1 },
        set: [],
        cotangents: ['output', 'hn'],
      };
    });

const optionsOf = ({ inputSize, hiddenSize, numLayers, bias, bidirectional }: Omit<Example, 'steps' | 'seed'>) => ({
  inputSize,
  hiddenSize,
  numLayers,
  bias,
  bidirectional,
});
