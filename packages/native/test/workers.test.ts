import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import { GRU, tensor } from '../src/index.ts';

/** Beside `src`, so that it finds the addon where that does; nothing of it is kept. */
const bundle = new URL('../reports/native.mjs', import.meta.url);

beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
    outfile: fileURLToPath(bundle),
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    conditions: ['@congruent/source'],
  });
});

const options = { inputSize: 8, hiddenSize: 40, numLayers: 2, bidirectional: true, threads: 3 };
const input = Float32Array.from({ length: 30 * 5 * 8 }, (_, index) => Math.sin(index));

/** A worker whose code has the GRU, the options and the input. */
const start = (code: string): Worker =>
  new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.bundle).then(({ GRU, tensor }) => {
      const { options, input } = workerData;
      const gru = GRU.createSync(options);
      const forward = () => gru.forward(tensor(input, [30, 5, 8])).output.data;
      ${code}
    });`,
    { eval: true, workerData: { bundle: bundle.href, options, input } },
  );

test('a GRU in each of several workers at the same time gives the bits of one here', async () => {
  using gru = GRU.createSync(options);
  const { data } = gru.forward(tensor(input, [30, 5, 8])).output;
  const workers = Array.from({ length: 4 }, () =>
    start('for (let round = 0; round < 50; round++) forward(); parentPort.postMessage(forward());'),
  );
  const [results, codes] = await Promise.all(
    ['message', 'exit'].map((event) => Promise.all(workers.map((worker) => once(worker, event)))),
  );
  for (const [result] of results!) expect(result).toEqual(data);
  expect(codes).toEqual(workers.map(() => [0]));
});

test('a worker that is ended in the middle of its work takes its threads along, and nothing else', async () => {
  using gru = GRU.createSync(options);
  const before = gru.forward(tensor(input, [30, 5, 8])).output.data;
  for (let round = 0; round < 5; round++) {
    const worker = start("parentPort.postMessage('at work'); for (;;) forward();");
    await once(worker, 'message');
    await worker.terminate();
  }
  expect(gru.forward(tensor(input, [30, 5, 8])).output.data).toEqual(before);
});
