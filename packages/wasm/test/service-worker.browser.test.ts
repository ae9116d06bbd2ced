/// <reference lib="dom" />

import * as scalar from '@congruent/scalar';
import { expect, test } from 'vitest';
import workerUrl from './service-worker.ts?worker&url';

test('a service worker runs a GRU, with the bits of @congruent/scalar', async () => {
  const registration = await navigator.serviceWorker.register(workerUrl, { type: 'module' });
  try {
    const worker = (registration.installing ?? registration.active)!;
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
    });
    const input = Float32Array.of(0.1, 0.2, 0.3, 0.4);
    worker.postMessage(input, [port2]);
    const gru = await scalar.GRU.create({ inputSize: 2, hiddenSize: 3, seed: 5 });
    expect(await answer).toEqual(gru.forward(scalar.tensor(input, [2, 2])).output.data);
  } finally {
    await registration.unregister();
  }
});
