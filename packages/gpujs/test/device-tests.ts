import { expect, test } from 'vitest';
import { GRU, GRUCell, packPaddedSequence } from '../src/index.ts';
import { counts, failDevice, loseDevice, watchWebGPU } from './instruments.ts';
import { type Device, type Graphics, input, sizes } from './samples.ts';

/** What conformance does not see: where kernels run, and how often they are compiled. */
export function deviceTests(device: Device): void {
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
}

/** Failing and losing a device; to be called last, as it really happens. */
export function lossTests(device: Graphics): void {
  test('an error of the device that belongs to no call is CONGRUENT_DEVICE, and a new GRU works', async () => {
    using gru = await GRU.create({ ...sizes, device });
    const expected = await gru.forward(input(6, 2, 3));
    await failDevice(device);
    await expect(gru.forward(input(6, 2, 3))).rejects.toMatchObject({ code: 'CONGRUENT_DEVICE' });
    await expect(gru.forward(input(6, 2, 3))).rejects.toMatchObject({ code: 'CONGRUENT_DEVICE' });
    using fresh = await GRU.create({ ...sizes, device });
    fresh.loadStateDict(gru.stateDict());
    expect(await fresh.forward(input(6, 2, 3))).toEqual(expected);
    const { output, pullback } = await fresh.vjp(input(6, 2, 3));
    await failDevice(device);
    await expect(pullback({ output })).rejects.toMatchObject({ code: 'CONGRUENT_DEVICE' });
    await expect(fresh.vjp(input(6, 2, 3))).rejects.toMatchObject({ code: 'CONGRUENT_DEVICE' });
  });

  test('a lost device rejects pending and later calls with CONGRUENT_DEVICE_LOST, and a new GRU works', async () => {
    const gru = await GRU.create({ ...sizes, device });
    const { pullback, ...expected } = await gru.vjp(input(6, 2, 3));
    const { output } = expected;
    const lost = { code: 'CONGRUENT_DEVICE_LOST' };
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
