// A layer as any place can make it that awaits nothing; gives the backend that runs it.
import { GRU, tensor } from 'congruent';

export function runLayer() {
  const gru = GRU.createSync({ inputSize: 2, hiddenSize: 4 });
  const { output, pullback } = gru.vjp(tensor(new Float32Array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), [3, 1, 2]));
  if (pullback({ output }).input.data.length !== 6) throw new Error('no gradients');
  return gru.backend;
}
