import { readFile } from 'node:fs/promises';
import { type ModelName, modelFile } from './model.ts';
import { importOriginal } from './original.ts';
import { CHUNK, RATE } from './speech.ts';

/** What is used of onnxruntime-web. */
interface Runtime {
  env: { wasm: { numThreads?: number } };
  Tensor: new (type: 'float32' | 'int64', data: Float32Array | BigInt64Array, dims: readonly number[]) => Value;
  InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
}
interface Value {
  readonly data: Float32Array;
}
interface Session {
  run(feeds: Readonly<Record<string, Value>>): Promise<Readonly<Record<'output' | 'stateN', Value>>>;
}

/** Samples of the chunk before that the model's authors put before each. */
const CONTEXT = 64;

/**
 * A model of Silero's in onnxruntime-web: WebAssembly with SIMD, on one thread.
 *
 * @returns what gives the probability of one chunk after the other, each with its context
 */
export async function openOnnxruntime(
  name: ModelName = 'silero_vad_v5.onnx',
): Promise<(chunk: Float32Array) => Promise<number>> {
  const ort = await importOriginal<Runtime>('onnxruntime-web');
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(await readFile(modelFile(name)), { executionProviders: ['wasm'] });
  const sr = new ort.Tensor('int64', BigInt64Array.of(BigInt(RATE)), []);
  const samples = new Float32Array(CONTEXT + CHUNK);
  let state = new ort.Tensor('float32', new Float32Array(2 * 128), [2, 1, 128]);
  return async (chunk) => {
    samples.copyWithin(0, CHUNK);
    samples.set(chunk, CONTEXT);
    const input = new ort.Tensor('float32', samples, [1, samples.length]);
    const { output, stateN } = await session.run({ input, state, sr });
    state = stateN;
    return output.data[0]!;
  };
}
