/// <reference lib="dom" />

import * as scalar from '@congruent/scalar';
import { expect, test } from 'vitest';
import withFloat64 from './float64-sync-worker.ts?worker&url';
import withoutFloat64 from './float64-worker.ts?worker&url';
import workerUrl from './service-worker.ts?worker&url';

/** What a service worker answers. */
async function answerOf(url: string, message: unknown): Promise<unknown> {
  const registration = await navigator.serviceWorker.register(url, { type: 'module' });
  try {
    const worker = (registration.installing ?? registration.active)!;
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
    });
    worker.postMessage(message, [port2]);
    return await answer;
  } finally {
    await registration.unregister();
  }
}

test('a service worker runs a GRU, with the bits of @congruent/scalar', async () => {
  const input = Float32Array.of(0.1, 0.2, 0.3, 0.4);
  const gru = await scalar.GRU.create({ inputSize: 2, hiddenSize: 3, seed: 5 });
  const expected = gru.forward(scalar.tensor(input, [2, 2])).output.data;
  expect(await answerOf(workerUrl, input)).toEqual(expected);
});

const options = { inputSize: 2, hiddenSize: 3, seed: 5, dtype: 'float64' } as const;

test('where import() is not allowed, a module that would be loaded is CONGRUENT_UNSUPPORTED, with the remedy', async () => {
  expect(await answerOf(withoutFloat64, options)).toMatchObject({
    code: 'CONGRUENT_UNSUPPORTED',
    message: expect.stringMatching(
      /gru\.float64 cannot be loaded \(import\(\) is disallowed.*\): import '@congruent\/wasm\/sync\/gru\.float64' beforehand/,
    ),
  });
});

test('the remedy helps', async () => {
  const gru = await scalar.GRU.create(options);
  expect(await answerOf(withFloat64, options)).toEqual(gru.stateDict()['bias_ih_l0']!.data);
});
