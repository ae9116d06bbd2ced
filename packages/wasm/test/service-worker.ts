import { GRU, tensor } from '../src/index.ts';

declare function addEventListener(
  type: 'message',
  listener: (event: { readonly data: Float32Array; readonly ports: readonly [MessagePort] }) => void,
): void;

/** Answers a sequence of two features with the output of a GRU. */
addEventListener('message', ({ data, ports: [port] }) => {
  const gru = GRU.createSync({ inputSize: 2, hiddenSize: 3, seed: 5 });
  port.postMessage(gru.forward(tensor(data, [data.length / 2, 2])).output.data);
});
