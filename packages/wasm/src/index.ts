import {
  type Backend,
  type BackendInfo,
  backendInfo,
  defineGRU,
  defineGRUCell,
  type GRUCellClass,
  type GRUClass,
  hostBackend,
  hostTraining,
} from '@congruent/runtime';
import { type WasmOptions, wasm } from './backend.ts';
import { compileAhead, instantiate, instantiateSync } from './compile.ts';
import type { Buffer } from './heap.ts';
import type { TrainingKernel } from './kernel.ts';
import { inferenceKernels } from './kernels.ts';
import { inference, load, loadSync, variantFor } from './modules.ts';
import { importsFrom, training, trainingKernels } from './training.ts';

export * from '@congruent/runtime/public';
export type { WasmOptions } from './backend.ts';

/** WebAssembly with gradients. */
const wholeWasm: Backend<'sync', Buffer> = /* @__PURE__ */ hostBackend({
  ...wasm,
  training: hostTraining,
  kernels(options) {
    const variant = variantFor(options);
    const [forInference, forTraining] = [loadSync(variant), loadSync(`${variant}.training`)];
    const module = instantiateSync(forInference);
    return trainingKernels(inferenceKernels(module, options.dtype), () =>
      instantiateSync<TrainingKernel>(forTraining, importsFrom(module)),
    );
  },
  async load(options) {
    const variant = variantFor(options);
    const [forInference, forTraining] = await Promise.all([
      load(variant, inference),
      load(`${variant}.training`, training),
    ]);
    const [module] = await Promise.all([instantiate(forInference), compileAhead(forTraining)]);
    // Ahead, as `vjp` cannot wait, and some engines make instances of this size on the main thread only with a promise.
    const instance = await instantiate<TrainingKernel>(forTraining, importsFrom(module));
    return trainingKernels(inferenceKernels(module, options.dtype), () => instance);
  },
});

/** torch.nn.GRU in WebAssembly SIMD. */
export const GRU: GRUClass<'sync', WasmOptions> = /* @__PURE__ */ defineGRU(wholeWasm);

/** torch.nn.GRUCell in WebAssembly SIMD. */
export const GRUCell: GRUCellClass<'sync', WasmOptions> = /* @__PURE__ */ defineGRUCell(wholeWasm);

/** The backend's name and what it supports. */
export const backend: BackendInfo = /* @__PURE__ */ backendInfo(wholeWasm);
