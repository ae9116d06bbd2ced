import { statesOf } from '../cells.ts';
import { importPeer } from '../folder.ts';
import type { Running } from '../peer.ts';
import type { Problem } from '../problem.ts';
import { type Matrix, outputsOf, sideOf, type Tf } from './tfjs-step.ts';

/** What is used of @tensorflow/tfjs beyond its core: it brings the gradients of the operations. */
interface TfWithGradients extends Tf {
  valueAndGrads(
    f: (...operands: Matrix[]) => Matrix,
  ): (operands: readonly Matrix[], cotangent: Matrix) => { readonly value: Matrix; readonly grads: readonly Matrix[] };
}

/** One layer, forward and backward, its backward pass found by TensorFlow.js. */
export async function trainTf(backend: 'wasm' | 'cpu', problem: Problem): Promise<Running> {
  const tf = await importPeer<TfWithGradients>('@tensorflow/tfjs');
  if (backend === 'wasm') {
    await importPeer('@tensorflow/tfjs-backend-wasm');
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  }
  await tf.setBackend(backend);
  const { cell, batch, steps, inputSize, hiddenSize } = problem.work;
  const { W, R, b, c } = sideOf(tf, problem.layers[0]![0]!);
  const count = statesOf(cell).length;
  const forward = (...[x, ...operands]: Matrix[]): Matrix => {
    const states = operands.slice(0, count) as [Matrix, ...Matrix[]];
    const [W, R, b, c] = operands.slice(count) as [Matrix, Matrix, Matrix, Matrix];
    const inputs = tf.split(tf.add(tf.matMul(x!, W, false, true), b), steps, 0);
    return tf.concat(outputsOf(tf, cell, { W, R, b, c }, inputs, states), 0);
  };
  const forwardAndBackward = tf.valueAndGrads(forward);
  return {
    run: () =>
      tf.tidy(() => {
        const x = tf.tensor2d(problem.input, [steps * batch, inputSize]);
        const states = problem.states.map((state) => tf.tensor2d(state, [batch, hiddenSize]));
        const cotangent = tf.tensor2d(problem.cotangent, [steps * batch, hiddenSize]);
        const { value, grads } = forwardAndBackward([x, ...states, W, R, b, c], cotangent);
        return [value, ...grads].map((tensor) => tensor.dataSync());
      }),
  };
}
