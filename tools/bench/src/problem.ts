import { statesOf } from './cells.ts';
import { lengthOf, tensorsOf } from './tensors.ts';
import type { Work } from './works.ts';

/** A parameter. */
export interface Weight {
  readonly data: Float32Array;
  readonly shape: readonly number[];
  /** See `ShapeOf`. */
  readonly recurrent: boolean;
}

/**
 * One layer in one direction as torch holds it, by its names: weight_ih, weight_hh, bias_ih and bias_hh, in this order. Those
 * of a network stand behind its layers' names, g1.weight_ih.
 */
export type LayerWeights = Readonly<Record<string, Weight>>;

/** The numbers of one work, the same in every process. */
export interface Problem {
  readonly work: Work;
  /** By layer, then by direction. */
  readonly layers: readonly (readonly LayerWeights[])[];
  /** [T, B, I] */
  readonly input: Float32Array;
  /** [L·D, B, H] each, in the order of the equations, of a training row; the others begin with zeros. */
  readonly states: readonly Float32Array[];
  /** [T, B, D·H]: what the output is multiplied by before it is summed up to a training row's loss. */
  readonly cotangent: Float32Array;
}

/** torch's initial weights are uniform in ±1/√H, the inputs here in ±1. */
export function problemOf(work: Work): Problem {
  const { cell, inputSize, hiddenSize, layers, directions, batch, steps } = work;
  const random = uniform(1);
  const numbers = (length: number, bound: number) => Float32Array.from({ length }, () => bound * random());
  const weights = (layer: number): LayerWeights =>
    Object.fromEntries(
      tensorsOf(work, layer).map(({ name, shape, recurrent }) => [
        name,
        { data: numbers(lengthOf(shape), hiddenSize ** -0.5), shape, recurrent },
      ]),
    );
  return {
    work,
    layers: Array.from({ length: layers }, (_, layer) => Array.from({ length: directions }, () => weights(layer))),
    input: numbers(steps * batch * inputSize, 1),
    states: statesOf(cell).map(() => numbers(layers * directions * batch * hiddenSize, 1)),
    cotangent: numbers(steps * batch * directions * hiddenSize, 1),
  };
}

/** The inputs of the single steps, [B, I] each. */
export const stepsOf = ({ work: { steps }, input }: Problem): Float32Array[] =>
  Array.from({ length: steps }, (_, t) => input.slice((t * input.length) / steps, ((t + 1) * input.length) / steps));

/** Uniform in ±1, from a seed: Steele and Vigna's SplitMix, 32 bits of it (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}
