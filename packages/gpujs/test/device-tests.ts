import { expect, test } from 'vitest';
import { GRU, GRUCell, packPaddedSequence, tensor } from '../src/index.ts';
import { counts, failDevice, keptPlanes, loseDevice, watchWebGPU } from './instruments.ts';
import { type Device, input, sizes } from './samples.ts';

/** What conformance does not see: where kernels run, how often they are compiled, and what stays behind. */
export function deviceTests(device: Device): void {
  const steps = 10_000;
  /** Elsewhere planes are arrays, and the garbage collector's. */
  const onDevice = device !== 'cpu' && device !== 'webasm';

  test('gru.device and cell.device are what was asked for', async () => {
    if (device === 'webgpu') await watchWebGPU();
    using gru = await GRU.create({ ...sizes, device });
    using cell = await GRUCell.create({ inputSize: 3, hiddenSize: 5, device });
    expect([gru.device, cell.device]).toEqual([device, device]);
    await gru.forward(input(5, 4, 3));
    expect(counts.builds, 'the instrument counts').toBeGreaterThan(0);
  });

  test('another number of steps compiles nothing: whole, packed, and streamed', async () => {
    using gru = await GRU.create({ ...sizes, device });
    using single = await GRU.create({ inputSize: 3, hiddenSize: 5, device });
    const stream = single.stream({ batchSize: 4 });
    await gru.forward(input(5, 4, 3));
    await stream.step(input(4 * 3).data);
    const before = counts.builds;
    for (const T of [1, 2, 6, 7, 33, 100]) await gru.forward(input(T, 4, 3));
    await gru.forward(packPaddedSequence(input(9, 4, 3), [9, 7, 3, 1]));
    for (let step = 0; step < 20; step++) await stream.step(input(4 * 3).data);
    expect(counts.builds - before).toBe(0);
  });

  test('another batch compiles nothing, or on webasm nothing the second time', async () => {
    using gru = await GRU.create({ ...sizes, device });
    const batches = [1, 2, 3, 64];
    if (device === 'webasm') for (const B of batches) await gru.forward(input(3, B, 3));
    else await gru.forward(input(3, 5, 3));
    const before = counts.builds;
    for (const B of batches) await gru.forward(input(3, B, 3));
    expect(counts.builds - before).toBe(0);
  });

  test('nothing is read back but the results, however many the steps', async () => {
    using gru = await GRU.create({ ...sizes, device });
    using stack = await GRU.create({ inputSize: 3, hiddenSize: 5, numLayers: 3, device });
    const readsOf = async (work: () => unknown): Promise<number> => {
      const before = counts.reads;
      await work();
      return counts.reads - before;
    };
    const results = onDevice ? 1 + sizes.numLayers * 2 : 0; // output, and the final state of each layer and direction
    expect(await readsOf(() => gru.forward(input(1, 4, 3)))).toBe(results);
    expect(await readsOf(() => gru.forward(input(60, 4, 3)))).toBe(results);
    const stream = stack.stream();
    expect(await readsOf(() => stream.step(input(3).data))).toBe(onDevice ? 1 : 0);
  });

  test('sums of more blocks than the 1000 rounds that gpu.js by default ends loops after are whole', async () => {
    const inputSize = 70_000;
    using gru = await GRU.create({ inputSize, hiddenSize: 1, bias: false, device });
    const weights = new Float32Array(3 * inputSize).fill(0.5 / inputSize);
    gru.loadStateDict({ weight_ih_l0: tensor(weights, [3, inputSize]), weight_hh_l0: tensor([1, 1, 1], [3, 1]) });
    const { hn } = await gru.forward(tensor(new Float32Array(inputSize).fill(1), [1, 1, inputSize]));
    expect(hn.data[0]).toBeCloseTo((1 - 1 / (1 + Math.exp(-0.5))) * Math.tanh(0.5), 5);
  });

  test.each([
    ['wider', { inputSize: 2, hiddenSize: 690 }, 2],
    ['higher', { inputSize: 2, hiddenSize: 3 }, 2101],
  ] as const)('planes %s than 2048, the side that any texture can have, give what cpu gives', async (_, large, T) => {
    using gru = await GRU.create({ ...large, device });
    using reference = await GRU.create({ ...large, device: 'cpu' });
    const [{ output }, expected] = [await gru.forward(input(T, 1, 2)), await reference.forward(input(T, 1, 2))];
    const difference = output.data.map((value, i) => Math.abs(value - expected.output.data[i]!));
    expect(Math.max(...difference)).toBeLessThan(2e-6);
    expect(output.shape).toEqual(expected.output.shape);
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
    expect(counts.mostPlanes > before, 'the instrument counts').toBe(onDevice);
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
}

/** Failing and losing a device; to be called last, as it really happens. */
export function lossTests(device: 'webgpu' | 'webgl2' | 'webgl'): void {
  test('an error of the device that belongs to no call is GRU_DEVICE, and a new GRU works', async () => {
    using gru = await GRU.create({ ...sizes, device });
    const expected = await gru.forward(input(6, 2, 3));
    await failDevice(device);
    await expect(gru.forward(input(6, 2, 3))).rejects.toMatchObject({ code: 'GRU_DEVICE' });
    await expect(gru.forward(input(6, 2, 3))).rejects.toMatchObject({ code: 'GRU_DEVICE' });
    using fresh = await GRU.create({ ...sizes, device });
    fresh.loadStateDict(gru.stateDict());
    expect(await fresh.forward(input(6, 2, 3))).toEqual(expected);
    const { output, pullback } = await fresh.vjp(input(6, 2, 3));
    await failDevice(device);
    await expect(pullback({ output })).rejects.toMatchObject({ code: 'GRU_DEVICE' });
    await expect(fresh.vjp(input(6, 2, 3))).rejects.toMatchObject({ code: 'GRU_DEVICE' });
  });

  test('a lost device rejects pending and later calls with GRU_DEVICE_LOST, and a new GRU works', async () => {
    const gru = await GRU.create({ ...sizes, device });
    const { pullback, ...expected } = await gru.vjp(input(6, 2, 3));
    const { output } = expected;
    const lost = { code: 'GRU_DEVICE_LOST' };
    const pending = [gru.forward(input(50, 2, 3)), pullback({ output }), gru.vjp(input(50, 2, 3))];
    const refused = pending.map((call) => expect(call).rejects.toMatchObject(lost));
    await loseDevice(device);
    await Promise.all(refused);
    await expect(gru.forward(input(6, 2, 3))).rejects.toMatchObject(lost);
    await expect(gru.vjp(input(6, 2, 3))).rejects.toMatchObject(lost);
    await expect(pullback({ output })).rejects.toMatchObject(lost);
    pullback.dispose();
    using fresh = await GRU.create({ ...sizes, device });
    fresh.loadStateDict(gru.stateDict());
    gru.dispose();
    const again = await fresh.forward(input(6, 2, 3));
    expect(fresh.device).toBe(device);
    expect(again).toEqual(expected);
  });
}
