import { gradients } from '../gradients/gradients.ts';
import type { FloatArray } from '../tensor.ts';
import {
  type Call,
  type LayerGradients,
  type RecordedRun,
  type Run,
  rowsOf,
  type Sequence,
  type Trace,
} from './engine.ts';
import { copied } from './host-call.ts';
import type { HostCell, HostTraining } from './host-cell.ts';
import type { HostBuffer, HostMemory } from './host-kernels.ts';
import { pushTensors, runOver } from './host-layer.ts';
import { widthOf } from './signature.ts';

/** Recording and pullbacks for `hostBackend`. */
export const hostTraining: HostTraining = { gradients, call, record };

function call<B extends HostBuffer>(memory: HostMemory<B>): Partial<Call<'sync', B>> {
  return {
    split(whole, count, rows, mask) {
      const width = whole.length / rows / count;
      const parts = Array.from({ length: count }, () => memory.push(rows * width));
      const from = memory.view(whole);
      parts.forEach((part, index) => {
        const to = memory.view(part);
        for (let row = 0, at = index * width, next = 0; row < rows; row++, at += count * width) {
          for (let column = at; column < at + width; column++) {
            to[next++] = mask ? from[column]! * mask[column]! : from[column]!;
          }
        }
      });
      return parts;
    },
    add(left, right) {
      const sum = memory.push(left.length);
      const [to, a, b] = [memory.view(sum), memory.view(left), memory.view(right)];
      for (let index = 0; index < to.length; index++) to[index] = a[index]! + b[index]!;
      return sum;
    },
  };
}

/** What the backward pass reads of a forward pass. */
interface Saved {
  readonly inputs: readonly unknown[];
  readonly residuals: unknown;
}

function record<B extends HostBuffer>(cell: HostCell<B>, sequence: Sequence<B>): RecordedRun<'sync', B> {
  const { memory, backward } = cell.kernels()!;
  const { inputs, batchSizes, reverse } = sequence;
  let saved: Saved | undefined;
  const run = runOver(cell, sequence, (...operands) => {
    const residuals = backward!.residuals(cell.dimensions, rowsOf(batchSizes), memory.push);
    backward!.record(...operands, residuals);
    saved = { inputs: inputs.map((input) => backward!.save(input)), residuals: backward!.save(residuals) };
  });
  return { ...run, trace: traceOf(cell, { batchSizes, reverse }, saved!) };
}

/** On its own, so that it holds nothing of the run but what was saved. */
function traceOf<B extends HostBuffer>(
  cell: HostCell<B>,
  sequence: Pick<Sequence<B>, 'batchSizes' | 'reverse'>,
  of: Saved,
): Trace<'sync', B> {
  let saved: Saved | undefined = of;
  return {
    ownsMemory: false,
    pullback: (_, parameters, adjoints) => pullBack(cell, sequence, saved!, parameters, adjoints),
    dispose() {
      const forget = cell.kernels()?.backward?.forget;
      if (saved && forget) [...saved.inputs, saved.residuals].forEach(forget);
      saved = undefined;
    },
  };
}

function pullBack<B extends HostBuffer>(
  cell: HostCell<B>,
  { batchSizes, reverse }: Pick<Sequence<B>, 'batchSizes' | 'reverse'>,
  saved: Saved,
  parameters: Readonly<Record<string, FloatArray>>,
  adjoints: Run<B>,
): LayerGradients<B> {
  const { dimensions, signature } = cell;
  const { memory, backward } = cell.kernels()!;
  const rows = rowsOf(batchSizes);
  const names = Object.keys(signature.parameters);
  const inputAdjoints = signature.inputs.map((input) => memory.push(rows * widthOf(input, dimensions)));
  const states = adjoints.states.map((state) => copied(memory, state));
  const tensors = names.map((name) => memory.push(parameters[name]!.length));
  const mark = memory.mark();
  const weights = backward!.prepareBackward(pushTensors(cell, parameters), dimensions, memory.push);
  const inputs = saved.inputs.map((input) => backward!.restore(input));
  backward!.pullBack(
    weights,
    backward!.backwardScratch(dimensions, rows, batchSizes[0]!, memory.push),
    backward!.restore(saved.residuals),
    batchSizes,
    reverse,
    ...inputs,
    ...adjoints.outputs,
    ...inputAdjoints,
    ...states,
    ...tensors,
  );
  memory.release(mark);
  return {
    inputs: inputAdjoints,
    states,
    parameters: Object.fromEntries(names.map((name, index) => [name, tensors[index]!])),
  };
}
