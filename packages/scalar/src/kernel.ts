import type { Dimensions, FloatArray } from '@congruent/runtime';

/**
 * What a generated file gives: one cell for one element type, on arrays of rows, row-major.
 * `Weights` and `Scratch` are the file's own; whoever calls it only hands them back.
 */
export interface Kernel<V extends FloatArray, Weights = unknown, Scratch = unknown> {
  /** `length` zeros of the element type. */
  vector(length: number): V;
  /** Takes the parameters by layout name; copies what it keeps. */
  prepare(parameters: Readonly<Record<string, FloatArray>>, dimensions: Dimensions): Weights;
  /** Working memory for sequences of up to `rows` rows. */
  scratch(dimensions: Dimensions, rows: number): Scratch;
  /** Computes what needs no state, for all rows of all steps. */
  before(weights: Weights, scratch: Scratch, rows: number, input: V): void;
  /** Moves the state [batch, H] on by the step whose rows start at row `first`. */
  step(weights: Weights, scratch: Scratch, first: number, batch: number, state: V): void;
}
