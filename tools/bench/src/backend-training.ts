import { type Tensor, tensor } from '@congruent/runtime';
import { type Gradients, type Layer, onReply } from './backend-layer.ts';
import { statesOf } from './cells.ts';
import type { Running } from './peer.ts';
import type { Problem } from './problem.ts';

/**
 * A backend's layer with the weights loaded, forward and backward; promises where it answers with some. Its parts are
 * `forward` as for inference, `recording`, the forward pass with what the backward pass needs, and `backward`.
 */
export async function train(layer: Layer, problem: Problem): Promise<Running> {
  const { cell, steps, batch, inputSize, hiddenSize, layers, directions } = problem.work;
  const input = tensor(problem.input, [steps, batch, inputSize]);
  const all = problem.states.map((state) => tensor(state, [layers * directions, batch, hiddenSize]));
  const states = all.length === 1 ? all[0]! : all;
  const cotangents = { output: tensor(problem.cotangent, [steps, batch, directions * hiddenSize]) };
  const names = statesOf(cell).map((name) => `${name}0`);
  const recorded = await layer.vjp(input, states);
  return {
    run: () =>
      onReply(layer.vjp(input, states), ({ output, pullback }) =>
        onReply(pullback(cotangents), (gradients) => {
          pullback.dispose();
          return dataOf(output, ...tensorsIn(gradients, names));
        }),
      ),
    parts: {
      forward: { run: () => onReply(layer.forward(input, states), ({ output }) => dataOf(output)) },
      recording: {
        run: () =>
          onReply(layer.vjp(input, states), ({ output, pullback }) => {
            pullback.dispose();
            return dataOf(output);
          }),
      },
      // A pullback may be called again and again.
      backward: {
        run: () =>
          onReply(recorded.pullback(cotangents), (gradients) =>
            dataOf(recorded.output, ...tensorsIn(gradients, names)),
          ),
      },
    },
  };
}

const tensorsIn = (gradients: Gradients, states: readonly string[]): Tensor[] => {
  const byName = gradients as Gradients & Readonly<Record<string, unknown>>;
  return [gradients.input, ...states.map((name) => byName[name] as Tensor), ...Object.values(gradients.parameters)];
};

const dataOf = (...tensors: readonly Tensor[]): Float32Array[] => tensors.map(({ data }) => data as Float32Array);
