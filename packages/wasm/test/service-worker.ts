import { GRU, tensor } from '../src/index.ts';
import { answer } from './worker-answers.ts';

/** Answers a sequence of two features with the output of a GRU. */
answer((data) => {
  const gru = GRU.createSync({ inputSize: 2, hiddenSize: 3, seed: 5 });
  return gru.forward(tensor(data as Float32Array, [(data as Float32Array).length / 2, 2])).output.data;
});
