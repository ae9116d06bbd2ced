import {
  type CellSignature,
  type Dimensions,
  type DType,
  type FloatArray,
  type HostKernels,
  type HostMemory,
  lengthOf,
  type SignatureParameter,
  widthOf,
} from '@congruent/runtime';
import { type Addon, type Job, type LayerHandle, PULL_BACK, RECORD, RUN } from './addon.ts';
import { unavailable } from './load.ts';
import { type Memory, openMemory, outOfMemory } from './memory.ts';
import { openQueue, type Queue } from './queue.ts';

/** More than any engine has for the parameters of a layer; beyond, numbers of elements would no longer be exact. */
const MOST_ELEMENTS = 2 ** 40;

/** Working memory for so many shares of a sequence, each of which is done by one thread. */
interface Scratch {
  readonly layer: LayerHandle;
  readonly shared: FloatArray;
  readonly own: FloatArray;
  readonly shares: number;
}

/**
 * Kernels of an addon as the runtime takes them.
 *
 * @param variant  the one that runs
 * @param threads  how many share the work of a call
 */
export function nativeKernels(
  addon: Addon,
  signature: CellSignature,
  dtype: DType,
  variant: string,
  threads: number,
  memory: Memory = openMemory(addon, dtype),
): HostKernels<FloatArray> {
  const queue = openQueue(addon, threads);
  const layerOf = layersOf(addon, signature, dtype, variant);
  const scratchOf =
    (backward: boolean): HostKernels<FloatArray>['scratch'] =>
    (dimensions, rows, batch, allocate): Scratch => {
      const layer = layerOf(dimensions);
      const [shared, own] = addon.scratch(layer, rows, batch, backward);
      const shares = Math.min(threads, batch);
      return { layer, shared: allocate(shared), own: allocate(own * shares), shares };
    };
  const sequence =
    (kind: Job['kind'], reads: number): HostKernels<FloatArray>['run'] =>
    (weights, scratch, batchSizes, reverse, ...operands) =>
      queue.add(
        {
          ...(scratch as Scratch),
          kind,
          weights: weights as FloatArray,
          batchSizes: Int32Array.from(batchSizes),
          reverse,
          operands,
        },
        reads,
      );
  const { inputs, outputs } = signature;
  const pullBack = sequence(PULL_BACK, inputs.length + outputs.length);
  return {
    device: variant,
    memory: hostMemory(memory, queue),
    reserve: (dimensions) => memory.keep(addon.lengths(layerOf(dimensions))[0]),
    prepare(tensors, dimensions, weights) {
      addon.prepare(layerOf(dimensions), tensors, weights as FloatArray, false);
      return weights;
    },
    scratch: scratchOf(false),
    run: sequence(RUN, inputs.length),
    stepper(weights, scratch, batch, ...operands) {
      const { layer, shared, own, shares } = scratch as Scratch;
      const first = own.subarray(0, own.length / shares);
      return addon.stepper({ layer, weights: weights as FloatArray, shared, own: first, batch, operands });
    },
    backward: {
      // A buffer of its own, as it outlives the call.
      residuals: (dimensions, rows) => memory.borrow(rows * addon.lengths(layerOf(dimensions))[1]),
      record: sequence(RECORD, inputs.length),
      save(buffer) {
        if (!memory.isPushed(buffer)) return buffer;
        const saved = memory.borrow(buffer.length);
        saved.set(buffer);
        return saved;
      },
      restore: (saved) => saved as FloatArray,
      forget: (saved) => memory.giveBack(saved as FloatArray),
      prepareBackward(tensors, dimensions, allocate) {
        const layer = layerOf(dimensions);
        const weights = allocate(addon.lengths(layer)[2]);
        addon.prepare(layer, tensors, weights, true);
        return weights;
      },
      backwardScratch: scratchOf(true),
      pullBack: (weights, scratch, residuals, batchSizes, reverse, ...operands) =>
        pullBack(weights, scratch, batchSizes, reverse, ...operands, residuals),
    },
  };
}

/** The memory of an engine as the runtime sees it: nobody looks into a buffer, or uses it again, while a job waits that has it. */
const hostMemory = (memory: Memory, queue: Queue): HostMemory<FloatArray> => ({
  push: memory.push,
  mark: memory.mark,
  release(mark) {
    if (mark === undefined) {
      queue.flush();
      memory.end();
    } else if (!queue.waits()) memory.release(mark);
  },
  keep: memory.keep,
  drop() {},
  view(buffer) {
    queue.settle(buffer);
    return buffer;
  },
});

/** The handles of layers by their sizes. */
function layersOf(
  addon: Addon,
  { name, inputs, states, outputs, parameters }: CellSignature,
  dtype: DType,
  variant: string,
): (dimensions: Dimensions) => LayerHandle {
  const opened = new WeakMap<Dimensions, LayerHandle>();
  const open = (dimensions: Dimensions): LayerHandle => {
    const [ofInputs, ofStates, ofOutputs] = [inputs, states, outputs].map((values) =>
      values.map((value) => widthOf(value, dimensions)),
    ) as [number[], number[], number[]];
    const tensors = Object.values(parameters).map((parameter) => elementsOf(parameter, dimensions));
    const elements = tensors.reduce((sum, length) => sum + length, 0);
    if (elements > MOST_ELEMENTS) throw outOfMemory(elements * (dtype === 'float64' ? 8 : 4));
    const sizes = Object.values(dimensions);
    const layer = addon.open(name, dtype, variant, [sizes, ofInputs, ofStates, ofOutputs, tensors]);
    if (layer === undefined) throw unavailable(`the addon that is there has no cell ${name}`);
    return layer;
  };
  return (dimensions) => {
    const layer = opened.get(dimensions) ?? open(dimensions);
    opened.set(dimensions, layer);
    return layer;
  };
}

const elementsOf = ({ blocks, shape }: SignatureParameter, dimensions: Dimensions): number =>
  shape.reduce<number>((elements, length) => elements * lengthOf(length, dimensions), blocks.length);
