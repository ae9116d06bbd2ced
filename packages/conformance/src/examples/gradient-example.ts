import * as fc from 'fast-check';
import { type Kind, statesOf } from '../kinds/kind.ts';
import type { RecordedCase } from '../vectors/vectors.ts';
import { anyExample, type Example } from './example.ts';

/** Any case of gradients: an example in any layout, with or without dropout. */
export const anyCase = (
  kind: Kind,
  fixed: Partial<Example> = {},
  layouts: readonly RecordedCase['layout'][] = ['padded', 'unbatched', 'packed'],
): fc.Arbitrary<RecordedCase> => {
  const last = statesOf(kind, 'n');
  const filled = ['g_output', ...statesOf(kind, '0'), ...last.map((name) => `g_${name}`)];
  const ones = Object.fromEntries(filled.map((name) => [name, 1]));
  return fc
    .record({
      example: anyExample(kind, fixed),
      layout: fc.constantFrom(...layouts),
      batchFirst: fc.boolean(),
      dropout: fc.constantFrom(0, 0.4),
      initial: fc.boolean(),
    })
    .map(({ example, layout, batchFirst, dropout, initial }): RecordedCase => {
      const { steps, seed, ...sizes } = example;
      const batch = layout === 'unbatched' ? 1 : example.batch;
      const lengths = Array.from({ length: batch }, (_, b) => 1 + ((seed + 5 * b) % steps));
      return {
        name: 'example',
        module: kind.layerClass,
        dtype: 'float32',
        config: { ...kind.options, ...optionsOf(sizes), batchFirst, dropout, seed },
        layout,
        // The longest sequence has all steps, or the padded gradient would be shorter.
        steps: layout === 'packed' ? Math.max(...lengths) : steps,
        batch,
        lengths: layout === 'packed' ? lengths : null,
        enforceSorted: false,
        initial,
        seed,
        scales: { ...ones, parameters: 1 / Math.sqrt(sizes.hiddenSize), input: 2 },
        set: [],
        cotangents: ['output', ...last],
      };
    });
};

const optionsOf = ({
  inputSize,
  hiddenSize,
  projSize,
  numLayers,
  bias,
  bidirectional,
}: Omit<Example, 'steps' | 'seed'>) => ({
  inputSize,
  hiddenSize,
  ...(projSize && { projSize }),
  numLayers,
  bias,
  bidirectional,
});
