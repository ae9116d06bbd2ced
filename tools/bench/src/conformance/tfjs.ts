// TensorFlow.js, asked for its own layers: tf.layers.gru, tf.layers.lstm and tf.layers.simpleRNN, a layer for each direction.
//
// - The layers, with returnSequences, returnState, goBackwards, useBias, recurrentActivation; setWeights; apply with
//   initialState and mask: https://js.tensorflow.org/api/latest/#layers.gru, …#layers.lstm, …#layers.simpleRNN
// - Gradients by tf.variableGrads, of the layers' weights, and of inputs and states made variables:
//   https://js.tensorflow.org/api/latest/#variableGrads
//
// Its GRU acts as `resetAfter: false` here, and refuses `resetAfter: true`. Its layers have one bias where torch has two; it
// is given their sum, so the gradient of each is that of the sum. A stream is one step, given the states of the last one.
import { importPeer } from '../folder.ts';
import { biasOf, fromKeras, gatesOf, toKeras } from './keras-weights.ts';
import {
  type Batch,
  type BatchGradients,
  type BatchResult,
  directionsOf,
  type LayersWanted,
  NotOffered,
  type PeerAdapter,
  type PeerModel,
} from './peer-adapter.ts';
import { runStack, type Stack, type Tf, type TfLayer, tensorsOf } from './tfjs-stack.ts';

export const tfjs: PeerAdapter = {
  name: 'tfjs',
  packageName: '@tensorflow/tfjs',
  reading:
    'its own layers (`tf.layers`), their one bias being the sum of torch’s two, in plain JavaScript (the backend `cpu`)',
  documentation: [
    'https://js.tensorflow.org/api/latest/#layers.gru',
    'https://js.tensorflow.org/api/latest/#layers.lstm',
    'https://js.tensorflow.org/api/latest/#layers.simpleRNN',
    'https://js.tensorflow.org/api/latest/#variableGrads',
  ],
  withoutFloat64: 'its dtypes are float32, int32, bool, complex64 and string',
  async open(wanted) {
    const tf = await importPeer<Tf>('@tensorflow/tfjs');
    await tf.setBackend('cpu');
    const stack = wanted.weights.map((sides, layer) =>
      sides.map((weights, direction) => {
        const made = layerOf(tf, wanted, direction === 1);
        const width = layer === 0 ? wanted.inputSize : directionsOf(wanted) * wanted.hiddenSize;
        made.apply(tf.input({ shape: [null, width] }));
        const kernels = ['weight_ih', 'weight_hh'].map((name) => {
          const { data, shape } = weights[name]!;
          return tf.tensor(toKeras(wanted.cell, data, shape[0]!), [shape[1]!, shape[0]!]);
        });
        made.setWeights(wanted.bias ? [...kernels, tf.tensor1d(biasOf(wanted.cell, weights))] : kernels);
        return made;
      }),
    );
    return modelOf(tf, wanted, stack);
  },
};

/** As the weights are set anyway: its initializers take long. */
const ZEROS = { kernelInitializer: 'zeros', recurrentInitializer: 'zeros' };

/** One direction of one layer. */
function layerOf(tf: Tf, { cell, hiddenSize, bias }: LayersWanted, goBackwards: boolean): TfLayer {
  const options = { units: hiddenSize, useBias: bias, returnSequences: true, returnState: true, goBackwards, ...ZEROS };
  switch (cell.name) {
    case 'gru_reset_before':
      return tf.layers.gru({ ...options, recurrentActivation: 'sigmoid' });
    case 'lstm':
      return tf.layers.lstm({ ...options, recurrentActivation: 'sigmoid' });
    case 'rnn_tanh':
    case 'rnn_relu':
      return tf.layers.simpleRNN({ ...options, activation: cell.name === 'rnn_relu' ? 'relu' : 'tanh' });
    case 'gru':
      throw new NotOffered('the cell gru: its GRU layer refuses resetAfter: true');
    default:
      throw new NotOffered(`the cell ${cell.name}: no layer with its equations`);
  }
}

function modelOf(tf: Tf, wanted: LayersWanted, stack: Stack): PeerModel {
  const count = wanted.cell.states.length;
  return {
    forward: async (batch: Batch): Promise<BatchResult> =>
      tf.tidy(() => {
        const { input, initial, mask } = tensorsOf(tf, wanted, batch);
        const { output, last } = runStack(tf, stack, input, initial, mask);
        return {
          output: tf.transpose(output, [1, 0, 2]).dataSync(),
          last: Array.from({ length: count }, (_, state) =>
            tf
              .concat(
                last.map((states) => states[state]!),
                0,
              )
              .dataSync(),
          ),
        };
      }),
    gradients: async (batch, cotangents) => tf.tidy(() => gradientsOf(tf, wanted, stack, batch, cotangents)),
    dispose: () => {
      for (const layer of stack.flat()) layer.dispose();
    },
  };
}

function gradientsOf(
  tf: Tf,
  wanted: LayersWanted,
  stack: Stack,
  batch: Batch,
  cotangents: BatchResult,
): BatchGradients {
  const { cell, hiddenSize, weights } = wanted;
  const { steps, batch: B } = batch;
  const count = stack.flat().length;
  const zeros = () => new Float32Array(count * B * hiddenSize);
  const given = { ...batch, initial: batch.initial ?? cell.states.map(zeros) };
  const { input, initial, mask } = tensorsOf(tf, wanted, given);
  const x = tf.variable(input);
  const states = initial!.map((each) => each.map((state) => tf.variable(state)));
  const width = directionsOf(wanted) * hiddenSize;
  const fed = tf.transpose(tf.tensor(cotangents.output, [steps, B, width]), [1, 0, 2]);
  const fedStates = tensorsOf(tf, wanted, { ...batch, initial: cotangents.last }).initial!;
  const { grads } = tf.variableGrads(() => {
    const { output, last } = runStack(tf, stack, x, states, mask);
    const sums = last.flatMap((each, index) => each.map((state, s) => tf.sum(tf.mul(state, fedStates[index]![s]!))));
    return tf.addN([tf.sum(tf.mul(output, fed)), ...sums]);
  });
  const dataOf = (name: string) => grads[name]!.dataSync();
  const result: BatchGradients = {
    input: tf.transpose(grads[x.name]!, [1, 0, 2]).dataSync(),
    initial: cell.states.map((_, s) =>
      tf
        .concat(
          states.map((each) => grads[each[s]!.name]!),
          0,
        )
        .dataSync(),
    ),
    weights: weights.map((sides, layer) =>
      sides.map((_, direction) => {
        const [kernel, recurrent, bias] = stack[layer]![direction]!.trainableWeights.map(({ name }) => dataOf(name));
        const rows = gatesOf(cell) * hiddenSize;
        const both = bias && fromKeras(cell, bias, rows);
        return {
          weight_ih: fromKeras(cell, kernel!, rows),
          weight_hh: fromKeras(cell, recurrent!, rows),
          ...(both && { bias_ih: both, bias_hh: both.slice() }),
        };
      }),
    ),
  };
  for (const variable of [x, ...states.flat()]) variable.dispose();
  return result;
}
