import type { CellSignature, Dimensions, FloatArray } from '@congruent/runtime';

/**
 * What a generated file gives: one cell for one element type, on arrays of rows, row-major.
 * `Weights`, `Scratch`, `Trace` and the like are the file's own; whoever calls it only hands them back.
 */
export interface Kernel<
  V extends FloatArray,
  Weights = unknown,
  Scratch = unknown,
  Trace = unknown,
  AdjointWeights = unknown,
  AdjointScratch = unknown,
> {
  readonly signature: CellSignature;
  /** Takes the parameters by layout name; copies what it keeps. */
  prepare(parameters: Readonly<Record<string, FloatArray>>, dimensions: Dimensions): Weights;
  /** Working memory for sequences of up to `rows` rows. */
  scratch(dimensions: Dimensions, rows: number): Scratch;
  /** Computes what needs no state, for all rows of all steps. */
  before(weights: Weights, scratch: Scratch, rows: number, input: V): void;
  /** Moves the state [batch, H] on by the step whose rows start at row `first`. */
  step(weights: Weights, scratch: Scratch, first: number, batch: number, state: V): void;
  /** Room for what sequences of up to `rows` rows record. */
  trace(dimensions: Dimensions, rows: number): Trace;
  /** As `step`, and records. */
  recordStep(weights: Weights, scratch: Scratch, trace: Trace, first: number, batch: number, state: V): void;
  /** Takes the parameters as the backward pass reads them; copies what it keeps. */
  prepareAdjoint(parameters: Readonly<Record<string, FloatArray>>, dimensions: Dimensions): AdjointWeights;
  /** Working memory of the backward pass, for sequences of up to `rows` rows. */
  adjointScratch(dimensions: Dimensions, rows: number): AdjointScratch;
  /** From the adjoint of the states after a step to that before it, [batch, H]; `output`: of all rows, [rows, H]. */
  stepBack(
    weights: AdjointWeights,
    scratch: AdjointScratch,
    trace: Trace,
    first: number,
    batch: number,
    output: V,
    state: V,
  ): void;
  /** Once all steps are done: the adjoint of the input, [rows, I]. */
  afterSteps(weights: AdjointWeights, scratch: AdjointScratch, trace: Trace, rows: number, input: V): void;
  /** The gradients of the parameters by layout name; `input`: of the run, [rows, I]. */
  gradients(weights: AdjointWeights, scratch: AdjointScratch, trace: Trace, rows: number, input: V): Record<string, V>;
}
