import type { Arithmetic } from '@congruent/codegen';
import { type Sizes, suffixesOf } from '../vectors/parameter-shapes.ts';
import { type GruCell, gruBlocks, gruCell, type Parameters } from './gru.ts';

/** One sequence: steps of features. */
export type Rows<V> = readonly (readonly V[])[];

/** A GRU's parameters as in its state dict. */
export interface Weights {
  readonly sizes: Omit<Sizes, 'bias'>;
  readonly parameters: Parameters;
}

/** One sequence, and its initial states at layer·D + direction. */
export interface Given {
  readonly sequence: Rows<number>;
  readonly h0: Rows<number>;
}

/** What it gives for one sequence, the last states in the order of the initial ones. */
export interface SequenceResult<V> {
  readonly output: Rows<V>;
  readonly hn: Rows<V>;
}

/**
 * What a GRU gives for each of some sequences, from the specification alone: the cell by the interpreter, in any
 * arithmetic, and layers and directions spelled out here. It shares no code with the runtime, so that neither can hide
 * the other's mistakes.
 */
export function forwardOracle<V>(
  arithmetic: Arithmetic<V>,
  { sizes, parameters }: Weights,
  sequences: readonly Given[],
): SequenceResult<V>[] {
  const { numLayers, inputSize, hiddenSize: H, bidirectional } = sizes;
  const suffixes = suffixesOf(sizes);
  const directions = bidirectional ? [false, true] : [false];
  const number = (value: number): V => arithmetic.constant(value);
  const layers = Array.from({ length: numLayers }, (_, layer) =>
    directions.map((reverse, direction) => {
      const index = layer * directions.length + direction;
      const lengths = { I: layer === 0 ? inputSize : directions.length * H, H };
      const cell = gruCell(arithmetic, gruBlocks(parameters, suffixes[index]!, lengths, number));
      return { cell, index, reverse };
    }),
  );
  return sequences.map(({ sequence, h0 }) => {
    const hn: (readonly V[])[] = [];
    let below: Rows<V> = sequence.map((row) => row.map(number));
    for (const layer of layers) {
      const outputs = layer.map(({ cell, index, reverse }) => {
        const output = runCell(cell, reverse ? [...below].reverse() : below, h0[index]!.map(number));
        hn.push(output.at(-1)!);
        return reverse ? output.reverse() : output;
      });
      below = below.map((_, t) => outputs.flatMap((output) => output[t]!));
    }
    return { output: below, hn };
  });
}

function runCell<V>(cell: GruCell<V>, inputs: Rows<V>, initial: readonly V[]): (readonly V[])[] {
  let h = initial;
  return inputs.map((x) => {
    h = cell.forward(x, h).state;
    return h;
  });
}
