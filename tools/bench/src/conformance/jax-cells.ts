// One step of each cell in the operations of jax-js, as the notation of the specification has it. An array is consumed by
// what it is given to; `ref` is one more owner of it.

import { gates, type JaxArray, type Jax as Timed } from '../peers/jax-step.ts';

/** What is used of @jax-js/jax. */
export interface Jax extends Timed {
  readonly nn: Timed['nn'] & { relu(x: JaxArray): JaxArray };
  readonly numpy: Timed['numpy'] & {
    subtract(a: number, b: JaxArray): JaxArray;
    greater(a: JaxArray, b: number): JaxArray;
    where(condition: JaxArray, a: JaxArray, b: JaxArray): JaxArray;
    stack(parts: JaxArray[], axis: number): JaxArray;
  };
}

/** One direction of one layer: weight_ih, weight_hh, bias_ih, bias_hh, weight_hr; those that there are. */
export type Side = Readonly<Record<string, JaxArray>>;

/** The next states, given the input [B, I] and the states [B, H]. */
type Step = (jax: Jax, x: JaxArray, states: readonly JaxArray[], side: Side) => JaxArray[];

type Gates = readonly [JaxArray, JaxArray, JaxArray, JaxArray];

/** `x @ W + b`, without a bias where there is none. */
const linear = ({ numpy: np }: Jax, x: JaxArray, W: JaxArray, b: JaxArray | undefined): JaxArray => {
  const product = np.matmul(x, W.ref.transpose());
  return b ? product.add(b.ref) : product;
};

const ofInput = (jax: Jax, x: JaxArray, side: Side): JaxArray => linear(jax, x, side['weight_ih']!, side['bias_ih']);
const ofState = (jax: Jax, h: JaxArray, side: Side): JaxArray => linear(jax, h, side['weight_hh']!, side['bias_hh']);

/** `(1 - z) * n + z * h` */
const between = ({ numpy: np }: Jax, z: JaxArray, n: JaxArray, h: JaxArray): JaxArray =>
  np.subtract(1, z.ref).mul(n).add(z.mul(h));

const lstm: Step = (jax, x, [h, c], side) =>
  gates.lstm!(jax, ofInput(jax, x, side), ofState(jax, h!.ref, side), [h!, c!]);

const rnn =
  (activation: (jax: Jax, x: JaxArray) => JaxArray): Step =>
  (jax, x, [h], side) => [activation(jax, ofInput(jax, x, side).add(ofState(jax, h!, side)))];

/** By the cell's name. */
export const steps: Readonly<Record<string, Step>> = {
  gru(jax, x, [h], side) {
    const { nn, numpy: np } = jax;
    const [xr, xz, xn] = np.split(ofInput(jax, x, side), 3, 1) as unknown as Gates;
    const [hr, hz, hn] = np.split(ofState(jax, h!.ref, side), 3, 1) as unknown as Gates;
    const n = np.tanh(xn.add(nn.sigmoid(xr.add(hr)).mul(hn)));
    return [between(jax, nn.sigmoid(xz.add(hz)), n, h!)];
  },
  gru_reset_before(jax, x, [h], side) {
    const { nn, numpy: np } = jax;
    const [xr, xz, xn] = np.split(ofInput(jax, x, side), 3, 1) as unknown as Gates;
    const [Wr, Wz, Wn] = np.split(side['weight_hh']!.ref, 3, 0) as unknown as Gates;
    const [br, bz, bn] = side['bias_hh'] ? np.split(side['bias_hh'].ref, 3, 0) : [];
    const once = (of: JaxArray, W: JaxArray, b: JaxArray | undefined) => {
      const sum = linear(jax, of, W, b);
      W.dispose();
      b?.dispose();
      return sum;
    };
    const r = nn.sigmoid(xr.add(once(h!.ref, Wr, br)));
    const z = nn.sigmoid(xz.add(once(h!.ref, Wz, bz)));
    const n = np.tanh(xn.add(once(r.mul(h!.ref), Wn, bn)));
    return [between(jax, z, n, h!)];
  },
  lstm,
  lstm_projected(jax, x, states, side) {
    const [h, c] = lstm(jax, x, states, side) as [JaxArray, JaxArray];
    return [linear(jax, h, side['weight_hr']!, undefined), c];
  },
  rnn_tanh: rnn(({ numpy: np }, x) => np.tanh(x)),
  rnn_relu: rnn(({ nn }, x) => nn.relu(x)),
};
