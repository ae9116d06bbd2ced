import type { FloatArray, HostKernels } from '@congruent/runtime';
import { bytes as float32 } from './generated/gru.float32.training.ts';
import type { Buffer, Heap } from './heap.ts';
import type { Kernel, TrainingKernel } from './kernel.ts';
import { addresses, sequenceOperands, sizesOf, type Weights } from './kernels.ts';
import { type Loaders, provide } from './modules.ts';
import type { WebAssemblyImports } from './webassembly.ts';

provide('float32.training', float32);

export const training: Loaders = {
  'float64.training': () => import('./generated/gru.float64.training.ts'),
  'float32.relaxed.training': () => import('./generated/gru.float32.relaxed.training.ts'),
  'float64.relaxed.training': () => import('./generated/gru.float64.relaxed.training.ts'),
};

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
