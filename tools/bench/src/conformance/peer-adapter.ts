import type { FloatArray } from '@congruent/runtime';
import type { Cell } from '@congruent/spec';

/** Another library as the suite asks it. Its file says in its head what of the library's documentation it uses. */
export interface PeerAdapter {
  readonly name: string;
  /** The npm package whose version is reported. */
  readonly packageName: string;
  /** What is judged, for the reader of the page: whose layers, run where. */
  readonly reading: string;
  /** Pages of its documentation that say what is used. */
  readonly documentation: readonly string[];
  /** Why it has no gradients; left out where it has them. */
  readonly withoutGradients?: string;
  /** Why it has no float64; left out where it has it. */
  readonly withoutFloat64?: string;
  /**
   * Layers with their weights.
   *
   * @throws NotOffered where its documentation has no such layers
   */
  open(layers: LayersWanted): Promise<PeerModel>;
}

/** What the suite wants of a peer, and the peer does not offer: nothing that it could fail at. */
export class NotOffered extends Error {}

/** Why a peer that cannot take a batch of no sequences does not fail. */
export const EMPTY_BATCH = 'an empty batch, of which its documentation says nothing';

/** Layers as the suite asks for them. */
export interface LayersWanted {
  readonly cell: Cell;
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly bias: boolean;
  /** By layer, then by direction. */
  readonly weights: readonly (readonly Weights[])[];
}

/** One layer in one direction, under torch's names: weight_ih, weight_hh, and where there are biases bias_ih, bias_hh. */
export type Weights = Readonly<Record<string, { readonly data: FloatArray; readonly shape: readonly number[] }>>;

/** Sequences side by side. */
export interface Batch {
  readonly steps: number;
  readonly batch: number;
  /** [T, B, I] */
  readonly input: FloatArray;
  /** Of each sequence, where they have lengths of their own; what lies behind an end is 0. */
  readonly lengths?: readonly number[] | undefined;
  /** [L·D, B, …] each, in the cell's order. Left out: zeros. */
  readonly initial?: readonly FloatArray[] | undefined;
}

export interface BatchResult {
  /** [T, B, D·H]; what lies behind an end may be anything. */
  readonly output: FloatArray;
  /** [L·D, B, …] each, in the cell's order. */
  readonly last: readonly FloatArray[];
}

export interface BatchGradients {
  /** [T, B, I] */
  readonly input: FloatArray;
  /** [L·D, B, …] each, in the cell's order. */
  readonly initial: readonly FloatArray[];
  /** As the weights are. */
  readonly weights: readonly (readonly Readonly<Record<string, FloatArray>>[])[];
}

/** A peer with the weights of layers loaded. All results are arrays of their own. */
export interface PeerModel {
  /** @throws NotOffered where the peer's documentation has no way to ask for this */
  forward(batch: Batch): Promise<BatchResult>;
  /** The gradients of the sum of all results, each times its cotangent. Left out where the peer has none. */
  gradients?(batch: Batch, cotangents: BatchResult): Promise<BatchGradients>;
  dispose(): void;
}

/** Each direction of each layer, from the input's to the output's: its place among the states [L·D, B, …]. */
export const directionsOf = ({ weights }: Pick<LayersWanted, 'weights'>): number => weights[0]!.length;

/** Part `index` of `count` equal parts, as an array of its own. */
export function part<A extends FloatArray>(array: A, index: number, count: number): A {
  const length = array.length / count;
  return array.slice(index * length, (index + 1) * length) as A;
}

/** One array after the other. */
export function joined(arrays: readonly FloatArray[]): FloatArray {
  const length = arrays.reduce((sum, array) => sum + array.length, 0);
  const whole = new (arrays[0] instanceof Float64Array ? Float64Array : Float32Array)(length);
  let at = 0;
  for (const array of arrays) {
    whole.set(array, at);
    at += array.length;
  }
  return whole;
}
