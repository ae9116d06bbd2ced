// onnxruntime, asked to run a model: a node GRU, LSTM or RNN for each layer, chained as exporters of PyTorch chain them.
//
// - The operators, their inputs W, R, B, sequence_lens, initial_h, initial_c and attributes direction, hidden_size,
//   activations and linear_before_reset: https://onnx.ai/onnx/operators/onnx__GRU.html, …/onnx__LSTM.html, …/onnx__RNN.html
// - InferenceSession.create, session.run, session.release, Tensor: https://onnxruntime.ai/docs/api/js/
//
// A stream is a model of one step, whose Y_h (and Y_c) is the next step's initial_h (and initial_c).
import { importPeer } from '../folder.ts';
import type { OrtTensor, Runtime, Session } from '../peers/onnxruntime.ts';
import { initialName, lastName, onnxLayers } from './onnx-layers.ts';
import {
  type Batch,
  type BatchResult,
  directionsOf,
  EMPTY_BATCH,
  joined,
  type LayersWanted,
  NotOffered,
  type PeerAdapter,
  type PeerModel,
  part,
} from './peer-adapter.ts';

const adapter = (packageName: string, reading: string, options: object): PeerAdapter => ({
  name: packageName,
  packageName,
  reading,
  documentation: [
    'https://onnx.ai/onnx/operators/onnx__GRU.html',
    'https://onnx.ai/onnx/operators/onnx__LSTM.html',
    'https://onnx.ai/onnx/operators/onnx__RNN.html',
    'https://onnxruntime.ai/docs/api/js/',
  ],
  withoutGradients: 'the package is for inference',
  withoutFloat64: 'its kernels say that GRU and LSTM do “not support double yet”',
  async open(wanted) {
    const model = await onnxLayers(wanted);
    if (!model) throw new NotOffered(`the cell ${wanted.cell.name}: ONNX has no operator with its equations`);
    const ort = await importPeer<Runtime>(packageName);
    ort.env.wasm.numThreads = 1;
    return modelOf(ort, await ort.InferenceSession.create(model, options), wanted);
  },
});

/** In WebAssembly, with SIMD. */
export const onnxruntimeWeb: PeerAdapter = adapter('onnxruntime-web', 'the ONNX operators, in WebAssembly', {
  executionProviders: ['wasm'],
});

/** Machine code. */
export const onnxruntimeNode: PeerAdapter = adapter('onnxruntime-node', 'the ONNX operators, in machine code', {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
});

function modelOf({ Tensor }: Runtime, session: Session, wanted: LayersWanted): PeerModel {
  const { cell, inputSize, hiddenSize, weights } = wanted;
  const [D, L] = [directionsOf(wanted), weights.length];
  /** Each state of each layer, which is an input and an output of the model. */
  const states = cell.states.map(({ name }) => weights.map((_, layer) => ({ name, layer })));
  return {
    async forward({ steps, batch, input, lengths, initial }: Batch): Promise<BatchResult> {
      if (batch === 0) throw new NotOffered(EMPTY_BATCH);
      const length = L * D * batch * hiddenSize;
      const feeds: Record<string, OrtTensor> = {
        X: new Tensor('float32', input as Float32Array, [steps, batch, inputSize]),
        lengths: new Tensor('int32', Int32Array.from(lengths ?? new Array(batch).fill(steps)), [batch]),
      };
      for (const [index, layers] of states.entries()) {
        const all = (initial?.[index] ?? new Float32Array(length)) as Float32Array;
        for (const { name, layer } of layers) {
          feeds[initialName(name, layer)] = new Tensor('float32', part(all, layer, L), [D, batch, hiddenSize]);
        }
      }
      const results = await session.run(feeds);
      return {
        output: results['Y']!.data.slice(),
        last: states.map((layers) => joined(layers.map(({ name, layer }) => results[lastName(name, layer)]!.data))),
      };
    },
    dispose: () => void session.release(),
  };
}
