import { importPeer } from '../folder.ts';
import type { Running } from '../peer.ts';
import type { Problem } from '../problem.ts';
import { type Matrix, type Side, sideOf, statesOf, type Tf } from './tfjs.ts';

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
  const { batch, steps, inputSize, hiddenSize } = problem.work;
  const { W, R, b, c } = sideOf(tf, problem.layers[0]![0]!, problem);
  const forward = (...[x, h0, ...weights]: Matrix[]): Matrix => {
    const [W, R, b, c] = weights as [Matrix, Matrix, Matrix, Matrix];
    const side: Side = { W, R, b, c };
    const inputs = tf.split(tf.add(tf.matMul(x!, W, false, true), b), steps, 0);
    return tf.concat(statesOf(tf, side, inputs, h0!), 0);
  };
  const forwardAndBackward = tf.valueAndGrads(forward);
  return {
    run: () =>
      tf.tidy(() => {
        const x = tf.tensor2d(problem.input, [steps * batch, inputSize]);
        const h0 = tf.tensor2d(problem.h0, [batch, hiddenSize]);
        const cotangent = tf.tensor2d(problem.cotangent, [steps * batch, hiddenSize]);
        const { value, grads } = forwardAndBackward([x, h0, W, R, b, c], cotangent);
        return [value, ...grads].map((tensor) => tensor.dataSync());
      }),
  };
}
