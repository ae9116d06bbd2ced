import { importPeer } from '../folder.ts';
import type { Peer } from '../peer.ts';
import { type LayerWeights, type Problem, stepsOf } from '../problem.ts';
import { trainJax } from './jax-training.ts';

/** What is used of @jax-js/jax. An array is consumed by what it is given to; `ref` is one more owner of it. */
export interface Jax {
  init(device: 'wasm'): Promise<unknown>;
  defaultDevice(device: 'wasm'): unknown;
  jit<F>(compute: F): F;
  vjp(
    f: (...operands: JaxArray[]) => JaxArray,
    operands: readonly JaxArray[],
  ): [output: JaxArray, back: ((cotangent: JaxArray) => JaxArray[]) & { dispose(): void }];
  nn: { sigmoid(x: JaxArray): JaxArray };
  numpy: {
    array(data: Float32Array): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    split(x: JaxArray, parts: number, axis: number): [JaxArray, JaxArray, JaxArray];
    tanh(x: JaxArray): JaxArray;
    concatenate(parts: JaxArray[], axis: number): JaxArray;
  };
}
export interface JaxArray {
  readonly ref: JaxArray;
  reshape(shape: number[]): JaxArray;
  transpose(): JaxArray;
  add(other: JaxArray): JaxArray;
  sub(other: JaxArray): JaxArray;
  mul(other: JaxArray): JaxArray;
  slice(index: number): JaxArray;
  dispose(): void;
  dataSync(): Float32Array;
}
export type Parameters = readonly [W: JaxArray, R: JaxArray, b: JaxArray, c: JaxArray];

/** torch's GRU in jax-js, in WebAssembly: a compiled step, and a compiled product with the input for all steps. */
export const jax: Peer = {
  name: 'jax-js (wasm)',
  packageName: '@jax-js/jax',
  note: 'a compiled step in a loop, as it has no scan; for training the unrolled loop, compiled as one',
  sameEquations: true,
  does: () => true,
  prepare: async (problem) => async () => {
    const jax = await importPeer<Jax>('@jax-js/jax');
    const { init, defaultDevice, jit, numpy: np } = jax;
    await init('wasm');
    defaultDevice('wasm');
    if (problem.work.kind === 'training') return trainJax(jax, problem);
    const { kind, batch, steps, inputSize, hiddenSize } = problem.work;
    const layers = problem.layers.map((sides) => sides.map((weights) => parametersOf(np, weights, problem)));
    const project = jit((rows: JaxArray, W: JaxArray, b: JaxArray) => np.matmul(rows, W.transpose()).add(b));
    const step = jit(stepIn(jax));
    const zeros = () => np.array(new Float32Array(batch * hiddenSize)).reshape([batch, hiddenSize]);

    const runSide = ([W, R, b, c]: Parameters, rows: JaxArray, backwards: boolean): JaxArray => {
      const all = project(rows, W.ref, b.ref).reshape([steps, batch, 3 * hiddenSize]);
      const states: JaxArray[] = new Array(steps);
      let h = zeros();
      for (let index = 0; index < steps; index++) {
        const t = backwards ? steps - 1 - index : index;
        h = step(all.ref.slice(t), h, R.ref, c.ref);
        states[t] = h.ref;
      }
      h.dispose();
      all.dispose();
      return np.concatenate(states, 0);
    };

    if (kind === 'sequence') {
      return {
        run: () => {
          let rows = np.array(problem.input).reshape([steps * batch, inputSize]);
          for (const sides of layers) {
            const outputs = sides.map((parameters, direction) => runSide(parameters, rows.ref, direction === 1));
            rows.dispose();
            rows = outputs.length === 1 ? outputs[0]! : np.concatenate(outputs, 1);
          }
          return rows.dataSync();
        },
      };
    }
    const [W, R, b, c] = layers[0]![0]!;
    const inputs = stepsOf(problem);
    let state = zeros();
    return {
      run: (index) => {
        const x = np.array(inputs[index]!).reshape([batch, inputSize]);
        state = step(project(x, W.ref, b.ref), state, R.ref, c.ref);
        return state.ref.dataSync();
      },
    };
  },
  page: `
    import { defaultDevice, init, jit, nn, numpy as np } from '@jax-js/jax';
    globalThis.ready = init('wasm').then(() => defaultDevice('wasm'));
    globalThis.step = jit((gx, h, R, c) => {
      const [xr, xz, xn] = np.split(gx, 3, 1);
      const [hr, hz, hn] = np.split(np.matmul(h.ref, R.transpose()).add(c), 3, 1);
      const z = nn.sigmoid(xz.add(hz));
      const n = np.tanh(xn.add(nn.sigmoid(xr.add(hr)).mul(hn)));
      return n.ref.add(z.mul(h.sub(n)));
    });`,
};

/** One step, given the input's product with its bias. */
export const stepIn =
  ({ nn, numpy: np }: Jax) =>
  (gx: JaxArray, h: JaxArray, R: JaxArray, c: JaxArray): JaxArray => {
    const [xr, xz, xn] = np.split(gx, 3, 1);
    const [hr, hz, hn] = np.split(np.matmul(h.ref, R.transpose()).add(c), 3, 1);
    const r = nn.sigmoid(xr.add(hr));
    const z = nn.sigmoid(xz.add(hz));
    const n = np.tanh(xn.add(r.mul(hn)));
    return n.ref.add(z.mul(h.sub(n)));
  };

export function parametersOf(np: Jax['numpy'], weights: LayerWeights, { work: { hiddenSize } }: Problem): Parameters {
  const rows = 3 * hiddenSize;
  const matrix = (data: Float32Array) => np.array(data).reshape([rows, data.length / rows]);
  return [matrix(weights.weight_ih), matrix(weights.weight_hh), np.array(weights.bias_ih), np.array(weights.bias_hh)];
}
