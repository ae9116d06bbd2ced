import { referenceBackend, referenceModule } from '@congruent/conformance';
import { defineLayer, type RecurrentLayer, type Tensor, tensor } from '@congruent/runtime';
import { defineCell } from '@congruent/spec';
import type { Layer } from '../src/index.ts';

const classes = referenceModule();

/** What a layer gives, as its fields say it is to be run, on the suite's reference. */
export interface Ran {
  readonly output: Tensor;
  /** The last states, in the order of the cell. */
  readonly states: readonly Tensor[];
}

/** Runs a layer of a file: its class or its own cell, from its own states where none are given, backwards where it says so. */
export function run(
  found: Layer,
  input: Tensor,
  states: Tensor | readonly Tensor[] | undefined = found.initialStates,
): Ran {
  const layer = open(found);
  layer.loadStateDict(found.parameters);
  const batchFirst = found.options['batchFirst'] === true;
  const turned = (of: Tensor): Tensor => (found.reverse ? reversed(of, batchFirst) : of);
  // biome-ignore lint/suspicious/noExplicitAny: one state or several
  const { output, hn, cn } = layer.forward(turned(input), states as any) as any;
  return { output: merged(turned(output), found.merge), states: cn ? [hn, cn] : [hn] };
}

/** The layer with its parameters yet to be loaded. */
function open({ kind, cell, options }: Layer): RecurrentLayer {
  // biome-ignore lint/suspicious/noExplicitAny: the classes differ in their types alone
  const Class: any = cell ? defineLayer(referenceBackend({ cell: defineCell(cell) }), 'Own') : classes[kind];
  return Class.createSync(options);
}

/** The steps in the other order. */
function reversed({ data, shape }: Tensor, batchFirst: boolean): Tensor {
  const [first, second, features] = shape as readonly [number, number, number];
  const [steps, batch] = batchFirst ? [second, first] : [first, second];
  const at = (t: number, b: number): number => (batchFirst ? b * steps + t : t * batch + b) * features;
  const result = data.slice();
  for (let t = 0; t < steps; t++) {
    for (let b = 0; b < batch; b++) {
      result.set(data.subarray(at(t, b), at(t, b) + features), at(steps - 1 - t, b));
    }
  }
  return { data: result, shape };
}

/** Two directions as Keras puts them together. */
function merged(output: Tensor, merge: Layer['merge']): Tensor {
  if (!merge) return output;
  const width = output.shape.at(-1)! / 2;
  const rows = output.data.length / (2 * width);
  const data = Float32Array.from({ length: rows * width }, (_, k) => {
    const at = Math.floor(k / width) * 2 * width + (k % width);
    const [there, back] = [output.data[at]!, output.data[at + width]!];
    return merge === 'mul' ? there * back : (there + back) / (merge === 'ave' ? 2 : 1);
  });
  return tensor(data, [...output.shape.slice(0, -1), width]);
}
