import { expect, test } from 'vitest';
import { GRU, packPaddedSequence } from '../src/index.ts';
import { counts } from './instruments.ts';
import { type Device, input, round, sizes } from './samples.ts';

/** What conformance does not see of gradients. */
export function gradientTests(device: Device): void {
  test('vjp and pullback of another number of steps compile nothing: whole and packed', async () => {
    using gru = await GRU.create({ ...sizes, dropout: 0.5, device });
    await round(gru, 5, 4, 3);
    const before = counts.builds;
    for (const T of [1, 2, 6, 7, 33, 100]) await round(gru, T, 4, 3);
    const { output, pullback } = await gru.vjp(packPaddedSequence(input(9, 4, 3), [9, 7, 3, 1]));
    await pullback({ output });
    expect(counts.builds - before).toBe(0);
  });
}
