import type { FloatArray } from '@congruent/runtime';
import { type Batch, type LayersWanted, part } from './peer-adapter.ts';

/** What is used of @tensorflow/tfjs. */
export interface Tf {
  setBackend(name: string): Promise<boolean>;
  readonly layers: Readonly<Record<'gru' | 'lstm' | 'simpleRNN', (options: object) => TfLayer>>;
  input(options: { readonly shape: readonly (number | null)[] }): TfTensor;
  tidy<T>(compute: () => T): T;
  tensor(data: FloatArray, shape: readonly number[]): TfTensor;
  tensor1d(data: FloatArray): TfTensor;
  variable(initial: TfTensor): TfVariable;
  variableGrads(f: () => TfTensor): { readonly grads: Readonly<Record<string, TfTensor>> };
  transpose(x: TfTensor, order: readonly number[]): TfTensor;
  reverse(x: TfTensor, axis: number): TfTensor;
  concat(parts: readonly TfTensor[], axis: number): TfTensor;
  mul(a: TfTensor, b: TfTensor): TfTensor;
  sum(x: TfTensor): TfTensor;
  addN(parts: readonly TfTensor[]): TfTensor;
}
export interface TfTensor {
  dataSync(): Float32Array;
  dispose(): void;
}
export interface TfVariable extends TfTensor {
  readonly name: string;
}
export interface TfLayer {
  readonly trainableWeights: readonly { readonly name: string }[];
  apply(x: TfTensor, options?: { initialState?: readonly TfTensor[]; mask?: TfTensor }): TfTensor[];
  setWeights(weights: readonly TfTensor[]): void;
  dispose(): void;
}

/** By layer, then by direction. */
export type Stack = readonly (readonly TfLayer[])[];

/** States of each direction of each layer, one after the other, in the cell's order. */
type States = readonly (readonly TfTensor[])[];

/** A batch as the layers take it. */
export interface TfBatch {
  /** [B, T, I] */
  readonly input: TfTensor;
  /** [B, H] each. */
  readonly initial: States | undefined;
  /** [B, T], 1 for each step that there is. */
  readonly mask: TfTensor | undefined;
}

export function tensorsOf(tf: Tf, { cell, hiddenSize, inputSize, weights }: LayersWanted, given: Batch): TfBatch {
  const { steps, batch, input, lengths, initial } = given;
  const count = weights.flat().length;
  const ones = (length: number) => Array.from({ length: steps }, (_, t) => (t < length ? 1 : 0));
  return {
    input: tf.transpose(tf.tensor(input, [steps, batch, inputSize]), [1, 0, 2]),
    initial:
      initial &&
      Array.from({ length: count }, (_, index) =>
        cell.states.map((_, state) => tf.tensor(part(initial[state]!, index, count), [batch, hiddenSize])),
      ),
    mask: lengths && tf.tensor(Float32Array.from(lengths.flatMap(ones)), [batch, steps]),
  };
}

/** Layer after layer: the output [B, T, D·H] and the last states. */
export function runStack(
  tf: Tf,
  stack: Stack,
  input: TfTensor,
  initial: States | undefined,
  mask: TfTensor | undefined,
): { readonly output: TfTensor; readonly last: States } {
  const last: TfTensor[][] = [];
  let output = input;
  for (const sides of stack) {
    const outputs = sides.map((layer, direction) => {
      const initialState = initial?.[last.length];
      const [own, ...states] = layer.apply(output, { ...(initialState && { initialState }), ...(mask && { mask }) });
      last.push(states);
      // What goes backwards gives its steps in the order in which it takes them.
      return direction === 1 ? tf.reverse(own!, 1) : own!;
    });
    output = outputs.length === 1 ? outputs[0]! : tf.concat(outputs, 2);
  }
  return { output, last };
}
