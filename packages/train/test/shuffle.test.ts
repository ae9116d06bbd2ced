import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectCode } from '../../runtime/test/expect-code.ts';
import { type ShuffleOptions, shuffledBatches } from '../src/index.ts';

test('every index once, in batches of batchSize but the last', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.integer({ min: 1, max: 50 }), fc.nat(1000), (length, batchSize, epoch) => {
      const batches = shuffledBatches(length, { batchSize, epoch });
      expect(batches.flat().sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, index) => index));
      expect(batches.slice(0, -1).every((batch) => batch.length === batchSize)).toBe(true);
      expect(batches.every((batch) => batch.length > 0 && batch.length <= batchSize)).toBe(true);
    }),
    { seed: 1 },
  );
});

// Expected: the algorithm written a second time in Python.
test('the order of a seed and an epoch is fixed for ever', () => {
  const order = (epoch: number, seed?: number) => shuffledBatches(7, { batchSize: 7, epoch, seed }).flat();
  expect(order(0)).toEqual([5, 0, 1, 2, 4, 3, 6]);
  expect(order(1, 0)).toEqual([0, 4, 5, 3, 6, 2, 1]);
  expect(order(2, -7)).toEqual([5, 3, 0, 2, 4, 6, 1]);
});

test('each of the orders of 4 comes up about as often as every other, over 24,000 epochs', () => {
  const counts = new Map<string, number>();
  for (let epoch = 0; epoch < 24_000; epoch++) {
    const order = shuffledBatches(4, { batchSize: 4, epoch }).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  // Five standard deviations.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(155);
});

const refused: readonly (readonly [string, unknown, object, string])[] = [
  ['a length of 2⁵³ − 1', 2 ** 53 - 1, { batchSize: 1, epoch: 0 }, 'at most 100,000,000, got 9007199254740991'],
  [
    'a length of 1.5',
    1.5,
    { batchSize: 1, epoch: 0 },
    'Option length must be an integer ≥ 0, at most 100,000,000, got 1.5',
  ],
  ['batchSize 0', 1, { batchSize: 0, epoch: 0 }, 'batch_size must be greater than zero'],
  ['no epoch', 1, { batchSize: 1 }, 'Option epoch must be an integer ≥ 0, got undefined'],
  ['a seed of 0.5', 1, { batchSize: 1, epoch: 0, seed: 0.5 }, 'Option seed must be a safe integer'],
];
test.each(refused)('%s is refused with CONGRUENT_OPTION', (_, length, options, text) =>
  expectCode(() => shuffledBatches(length as number, options as ShuffleOptions), 'CONGRUENT_OPTION', text),
);
