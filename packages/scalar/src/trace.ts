import type { Dimensions, FloatArray, LayerGradients, Run, Sequence, Trace } from '@congruent/runtime';
import type { Kernel } from './kernel.ts';
import { type Step, stepsOf } from './steps.ts';

/** What one run recorded, in arrays of its own. */
export class ScalarTrace<V extends FloatArray> implements Trace<'sync', FloatArray> {
  private readonly kernel: Kernel<V>;
  private readonly dimensions: Dimensions;
  private readonly steps: readonly Step[];
  private arrays: { readonly input: V; readonly recorded: unknown } | undefined;

  constructor(kernel: Kernel<V>, dimensions: Dimensions, sequence: Sequence<FloatArray>, recorded: unknown) {
    this.kernel = kernel;
    this.dimensions = dimensions;
    this.steps = stepsOf(sequence);
    this.arrays = { input: sequence.inputs[0] as V, recorded };
  }

  pullback(
    _: unknown,
    parameters: Readonly<Record<string, FloatArray>>,
    adjoints: Run<FloatArray>,
  ): LayerGradients<FloatArray> {
    const { kernel, dimensions, steps } = this;
    const { input, recorded } = this.arrays!;
    const rows = input.length / dimensions['I']!;
    const weights = kernel.prepareAdjoint(parameters, dimensions);
    const scratch = kernel.adjointScratch(dimensions, rows);
    const state = adjoints.states[0]!.slice() as V;
    const inputAdjoint = kernel.vector(input.length);
    for (const { first, batch } of steps.toReversed()) {
      kernel.stepBack(weights, scratch, recorded, first, batch, adjoints.outputs[0] as V, state);
    }
    kernel.afterSteps(weights, scratch, recorded, rows, inputAdjoint);
    return {
      inputs: [inputAdjoint],
      states: [state],
      parameters: kernel.gradients(weights, scratch, recorded, rows, input),
    };
  }

  dispose(): void {
    this.arrays = undefined;
  }
}
