import type { GRUOptions } from '@congruent/runtime';
import { expect, test } from 'vitest';
import { collect } from './collect.ts';

/** A GRU of any backend. */
interface Streamed extends Disposable {
  eval(): unknown;
  stream(): { step(x: Float32Array): unknown };
}

interface Backend {
  readonly GRU: { create(options: GRUOptions): Promise<Streamed> };
}

/** Bytes of objects and arrays that are alive. Dead arrays are freed beside the program, and all before the next collection. */
function bytesAlive(): number {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/**
 * Registers the test, of a backend whose buffers are arrays.
 *
 * @param options  of the layer beside its sizes, e.g. a device
 */
export const droppedStreamsHoldNothing = ({ GRU }: Backend, options: object = {}): void =>
  test('a loop that never lets the event loop turn holds none of the streams that it drops', async () => {
    using gru = await GRU.create({ inputSize: 16, hiddenSize: 64, numLayers: 2, ...options });
    const x = new Float32Array(16).fill(0.1);
    const open = async (count: number): Promise<void> => {
      for (let stream = 0; stream < count; stream++) await gru.stream().step(x);
    };
    await open(20);
    const before = bytesAlive();
    await open(3000);
    // The states and outputs of one are 4 · 64 elements: those of all are above 3 MB.
    expect(bytesAlive() - before).toBeLessThan(1_000_000);
  });
