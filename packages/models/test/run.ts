import { referenceBackend, referenceModule } from '@congruent/conformance';
import { defineLayer, type StateDict, type Tensor } from '@congruent/runtime';
import { defineCell } from '@congruent/spec';
import { mergeDirections, reverseSteps } from '../src/index.ts';
import type { Layer } from '../src/model.ts';

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
  // Of sequences of different lengths one at a time is given.
  const turned = (of: Tensor): Tensor => (found.reverse ? reverseSteps(of, { options: found.options }) : of);
  const { output, hn, cn } = layer.forward(turned(input), states);
  return {
    output: mergeDirections(found.reversedOutput ? output : turned(output), found.merge),
    states: cn ? [hn, cn] : [hn],
  };
}

/** What all layers have, whatever their states are. */
interface AnyLayer {
  loadStateDict(dict: StateDict): unknown;
  forward(
    input: Tensor,
    states?: Tensor | readonly Tensor[],
  ): Readonly<Record<'output' | 'hn', Tensor>> & { readonly cn?: Tensor };
}

/** The layer with its parameters yet to be loaded. */
function open({ kind, cell, options }: Layer): AnyLayer {
  // biome-ignore lint/suspicious/noExplicitAny: the classes differ in their types alone
  const Class: any = cell ? defineLayer(referenceBackend({ cell: defineCell(cell) }), 'Own') : classes[kind];
  return Class.createSync(options);
}
