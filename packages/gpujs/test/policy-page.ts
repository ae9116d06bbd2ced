/// <reference lib="dom" />

import { GRU, tensor } from '../src/index.ts';

/** By device: which it is that ran, or the error's code and message. */
export type PageReport = Readonly<Record<string, string>>;

async function ran(device: 'auto' | 'webasm' | 'cpu'): Promise<string> {
  try {
    using gru = await GRU.create({ inputSize: 2, hiddenSize: 3, device });
    await gru.forward(tensor([0.1, 0.2, 0.3, 0.4], [2, 1, 2]));
    return gru.device!;
  } catch (error) {
    return String(error);
  }
}

// What is left to `auto` is what is not a GPU.
for (const name of ['HTMLCanvasElement', 'OffscreenCanvas'] as const) {
  Object.assign(globalThis[name].prototype, { getContext: () => null });
}
Object.defineProperty(navigator, 'gpu', { value: undefined });

parent.postMessage({ auto: await ran('auto'), webasm: await ran('webasm'), cpu: await ran('cpu') });
