import { statesOf } from '../cells.ts';
import type { Running } from '../peer.ts';
import type { Problem } from '../problem.ts';
import { type Jax, type JaxArray, type Parameters, parametersOf, type States, stepIn } from './jax-step.ts';

/** One layer, forward and backward: a loop unrolled, differentiated and compiled as one. */
export function trainJax(jax: Jax, problem: Problem): Running {
  const { jit, vjp, numpy: np } = jax;
  const { cell, batch, steps, inputSize, hiddenSize } = problem.work;
  const step = stepIn(jax, cell);
  const count = statesOf(cell).length;
  const forward = (...[x, ...operands]: JaxArray[]): JaxArray => {
    let states = operands.slice(0, count) as States;
    const [W, R, b, c] = operands.slice(count) as unknown as Parameters;
    const all = np.matmul(x!, W.transpose()).add(b).reshape([steps, batch, -1]);
    const outputs = Array.from({ length: steps }, (_, t) => {
      states = step(all.ref.slice(t), states, R.ref, c.ref);
      return states[0].ref;
    });
    for (const array of [all, ...states, R, c]) array.dispose();
    return np.concatenate(outputs, 0);
  };
  const forwardAndBackward = jit((cotangent: JaxArray, ...operands: JaxArray[]): JaxArray[] => {
    const [output, back] = vjp(forward, operands);
    const gradients = back(cotangent);
    back.dispose();
    return [output, ...gradients];
  });
  const parameters = parametersOf(np, problem.layers[0]![0]!);
  return {
    run() {
      const x = np.array(problem.input).reshape([steps * batch, inputSize]);
      const states = problem.states.map((state) => np.array(state).reshape([batch, hiddenSize]));
      const cotangent = np.array(problem.cotangent).reshape([steps * batch, hiddenSize]);
      const results = forwardAndBackward(cotangent, x, ...states, ...parameters.map(({ ref }) => ref));
      return results.map((array) => array.dataSync());
    },
  };
}
