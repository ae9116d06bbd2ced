import { type GRU, type GRUGradients, type Tensor, tensor } from '@congruent/runtime';
import type { Running } from './peer.ts';
import type { Problem } from './problem.ts';

/** A backend's GRU with the weights loaded, forward and backward; promises where it answers with some. */
export async function train(gru: GRU, problem: Problem): Promise<Running> {
  const { steps, batch, inputSize, hiddenSize, layers, directions } = problem.work;
  const input = tensor(problem.input, [steps, batch, inputSize]);
  const h0 = tensor(problem.h0, [layers * directions, batch, hiddenSize]);
  const cotangents = { output: tensor(problem.cotangent, [steps, batch, directions * hiddenSize]) };
  const recorded = await gru.vjp(input, h0);
  return {
    run: () =>
      then(gru.vjp(input, h0), ({ output, pullback }) =>
        then(pullback(cotangents), (gradients) => {
          pullback.dispose();
          return dataOf(output, gradients);
        }),
      ),
    parts: {
      forward: { run: () => then(gru.forward(input, h0), ({ output }) => dataOf(output)) },
      recording: {
        run: () =>
          then(gru.vjp(input, h0), ({ output, pullback }) => {
            pullback.dispose();
            return dataOf(output);
          }),
      },
      // A pullback may be called again and again.
      backward: { run: () => then(recorded.pullback(cotangents), (gradients) => dataOf(recorded.output, gradients)) },
    },
  };
}

/** At once where nothing is awaited, so that a promise costs only those who answer with one. */
const then = <T, U>(reply: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> =>
  reply instanceof Promise ? reply.then(next) : next(reply);

const dataOf = (output: Tensor, gradients?: GRUGradients): Float32Array[] => {
  const tensors = gradients ? [gradients.input, gradients.h0, ...Object.values(gradients.parameters)] : [];
  return [output, ...tensors].map(({ data }) => data as Float32Array);
};
