/// <reference lib="dom" />

import { GRU, tensor } from '../src/index.ts';

/** What a page found, as far as it can be sent. */
export interface PageReport {
  /** The code of the error of `createSync` before anything was awaited. */
  readonly code: string | undefined;
  readonly backends: readonly string[];
  readonly output: Float32Array;
}

const options = { inputSize: 2, hiddenSize: 3, seed: 5 };

async function report(): Promise<PageReport> {
  let code: string | undefined;
  try {
    GRU.createSync(options);
  } catch (error) {
    ({ code } = error as { code: string });
  }
  const gru = await GRU.create(options);
  const { output } = gru.forward(tensor([0.1, 0.2, 0.3, 0.4], [2, 1, 2]));
  return { code, backends: [gru.backend, GRU.createSync(options).backend], output: output.data as Float32Array };
}

parent.postMessage(await report());
