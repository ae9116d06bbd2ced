import type { Arithmetic } from '@congruent/codegen';
import type { Kind } from '../kinds/kind.ts';
import { directionsOf, lengthsOf, type Sizes, suffixesOf } from '../kinds/sizes.ts';
import { type Parameters, type StepCell, stepBlocks, stepCell } from './step.ts';

/** One sequence: steps of features; or one state of each layer and direction, at layer·D + direction. */
export type Rows<V> = readonly (readonly V[])[];

/** Layers with their parameters as in a state dict. */
export interface Weights {
  readonly kind: Kind;
  readonly sizes: Omit<Sizes, 'bias'>;
  readonly parameters: Parameters;
}

/** One sequence, and its initial states in the cell's order. */
export interface Given {
  readonly sequence: Rows<number>;
  readonly initial: readonly Rows<number>[];
}

/** What it gives for one sequence, the last states in the order of the initial ones. */
export interface SequenceResult<V> {
  readonly output: Rows<V>;
  readonly last: readonly Rows<V>[];
}

/**
 * What layers give for each of some sequences, from the specification alone: the cell by the interpreter, in any
 * arithmetic, and layers and directions spelled out here. It shares no code with the runtime, so that neither can hide
 * the other's mistakes.
 */
export function forwardOracle<V>(
  arithmetic: Arithmetic<V>,
  { kind, sizes, parameters }: Weights,
  sequences: readonly Given[],
): SequenceResult<V>[] {
  const suffixes = suffixesOf(sizes);
  const directions = directionsOf(sizes);
  const number = (value: number): V => arithmetic.constant(value);
  const layers = Array.from({ length: sizes.numLayers }, (_, layer) =>
    Array.from({ length: directions }, (_, direction) => {
      const index = layer * directions + direction;
      const blocks = stepBlocks(kind, parameters, suffixes[index]!, lengthsOf(kind, sizes, layer), number);
      return { cell: stepCell(kind, arithmetic, blocks), index, reverse: direction === 1 };
    }),
  );
  return sequences.map(({ sequence, initial }) => {
    const last: (readonly V[])[][] = initial.map(() => []);
    let below: Rows<V> = sequence.map((row) => row.map(number));
    for (const layer of layers) {
      const outputs = layer.map(({ cell, index, reverse }) => {
        const states = initial.map((state) => state[index]!.map(number));
        const run = runCell(cell, reverse ? [...below].reverse() : below, states);
        for (const [s, state] of run.states.entries()) last[s]!.push(state);
        return reverse ? run.output.reverse() : run.output;
      });
      below = below.map((_, t) => outputs.flatMap((output) => output[t]!));
    }
    return { output: below, last };
  });
}

function runCell<V>(
  cell: StepCell<V>,
  inputs: Rows<V>,
  initial: Rows<V>,
): { output: (readonly V[])[]; states: Rows<V> } {
  let states = initial;
  const output = inputs.map((x) => {
    const step = cell.forward(x, states);
    states = step.states;
    return step.output;
  });
  return { output, states };
}
