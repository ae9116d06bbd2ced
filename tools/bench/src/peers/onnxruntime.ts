import { statesOf } from '../cells.ts';
import { importPeer } from '../folder.ts';
import { initial, last, onnxModel, onnxTensors } from '../onnx.ts';
import type { Peer } from '../peer.ts';
import { stepsOf } from '../problem.ts';

/** What is used of onnxruntime-common, which both packages implement. */
export interface Runtime {
  env: { wasm: { numThreads?: number } };
  Tensor: new (type: 'float32' | 'int32', data: Float32Array | Int32Array, dims: readonly number[]) => OrtTensor;
  InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
}
export interface OrtTensor {
  readonly data: Float32Array;
}
export interface Session {
  run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}

const peer = (packageName: string, options: object, page?: string): Peer => ({
  name: packageName,
  packageName,
  sameEquations: true,
  // Both packages are for inference alone.
  does: ({ cell, kind }) => onnxTensors(cell) !== undefined && kind !== 'training',
  async prepare(problem) {
    const { cell, kind, steps, batch, inputSize, hiddenSize } = problem.work;
    const model = await onnxModel(problem);
    const inputs = stepsOf(problem);
    return async () => {
      const ort = await importPeer<Runtime>(packageName);
      ort.env.wasm.numThreads = 1;
      const session = await ort.InferenceSession.create(model, options);
      if (kind === 'sequence') {
        const X = new ort.Tensor('float32', problem.input, [steps, batch, inputSize]);
        return { run: async () => (await session.run({ X }))['Y']!.data };
      }
      const tensors = inputs.map((data) => new ort.Tensor('float32', data, [1, batch, inputSize]));
      const zeros = () => new ort.Tensor('float32', new Float32Array(batch * hiddenSize), [1, batch, hiddenSize]);
      const states = statesOf(cell).map((state) => ({ before: initial(state), after: last(state) }));
      const feeds = Object.fromEntries(states.map(({ before }) => [before, zeros()]));
      return {
        run: async (index) => {
          feeds['X'] = tensors[index]!;
          const results = await session.run(feeds);
          for (const { before, after } of states) feeds[before] = results[after]!;
          return results['Y_h']!.data;
        },
      };
    };
  },
  ...(page ? { page } : {}),
});

/** In WebAssembly, with SIMD, on one thread. */
export const onnxruntimeWeb: Peer = peer(
  'onnxruntime-web',
  { executionProviders: ['wasm'] },
  `
  import * as ort from 'onnxruntime-web/wasm';
  globalThis.infer = async (model, data, dims) => {
    const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'] });
    return session.run({ X: new ort.Tensor('float32', data, dims) });
  };`,
);

/** Native, on one thread. */
export const onnxruntimeNode: Peer = peer('onnxruntime-node', { intraOpNumThreads: 1, interOpNumThreads: 1 });
