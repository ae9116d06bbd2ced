import { type Dimensions, type DType, type HostKernels, rowsOf } from '@congruent/runtime';
import { type Buffer, type Heap, openHeap } from './heap.ts';
import type { Kernel } from './kernel.ts';

/** What most exported functions are given first: the dimensions and the address of the weights. */
export type Weights = readonly number[];

/** The dimensions in the order in which the exported functions take them. */
export const sizesOf = (dimensions: Dimensions): number[] => Object.values(dimensions);

export const addresses = (buffers: readonly Buffer[]): number[] => buffers.map(({ at }) => at);

/** What the functions over a sequence are given before the addresses of its operands. */
export function sequenceOperands(
  heap: Heap,
  weights: unknown,
  scratch: unknown,
  batchSizes: readonly number[],
  reverse: boolean,
): number[] {
  const { at } = heap.push(batchSizes.length); // an element has room for an i32
  new Int32Array(heap.bytes(), at, batchSizes.length).set(batchSizes);
  return [...(weights as Weights), scratch as number, at, batchSizes.length, rowsOf(batchSizes), Number(reverse)];
}

/** A module as the runtime takes it. */
export function inferenceKernels(
  module: Kernel,
  dtype: DType,
  memory: Heap = openHeap(module.memory, dtype),
): HostKernels<Buffer> & { readonly memory: Heap } {
  return {
    memory,
    reserve(dimensions): Weights {
      const sizes = sizesOf(dimensions);
      return [...sizes, memory.keep(module.weights_bytes(...sizes) / memory.bytesPerElement).at];
    },
    prepare(tensors, _, weights) {
      module.prepare(...(weights as Weights), ...addresses(tensors));
      return weights;
    },
    scratch: (dimensions, rows, batch, allocate) =>
      allocate(module.scratch_bytes(...sizesOf(dimensions), rows, batch) / memory.bytesPerElement).at,
    run: (weights, scratch, batchSizes, reverse, ...buffers) =>
      module.run(...sequenceOperands(memory, weights, scratch, batchSizes, reverse), ...addresses(buffers)),
    stepper: (weights, scratch, batch, ...buffers) =>
      module.step.bind(undefined, ...(weights as Weights), scratch as number, batch, ...addresses(buffers)),
  };
}
