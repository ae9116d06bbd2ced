import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyCase, differencesOf } from '../../../tools/testing/bits.ts';
import * as native from '../src/index.ts';

const RUNS = { numRuns: 150, seed: 1 };

const { ofSequence, ofGradients, ofStream } = differencesOf(native);

test('E5: any sequence has the bits of @congruent/scalar: all sizes, padded and packed, both directions, both dtypes', () => {
  fc.assert(
    fc.property(anyCase, (given) => ofSequence(given) === undefined),
    RUNS,
  );
});

test('E5: the gradients of any sequence have the bits of @congruent/scalar, dropout included', () => {
  fc.assert(
    fc.property(anyCase, (given) => ofGradients(given) === undefined),
    { ...RUNS, numRuns: 100 },
  );
});

test('E5: any stream has the bits of @congruent/scalar, also when a sequence makes the memory grow', () => {
  fc.assert(
    fc.property(anyCase, (given) => ofStream(given) === undefined),
    { ...RUNS, numRuns: 40 },
  );
});

test.each([2, 3, 7])('E5: with %d threads too, forwards and backwards, for batches of any size', (threads) => {
  const threaded = differencesOf(native, { threads });
  fc.assert(
    fc.property(
      anyCase,
      (given) => threaded.ofSequence(given) === undefined && threaded.ofGradients(given) === undefined,
    ),
    { numRuns: 60, seed: threads },
  );
});

test.each(['GRU', 'LSTM', 'RNN'] as const)(
  'E5: %s: every hidden size from 1 to 70 has the bits of @congruent/scalar, forwards and backwards',
  (kind) => {
    const sizes = Array.from({ length: 70 }, (_, index) => index + 1);
    const different = sizes.filter((hiddenSize) =>
      ofGradients({
        kind,
        otherCell: hiddenSize % 3 === 0,
        inputSize: 71 - hiddenSize,
        hiddenSize,
        numLayers: 1,
        bias: true,
        bidirectional: true,
        dtype: hiddenSize % 2 === 0 ? 'float32' : 'float64',
        seed: hiddenSize,
        lengths: [3, 1, 2, 2, 3],
        packed: true,
        scale: 1,
      }),
    );
    expect(different).toEqual([]);
  },
);
