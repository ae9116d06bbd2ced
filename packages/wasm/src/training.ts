import {
  type Backend,
  type FloatArray,
  type HostKernels,
  hints,
  hostBackend,
  hostTraining,
  layoutsOf,
} from '@congruent/runtime';
import { about } from './backend.ts';
import { compileAhead, instantiate, instantiateSync } from './compile.ts';
import type { Buffer, Heap } from './heap.ts';
import type { Kernel, TrainingKernel } from './kernel.ts';
import { addresses, inferenceKernels, sequenceOperands, sizesOf, type Weights } from './kernels.ts';
import { type Generated, load, loadSync } from './modules.ts';
import type { WebAssemblyImports } from './webassembly.ts';

/** A cell in WebAssembly, with gradients. */
export const trainingBackend = (cell: Generated): Backend<'sync', Buffer> =>
  hostBackend({
    ...about(true),
    signature: cell.signature,
    layouts: layoutsOf(cell.layouts),
    hints,
    training: hostTraining,
    kernels(options) {
      const [forInference, forTraining] = [loadSync(cell, 'inference', options), loadSync(cell, 'training', options)];
      const module = instantiateSync(forInference);
      return trainingKernels(inferenceKernels(module, options.dtype), () =>
        instantiateSync<TrainingKernel>(forTraining, importsFrom(module)),
      );
    },
    async load(options) {
      const [forInference, forTraining] = await Promise.all([
        load(cell, 'inference', options),
        load(cell, 'training', options),
      ]);
      const [module] = await Promise.all([instantiate(forInference), compileAhead(forTraining)]);
      // Ahead, as `vjp` cannot wait, and some engines make instances of this size on the main thread only with a promise.
      const instance = await instantiate<TrainingKernel>(forTraining, importsFrom(module));
      return trainingKernels(inferenceKernels(module, options.dtype), () => instance);
    },
  });

/** What a module for gradients imports: the memory of the one for inference. */
export const importsFrom = ({ memory }: Kernel): WebAssemblyImports => ({ inference: { memory } });

/**
 * Kernels with those of the backward pass.
 *
 * @param instantiate  called by the first recording, which cannot wait
 */
export function trainingKernels(
  kernels: HostKernels<Buffer> & { readonly memory: Heap },
  instantiate: () => TrainingKernel,
): HostKernels<Buffer> {
  const { memory } = kernels;
  let instance: TrainingKernel | undefined;
  const module = (): TrainingKernel => {
    instance ??= instantiate();
    return instance;
  };
  return {
    ...kernels,
    backward: {
      residuals: (dimensions, rows, allocate) =>
        allocate((rows * module().trace_bytes(...sizesOf(dimensions))) / memory.bytesPerElement),
      record: (weights, scratch, batchSizes, reverse, ...buffers) =>
        module().record(...sequenceOperands(memory, weights, scratch, batchSizes, reverse), ...addresses(buffers)),
      // Into arrays of JavaScript, so that the memory never holds more than the call under way needs.
      save: (buffer) => memory.view(buffer).slice(),
      restore(saved) {
        const data = saved as FloatArray;
        const buffer = memory.push(data.length);
        memory.view(buffer).set(data);
        return buffer;
      },
      prepareBackward(tensors, dimensions, allocate): Weights {
        const sizes = sizesOf(dimensions);
        const { at } = allocate(module().adjoint_weights_bytes(...sizes) / memory.bytesPerElement);
        module().prepare_adjoint(...sizes, at, ...addresses(tensors));
        return [...sizes, at];
      },
      backwardScratch: (dimensions, rows, batch, allocate) =>
        allocate(module().adjoint_scratch_bytes(...sizesOf(dimensions), rows, batch) / memory.bytesPerElement).at,
      pullBack: (weights, scratch, residuals, batchSizes, reverse, ...buffers) =>
        module().pull_back(
          ...sequenceOperands(memory, weights, scratch, batchSizes, reverse),
          ...addresses([...buffers, residuals]),
        ),
    },
  };
}
