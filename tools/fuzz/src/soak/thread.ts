// One of several threads: a layer, a sequence, a stream and gradients; gives their bits.
import { parentPort, workerData } from 'node:worker_threads';
import type { Thing } from '../backends.ts';

const { GRU }: Readonly<Record<string, Thing>> = await import(`@congruent/${workerData}`);
const gru = (await GRU!['create']!({ inputSize: 4, hiddenSize: 16, numLayers: 2 })) as Thing;
const data = Float32Array.from({ length: 80 }, (_, i) => Math.sin(i));
const { output, pullback } = (await gru['vjp']!({ data, shape: [10, 2, 4] })) as {
  readonly output: { readonly data: Float32Array };
  pullback(gradients: object): Promise<{ readonly input: { readonly data: Float32Array } }>;
};
const { input } = await pullback({ output });
const stream = gru['stream']!() as Thing;
const y = (await stream['step']!(data.slice(0, 4))) as Float32Array;
parentPort!.postMessage([output.data, input.data, y].map((each) => Buffer.from(each.buffer).toString('base64')).join());
