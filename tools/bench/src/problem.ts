import type { Work } from './works.ts';

/** One layer in one direction, as torch.nn.GRU holds it: gates stacked r, z, n. */
export interface LayerWeights {
  /** [3H, width of the input] */
  readonly weight_ih: Float32Array;
  /** [3H, H] */
  readonly weight_hh: Float32Array;
  /** [3H] */
  readonly bias_ih: Float32Array;
  /** [3H] */
  readonly bias_hh: Float32Array;
}

export type ParameterName = keyof LayerWeights;

/** The numbers of one work, the same in every process. */
export interface Problem {
  readonly work: Work;
  /** By layer, then by direction. */
  readonly layers: readonly (readonly LayerWeights[])[];
  /** [T, B, I] */
  readonly input: Float32Array;
  /** [L·D, B, H], of a training row; the others begin with zeros. */
  readonly h0: Float32Array;
  /** [T, B, D·H]: what the output is multiplied by before it is summed up to a training row's loss. */
  readonly cotangent: Float32Array;
}

/** torch's initial weights are uniform in ±1/√H, the inputs here in ±1. */
export function problemOf(work: Work): Problem {
  const { inputSize, hiddenSize, layers, directions, batch, steps } = work;
  const random = uniform(1);
  const numbers = (length: number, bound: number) => Float32Array.from({ length }, () => bound * random());
  const weights = (width: number): LayerWeights => {
    const parameter = (columns: number) => numbers(3 * hiddenSize * columns, hiddenSize ** -0.5);
    return {
      weight_ih: parameter(width),
      weight_hh: parameter(hiddenSize),
      bias_ih: parameter(1),
      bias_hh: parameter(1),
    };
  };
  return {
    work,
    layers: Array.from({ length: layers }, (_, layer) =>
      Array.from({ length: directions }, () => weights(widthOf(work, layer))),
    ),
    input: numbers(steps * batch * inputSize, 1),
    h0: numbers(layers * directions * batch * hiddenSize, 1),
    cotangent: numbers(steps * batch * directions * hiddenSize, 1),
  };
}

/** Features of a layer's input. */
export const widthOf = ({ inputSize, hiddenSize, directions }: Work, layer: number): number =>
  layer === 0 ? inputSize : directions * hiddenSize;

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
