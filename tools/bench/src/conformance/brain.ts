// brain.js, asked for GRUTimeStep and RNNTimeStep of `recurrent`: sequences of arrays of numbers in, arrays out.
//
// - Options inputSize, hiddenLayers, outputSize; run; fromJSON: https://www.npmjs.com/package/brain.js/v/1.6.1
//
// Its GRU's reset gate acts before the product, its RNN has relu, and its LSTM has one state, which is not the LSTM. Each has
// one bias, which is given the sum of torch's two, and a linear layer on top, which is given the identity. `run` begins
// with zeros and gives what belongs to the last step: a sequence is run anew to each of its steps.
import type { FloatArray } from '@congruent/runtime';
import { importPeer } from '../folder.ts';
import {
  type Batch,
  type BatchResult,
  directionsOf,
  type LayersWanted,
  NotOffered,
  type PeerAdapter,
  part,
  type Weights,
} from './peer-adapter.ts';

/** What is used of brain.js. */
interface Brain {
  readonly recurrent: Readonly<Record<'GRUTimeStep' | 'RNNTimeStep', new () => Net>>;
}
interface Net {
  fromJSON(json: object): void;
  /** Of nets of one input, numbers in and out. */
  run(sequence: number[][] | number[]): Float32Array | number;
}

/** A cell as brain.js has it: the class, and its names of each gate's weights and bias, in torch's order. */
const CELLS: Readonly<Record<string, { readonly net: keyof Brain['recurrent']; readonly gates: readonly Gate[] }>> = {
  gru_reset_before: {
    net: 'GRUTimeStep',
    gates: ['resetGate', 'updateGate', 'cellWrite'].map((gate) => ({
      ofInput: `${gate}InputMatrix`,
      ofState: `${gate}HiddenMatrix`,
      bias: `${gate}Bias`,
    })),
  },
  rnn_relu: { net: 'RNNTimeStep', gates: [{ ofInput: 'weight', ofState: 'transition', bias: 'bias' }] },
};

interface Gate {
  readonly ofInput: string;
  readonly ofState: string;
  readonly bias: string;
}

export const brain: PeerAdapter = {
  name: 'brain.js',
  packageName: 'brain.js',
  reading: 'its own nets (`recurrent.…TimeStep`), the linear layer on top being the identity',
  documentation: ['https://www.npmjs.com/package/brain.js/v/1.6.1'],
  withoutGradients: 'training changes the weights, and gives no gradients',
  withoutFloat64: 'its matrices are float32',
  async open(wanted) {
    const { cell, inputSize, hiddenSize, weights } = wanted;
    const kind = CELLS[cell.name];
    if (!kind) throw new NotOffered(`the cell ${cell.name}: no net with its equations`);
    if (directionsOf(wanted) === 2) throw new NotOffered('two directions');
    if (weights.length > 1) throw new NotOffered('the last states of stacked layers');
    if (inputSize === 1 && hiddenSize > 1) throw new NotOffered('more than one number out for one number in');
    const { recurrent } = await importPeer<Brain>('brain.js');
    const net = new recurrent[kind.net]();
    net.fromJSON(jsonOf(wanted, kind.gates));
    return { forward: async (batch) => run(net, wanted, batch), dispose: () => {} };
  },
};

/** The net as its `toJSON` has it. */
function jsonOf({ inputSize, hiddenSize: H, weights }: LayersWanted, gates: readonly Gate[]): object {
  const [side] = weights[0]!;
  const matrix = (rows: number, columns: number, weights: FloatArray) => ({ rows, columns, weights });
  const layer = gates.flatMap(({ ofInput, ofState, bias }, gate) => {
    const of = (data: FloatArray) => part(data, gate, gates.length);
    return [
      [ofInput, matrix(H, inputSize, of(side!['weight_ih']!.data))],
      [ofState, matrix(H, H, of(side!['weight_hh']!.data))],
      [bias, matrix(H, 1, of(biasOf(side!, gates.length * H)))],
    ] as const;
  });
  const identity = Float32Array.from({ length: H * H }, (_, i) => (i % (H + 1) === 0 ? 1 : 0));
  return {
    options: { inputSize, hiddenLayers: [H], outputSize: H },
    input: matrix(0, 0, new Float32Array()),
    hiddenLayers: [Object.fromEntries(layer)],
    outputConnector: matrix(H, H, identity),
    output: matrix(H, 1, new Float32Array(H)),
  };
}

const biasOf = ({ bias_ih, bias_hh }: Weights, length: number): FloatArray =>
  Float32Array.from({ length }, (_, i) => (bias_ih?.data[i] ?? 0) + (bias_hh?.data[i] ?? 0));

/** Each sequence alone, to each of its steps. */
function run(net: Net, { inputSize, hiddenSize: H }: LayersWanted, given: Batch): BatchResult {
  const { steps, batch, input, lengths, initial } = given;
  if (initial) throw new NotOffered('initial states');
  // Zeros of the identity times infinity are NaN.
  if (!input.every(Number.isFinite)) throw new NotOffered('infinite numbers, as there is a linear layer on top');
  const output = new Float32Array(steps * batch * H);
  const last = new Float32Array(batch * H);
  for (let b = 0; b < batch; b++) {
    const sequence: number[][] = [];
    for (let t = 0; t < (lengths?.[b] ?? steps); t++) {
      const at = (t * batch + b) * inputSize;
      sequence.push([...input.subarray(at, at + inputSize)]);
      const y = numbersOf(net.run(inputSize === 1 ? sequence.flat() : sequence));
      output.set(y, (t * batch + b) * H);
      last.set(y, b * H);
    }
  }
  return { output, last: [last] };
}

const numbersOf = (result: Float32Array | number): Float32Array =>
  typeof result === 'number' ? Float32Array.of(result) : result;
