import { copy, type FloatArray } from '../tensor.ts';
import type { LayerStream } from './engine.ts';
import type { HostCell } from './host-cell.ts';
import type { HostBuffer } from './host-kernels.ts';
import { type SignatureValue, widthOf } from './signature.ts';

/** A stream whose outputs the layer above reads where they are. */
export interface HostStream<B extends HostBuffer> extends LayerStream<'sync'> {
  readonly outputs: readonly B[];
}

/** One layer stepped in buffers that stay. */
export function hostStream<B extends HostBuffer>(
  cell: HostCell<B>,
  batch: number,
  below: HostStream<B> | undefined,
): HostStream<B> {
  const { signature, dimensions } = cell;
  const { memory, scratch, stepper } = cell.kernels()!;
  const kept: B[] = [];
  const keep = (length: number): B => {
    const buffer = memory.keep(length);
    kept.push(buffer);
    return buffer;
  };
  const dispose = (): void => {
    for (const buffer of kept) memory.drop(buffer);
  };
  const keepAll = (values: readonly SignatureValue[]): B[] =>
    values.map((value) => keep(batch * widthOf(value, dimensions)));
  try {
    const inputs = below ? below.outputs.slice(0, 1) : keepAll(signature.inputs);
    const states = keepAll(signature.states);
    const outputs = keepAll(signature.outputs);
    const working = scratch(dimensions, batch, batch, keep);
    const operands = [...inputs, ...states, ...outputs];
    const views = operands.map((buffer) => memory.view(buffer));
    /** The elements of an operand, also where the memory has moved. */
    const view = (index: number): FloatArray => {
      if (views[index]!.length === 0) views[index] = memory.view(operands[index]!);
      return views[index]!;
    };
    const firstOutput = inputs.length + states.length;
    let weights: unknown;
    let step: () => void;
    const stream: HostStream<B> = {
      outputs,
      write: (input, data) => copy(data, view(input)),
      step() {
        if (weights !== cell.weights) {
          weights = cell.weights;
          step = stepper(weights, working, batch, ...operands);
        }
        step();
      },
      read: (output, into) => copy(view(firstOutput + output), into),
      readState: (state, into) => copy(view(inputs.length + state), into),
      setStates: (given) => {
        given.forEach((data, state) => {
          view(inputs.length + state).set(data);
        });
      },
      dispose,
    };
    memory.watch?.(stream, dispose);
    return stream;
  } catch (error) {
    dispose();
    throw error;
  }
}
