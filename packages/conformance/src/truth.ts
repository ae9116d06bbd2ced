import { type Arithmetic, compile, type Interpreter, interpreter, type Program } from '@congruent/codegen';
import { gru } from '@congruent/spec';
import { blocksOf } from './blocks.ts';
import { type Sizes, suffixesOf } from './parameter-shapes.ts';

/** One sequence: steps of features. */
export type Rows<V> = readonly (readonly V[])[];

/** A GRU's parameters as in its state dict, and one sequence. */
export interface Problem {
  readonly sizes: Omit<Sizes, 'bias'>;
  readonly parameters: Readonly<Record<string, { readonly data: ArrayLike<number> } | undefined>>;
  readonly sequence: Rows<number>;
  /** Initial states at layer·D + direction. */
  readonly h0: Rows<number>;
}

export interface Truth<V> {
  readonly output: Rows<V>;
  readonly hn: Rows<V>;
}

const program: Program = compile(gru);

/**
 * What a GRU gives for one sequence, from the specification alone: the cell by the interpreter, in any arithmetic, and
 * layers and directions spelled out here. It shares no code with the runtime, so that neither can hide the other's
 * mistakes.
 */
export function truth<V>(arithmetic: Arithmetic<V>, { sizes, parameters, sequence, h0 }: Problem): Truth<V> {
  const { hiddenSize: H, bidirectional } = sizes;
  const suffixes = suffixesOf(sizes);
  const number = (value: number): V => arithmetic.constant(value);
  const hn: (readonly V[])[] = [];
  let below: Rows<V> = sequence.map((row) => row.map(number));
  for (let layer = 0; layer < sizes.numLayers; layer++) {
    const I = below[0]!.length;
    const outputs = (bidirectional ? [false, true] : [false]).map((reverse) => {
      const index = hn.length;
      const tensor = (name: string): ArrayLike<number> | undefined => parameters[`${name}${suffixes[index]}`]?.data;
      const tensors = Object.fromEntries(gru.layouts[0]!.tensors.map(({ name }) => [name, tensor(name)]));
      const cell = interpreter(program, arithmetic, blocksOf(gru, tensors, { I, H }, number));
      const output = runCell(cell, reverse ? [...below].reverse() : below, h0[index]!.map(number));
      hn.push(output.at(-1)!);
      return reverse ? output.reverse() : output;
    });
    below = below.map((_, t) => outputs.flatMap((output) => output[t]!));
  }
  return { output: below, hn };
}

function runCell<V>(cell: Interpreter<V>, inputs: Rows<V>, initial: readonly V[]): (readonly V[])[] {
  let h = initial;
  return inputs.map((x) => {
    h = cell.step({ x, h })['h'] as readonly V[];
    return h;
  });
}
