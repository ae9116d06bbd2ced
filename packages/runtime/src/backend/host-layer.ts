import type { FloatArray } from '../tensor.ts';
import { type Layer, type LayerStream, type Run, rowsOf, type Sequence } from './engine.ts';
import { copied, uploaded } from './host-call.ts';
import type { HostCell, HostTraining } from './host-cell.ts';
import type { HostBuffer, HostKernels } from './host-kernels.ts';
import { type HostStream, hostStream } from './host-stream.ts';

export const hostLayer = <B extends HostBuffer>(
  cell: HostCell<B>,
  training: HostTraining | undefined,
): Layer<'sync', B> => ({
  load(parameters) {
    const { memory, prepare } = cell.kernels()!;
    try {
      cell.weights = prepare(pushTensors(cell, parameters), cell.dimensions, cell.weights);
    } finally {
      memory.release();
    }
  },
  run: (_, sequence) => runOver(cell, sequence, cell.kernels()!.run),
  ...(training && { record: (_: unknown, sequence: Sequence<B>) => training.record(cell, sequence) }),
  stream: (batch, below: LayerStream<'sync'> | undefined) =>
    hostStream(cell, batch, below as HostStream<B> | undefined),
});

/** Makes room for a run and its results, and runs it; whatever `kernel` pushes is gone when it ends. */
export function runOver<B extends HostBuffer>(
  { dimensions, outputWidths, weights, kernels }: HostCell<B>,
  { inputs, states: initial, batchSizes, reverse }: Sequence<B>,
  kernel: HostKernels<B>['run'],
): Run<B> {
  const { memory, scratch } = kernels()!;
  const rows = rowsOf(batchSizes);
  const outputs = outputWidths.map((width) => memory.push(rows * width));
  const states = initial.map((state) => copied(memory, state));
  const mark = memory.mark();
  const working = scratch(dimensions, rows, batchSizes[0]!, memory.push);
  kernel(weights, working, batchSizes, reverse, ...inputs, ...states, ...outputs);
  memory.release(mark);
  return { outputs, states };
}

/** Parameters by layout name as buffers, in the signature's order. */
export const pushTensors = <B extends HostBuffer>(
  { signature, kernels }: HostCell<B>,
  parameters: Readonly<Record<string, FloatArray>>,
): B[] => Object.keys(signature.parameters).map((name) => uploaded(kernels()!.memory, parameters[name]!));
