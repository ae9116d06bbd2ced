import { arrayMemory, type DType, type FloatArray, type HostKernels, rowsOf } from '@congruent/runtime';
import type { Kernel } from './kernel.ts';
import { type Step, stepsOf } from './steps.ts';

type Arrays<V> = [input: V, state: V, output: V];

/** A generated file as the runtime takes it: the loop over the steps is here. */
export function scalarKernels<V extends FloatArray>(kernel: Kernel<V>, dtype: DType): HostKernels<FloatArray> {
  const names = Object.keys(kernel.signature.parameters);
  const named = (tensors: readonly FloatArray[]): Record<string, FloatArray> =>
    Object.fromEntries(names.map((name, index) => [name, tensors[index]!]));
  const overSteps = (steps: readonly Step[], state: V, output: V, move: (step: Step) => void): void => {
    const H = state.length / Math.max(...steps.map(({ batch }) => batch));
    for (const step of steps) {
      move(step);
      output.set(state.subarray(0, step.batch * H), step.first * H);
    }
  };
  return {
    memory: arrayMemory(dtype),
    prepare: (tensors, dimensions) => kernel.prepare(named(tensors), dimensions),
    scratch: (dimensions, rows) => kernel.scratch(dimensions, rows),
    run(weights, scratch, batchSizes, reverse, ...operands) {
      const [input, state, output] = operands as Arrays<V>;
      kernel.before(weights, scratch, rowsOf(batchSizes), input);
      overSteps(stepsOf(batchSizes, reverse), state, output, ({ first, batch }) =>
        kernel.step(weights, scratch, first, batch, state),
      );
    },
    stepper(weights, scratch, batch, ...operands) {
      const [input, state, output] = operands as Arrays<V>;
      return () => {
        kernel.before(weights, scratch, batch, input);
        kernel.step(weights, scratch, 0, batch, state);
        output.set(state);
      };
    },
    backward: {
      residuals: (dimensions, rows) => kernel.trace(dimensions, rows) as FloatArray, // a record of arrays
      record(weights, scratch, batchSizes, reverse, ...operands) {
        const [input, state, output, residuals] = operands as [...Arrays<V>, V];
        kernel.before(weights, scratch, rowsOf(batchSizes), input);
        overSteps(stepsOf(batchSizes, reverse), state, output, ({ first, batch }) =>
          kernel.recordStep(weights, scratch, residuals, first, batch, state),
        );
      },
      save: (value) => value,
      restore: (saved) => saved as FloatArray,
      prepareBackward: (tensors, dimensions) => kernel.prepareAdjoint(named(tensors), dimensions),
      backwardScratch: (dimensions, rows) => kernel.adjointScratch(dimensions, rows),
      pullBack(weights, scratch, residuals, batchSizes, reverse, ...operands) {
        const [input, output, inputAdjoint, state, ...tensors] = operands as [V, V, V, V, ...V[]];
        const rows = rowsOf(batchSizes);
        for (const { first, batch } of stepsOf(batchSizes, reverse).reverse()) {
          kernel.stepBack(weights, scratch, residuals, first, batch, output, state);
        }
        kernel.afterSteps(weights, scratch, residuals, rows, inputAdjoint);
        const gradients = kernel.gradients(weights, scratch, residuals, rows, input);
        for (const [index, name] of names.entries()) tensors[index]!.set(gradients[name]!);
      },
    },
  };
}
