/// <reference lib="dom" />

import * as scalar from '@congruent/scalar';
import * as wasm from '../src/index.ts';

/** What a page found, as far as it can be sent. */
export interface PageReport {
  /** The codes and messages of the errors that `create` and `createSync` of wasm gave. */
  readonly errors: readonly { readonly code: string; readonly message: string }[];
  readonly wasm: Float32Array | undefined;
  readonly scalar: Float32Array;
}

const options = { inputSize: 2, hiddenSize: 3, seed: 5 };
const input = wasm.tensor([0.1, 0.2, 0.3, 0.4], [2, 1, 2]);

async function report(): Promise<PageReport> {
  const errors: { code: string; message: string }[] = [];
  let output: Float32Array | undefined;
  for (const create of [wasm.GRU.create, async (given: typeof options) => wasm.GRU.createSync(given)]) {
    try {
      output = (await create(options)).forward(input).output.data as Float32Array;
    } catch (error) {
      const { code, message } = error as wasm.CongruentError;
      errors.push({ code, message });
    }
  }
  const other = await scalar.GRU.create(options);
  return { errors, wasm: output, scalar: other.forward(input).output.data as Float32Array };
}

parent.postMessage(await report());
