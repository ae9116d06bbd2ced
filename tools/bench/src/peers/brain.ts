import { importPeer } from '../folder.ts';
import type { Peer } from '../peer.ts';
import { stepsOf } from '../problem.ts';

/** What is used of brain.js. */
interface Brain {
  recurrent: {
    GRUTimeStep: new (options: { inputSize: number; hiddenLayers: number[]; outputSize: number }) => Net;
  };
}
interface Net {
  train(sequences: number[][][], options: object): unknown;
  run(sequence: number[][]): Float32Array;
}

/** brain.js' GRU has other equations (the reset comes before the product), float64 and a linear layer on top. */
export const brain: Peer = {
  name: 'brain.js',
  packageName: 'brain.js',
  note: 'other equations, and an output layer of I more rows: not comparable in results; training is one sequence after the other, each followed by a step of its optimiser, and is timed on one of the batch',
  sameEquations: false,
  // It starts anew with every call, so it cannot stream; a batch is one call after the other.
  does: ({ cell, kind, batch, layers }) =>
    cell === 'gru' && layers === 1 && (kind === 'training' || (kind === 'sequence' && batch === 1)),
  prepare: async (problem) => async () => {
    const { recurrent } = await importPeer<Brain>('brain.js');
    const { kind, batch, inputSize, hiddenSize } = problem.work;
    const net = new recurrent.GRUTimeStep({ inputSize, hiddenLayers: [hiddenSize], outputSize: inputSize });
    // Of a batch the first row, which is as long as all others.
    const sequence = stepsOf(problem).map((step) => [...step.subarray(0, inputSize)]);
    if (kind === 'training') {
      const run = () => {
        net.train([sequence], { iterations: 1 });
        return [];
      };
      return { run, share: 1 / batch };
    }
    // Only training makes its equations.
    net.train([sequence.slice(0, 2)], { iterations: 1 });
    return { run: () => net.run(sequence) };
  },
  page: `
    import { recurrent } from 'brain.js';
    globalThis.net = (options) => new recurrent.GRUTimeStep(options);`,
};
