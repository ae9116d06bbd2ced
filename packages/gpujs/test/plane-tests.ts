import { expect, test } from 'vitest';
import { GRU } from '../src/index.ts';
import { counts, keptPlanes } from './instruments.ts';
import { type Graphics, input, round, sizes } from './samples.ts';

/** What is read back, and what stays behind; elsewhere planes are arrays, and the garbage collector's. */
export function planeTests(device: Graphics): void {
  const steps = 10_000;

  test('nothing is read back but the results, however many the steps', async () => {
    using gru = await GRU.create({ ...sizes, device });
    using stack = await GRU.create({ inputSize: 3, hiddenSize: 5, numLayers: 3, device });
    const readsOf = async (work: () => unknown): Promise<number> => {
      const before = counts.reads;
      await work();
      return counts.reads - before;
    };
    const results = 1 + sizes.numLayers * 2; // output, and the final state of each layer and direction
    expect(await readsOf(() => gru.forward(input(1, 4, 3)))).toBe(results);
    expect(await readsOf(() => gru.forward(input(60, 4, 3)))).toBe(results);
    const stream = stack.stream();
    expect(await readsOf(() => stream.step(input(3).data))).toBe(1);
  });

  test(`a sequence of ${steps} steps leaves nothing behind, and holds little more than its rows meanwhile`, async () => {
    using gru = await GRU.create({ inputSize: 2, hiddenSize: 3, device });
    await gru.forward(input(20, 1, 2));
    const before = counts.livePlanes;
    counts.mostPlanes = before;
    const { output } = await gru.forward(input(steps, 1, 2));
    expect(output.data.every(Number.isFinite)).toBe(true);
    expect(counts.livePlanes - before).toBeLessThan(4);
    expect(counts.mostPlanes - before).toBeLessThan(100);
    expect(counts.mostPlanes, 'the instrument counts').toBeGreaterThan(before);
  });

  test(`${steps} steps of a stream leave nothing behind`, async () => {
    using gru = await GRU.create({ inputSize: 2, hiddenSize: 3, device });
    const stream = gru.stream();
    const x = input(2).data;
    for (let step = 0; step < 10; step++) await stream.step(x);
    const before = counts.livePlanes;
    let y: ArrayLike<number> = [];
    for (let step = 0; step < steps; step++) y = await stream.step(x);
    expect(Array.from(y).every(Number.isFinite)).toBe(true);
    expect(counts.livePlanes - before).toBeLessThan(4);
  });

  test('sequences of many lengths leave nothing behind', async () => {
    using gru = await GRU.create({ ...sizes, device });
    await gru.forward(input(3, 2, 3));
    const before = counts.livePlanes + keptPlanes();
    for (let T = 4; T < 44; T++) await gru.forward(input(T, 2, 3));
    expect(counts.livePlanes + keptPlanes() - before).toBeLessThan(4);
  });

  test('a disposed GRU leaves nothing behind, nor do its pullbacks', async () => {
    const live = async (): Promise<number> => {
      using gru = await GRU.create({ ...sizes, device });
      await gru.forward(input(4, 2, 3));
      const { output, pullback } = await gru.vjp(input(4, 2, 3));
      await pullback({ output });
      await gru.vjp(input(4, 2, 3));
      return counts.livePlanes;
    };
    await live();
    const before = counts.livePlanes;
    for (let i = 0; i < 10; i++) await live();
    expect(counts.livePlanes - before).toBeLessThan(4);
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
      expect([forwards, backwards]).toEqual([1 + runs, 1 + 4 * runs]);
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
    expect(counts.mostPlanes, 'the instrument counts').toBeGreaterThan(before);
    pullback.dispose();
    expect(counts.livePlanes - before).toBeLessThan(2);
  });
}
