import type { Running } from '../peer.ts';
import type { Problem } from '../problem.ts';
import { type Jax, type JaxArray, parametersOf, stepIn } from './jax.ts';

/** One layer, forward and backward: a loop unrolled, differentiated and compiled as one. */
export function trainJax(jax: Jax, problem: Problem): Running {
  const { jit, vjp, numpy: np } = jax;
  const { batch, steps, inputSize, hiddenSize } = problem.work;
  const step = stepIn(jax);
  const forward = (...[x, h0, ...weights]: JaxArray[]): JaxArray => {
    const [W, R, b, c] = weights as [JaxArray, JaxArray, JaxArray, JaxArray];
    const all = np
      .matmul(x!, W.transpose())
      .add(b)
      .reshape([steps, batch, 3 * hiddenSize]);
    let h = h0!;
    const states = Array.from({ length: steps }, (_, t) => {
      h = step(all.ref.slice(t), h, R.ref, c.ref);
      return h.ref;
    });
    for (const array of [all, h, R, c]) array.dispose();
    return np.concatenate(states, 0);
  };
  const forwardAndBackward = jit((cotangent: JaxArray, ...operands: JaxArray[]): JaxArray[] => {
    const [output, back] = vjp(forward, operands);
    const gradients = back(cotangent);
    back.dispose();
    return [output, ...gradients];
  });
  const parameters = parametersOf(np, problem.layers[0]![0]!, problem);
  return {
    run() {
      const x = np.array(problem.input).reshape([steps * batch, inputSize]);
      const h0 = np.array(problem.h0).reshape([batch, hiddenSize]);
      const cotangent = np.array(problem.cotangent).reshape([steps * batch, hiddenSize]);
      const results = forwardAndBackward(cotangent, x, h0, ...parameters.map(({ ref }) => ref));
      return results.map((array) => array.dataSync());
    },
  };
}
