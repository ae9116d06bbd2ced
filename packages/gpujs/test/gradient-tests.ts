import { expect, test } from 'vitest';
import { GRU, type GRUGradients, packPaddedSequence, type Tensor } from '../src/index.ts';
import { counts, keptPlanes } from './instruments.ts';
import { compare, type Device, input, sizes } from './samples.ts';

/** What conformance does not see of gradients. */
export function gradientTests(device: Device): void {
  const onDevice = device !== 'cpu' && device !== 'webasm';
  const round = async (gru: (typeof GRU)['prototype'], ...shape: number[]) => {
    const { output, hn, pullback } = await gru.vjp(input(...shape));
    using back = pullback;
    await back({ output, hn });
    return await back({ output });
  };

  test('vjp and pullback of another number of steps compile nothing: whole and packed', async () => {
    using gru = await GRU.create({ ...sizes, dropout: 0.5, device });
    await round(gru, 5, 4, 3);
    const before = counts.builds;
    for (const T of [1, 2, 6, 7, 33, 100]) await round(gru, T, 4, 3);
    const { output, pullback } = await gru.vjp(packPaddedSequence(input(9, 4, 3), [9, 7, 3, 1]));
    await pullback({ output });
    expect(counts.builds - before).toBe(0);
  });

  test('nothing is read back but results and gradients, however many the steps', async () => {
    using gru = await GRU.create({ ...sizes, device });
    const readsOf = async <R>(work: () => Promise<R>): Promise<[R, number]> => {
      const before = counts.reads;
      const result = await work();
      return [result, counts.reads - before];
    };
    const runs = sizes.numLayers * 2;
    for (const T of [1, 60]) {
      const [{ output, pullback }, forwards] = await readsOf(() => gru.vjp(input(T, 4, 3)));
      const [, backwards] = await readsOf(() => pullback({ output }));
      // Of each layer and direction h0, and three sums that the gradients of its four parameters are parts of.
      expect([forwards, backwards]).toEqual(onDevice ? [1 + runs, 1 + 4 * runs] : [0, 0]);
    }
  });

  test.each([
    ['wider', { inputSize: 2, hiddenSize: 690 }, 2],
    ['higher', { inputSize: 2, hiddenSize: 3 }, 2101],
  ] as const)('planes %s than 2048 give the gradients that cpu gives', async (_, large, T) => {
    using gru = await GRU.create({ ...large, device });
    using reference = await GRU.create({ ...large, device: 'cpu' });
    const [got, expected] = [await round(gru, T, 1, 2), await round(reference, T, 1, 2)];
    const gradients = ({ input, h0, parameters }: GRUGradients): Record<string, Tensor> => ({
      input,
      h0,
      ...parameters,
    });
    for (const [name, { data, shape }] of Object.entries(gradients(expected))) {
      const other = gradients(got)[name]!;
      const { difference, scale } = compare(other.data, data);
      expect([name, other.shape, difference < 1e-5 * scale]).toEqual([name, shape, true]);
    }
  });

  test('a pullback that is disposed of leaves nothing behind, whatever the lengths', async () => {
    using gru = await GRU.create({ ...sizes, dropout: 0.5, device });
    await round(gru, 3, 2, 3);
    const before = counts.livePlanes + keptPlanes();
    for (let T = 4; T < 24; T++) await round(gru, T, 2, 3);
    expect(counts.livePlanes + keptPlanes() - before).toBeLessThan(4);
  });

  test('a pullback holds of each run its rows, however many the steps', async () => {
    using gru = await GRU.create({ inputSize: 2, hiddenSize: 3, device });
    await round(gru, 20, 1, 2);
    const before = counts.livePlanes;
    counts.mostPlanes = before;
    const { output, pullback } = await gru.vjp(input(1000, 1, 2));
    expect(counts.livePlanes - before).toBeLessThan(5); // inputs, states, and everything else that is kept
    const { parameters } = await pullback({ output });
    expect(Object.values(parameters).every(({ data }) => data.every(Number.isFinite))).toBe(true);
    expect(counts.livePlanes - before).toBeLessThan(5);
    expect(counts.mostPlanes - before).toBeLessThan(100);
    expect(counts.mostPlanes > before, 'the instrument counts').toBe(onDevice);
    pullback.dispose();
    expect(counts.livePlanes - before).toBeLessThan(2);
  });
}
