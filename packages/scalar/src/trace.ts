import type { Dimensions, FloatArray, LayerGradients, Run, Sequence, Trace } from '@congruent/runtime';
import type { Kernel } from './kernel.ts';
import { stepsOf } from './steps.ts';

/** What one run recorded, in arrays of its own. */
export class ScalarTrace<V extends FloatArray> implements Trace<'sync', FloatArray> {
  readonly recorded: unknown;
  private readonly kernel: Kernel<V>;
  private readonly dimensions: Dimensions;
  private readonly sequence: Sequence<FloatArray>;
  private readonly rows: number;

  constructor(kernel: Kernel<V>, dimensions: Dimensions, sequence: Sequence<FloatArray>) {
    this.kernel = kernel;
    this.dimensions = dimensions;
    this.sequence = sequence;
    this.rows = sequence.input.length / dimensions.I;
    this.recorded = kernel.trace(dimensions, this.rows);
  }

  pullback(
    _: unknown,
    parameters: Readonly<Record<string, FloatArray>>,
    adjoints: Run<FloatArray>,
  ): LayerGradients<FloatArray> {
    const { kernel, dimensions, rows, recorded } = this;
    const input = this.sequence.input as V;
    const weights = kernel.prepareAdjoint(parameters, dimensions);
    const scratch = kernel.adjointScratch(dimensions, rows);
    const state = adjoints.state.slice() as V;
    const inputAdjoint = kernel.vector(rows * dimensions.I);
    for (const { first, batch } of stepsOf(this.sequence).reverse()) {
      kernel.stepBack(weights, scratch, recorded, first, batch, adjoints.output as V, state);
    }
    kernel.afterSteps(weights, scratch, recorded, rows, inputAdjoint);
    return { input: inputAdjoint, state, parameters: kernel.gradients(weights, scratch, recorded, rows, input) };
  }

  dispose(): void {}
}
