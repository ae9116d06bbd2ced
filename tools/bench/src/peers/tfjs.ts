import { importPeer } from '../folder.ts';
import type { Peer } from '../peer.ts';
import { type LayerWeights, type Problem, stepsOf } from '../problem.ts';
import { trainTf } from './tfjs-training.ts';

/** What is used of @tensorflow/tfjs-core. */
export interface Tf {
  env(): { set(flag: string, value: boolean): void };
  setBackend(name: string): Promise<boolean>;
  tensor2d(data: Float32Array, shape: [number, number]): Matrix;
  zeros(shape: [number, number]): Matrix;
  keep(tensor: Matrix): Matrix;
  tidy<T>(compute: () => T): T;
  matMul(a: Matrix, b: Matrix, transposeA: boolean, transposeB: boolean): Matrix;
  split(x: Matrix, parts: number | number[], axis: number): Matrix[];
  concat(parts: Matrix[], axis: number): Matrix;
  add(a: Matrix, b: Matrix): Matrix;
  sub(a: Matrix, b: Matrix): Matrix;
  mul(a: Matrix, b: Matrix): Matrix;
  sigmoid(x: Matrix): Matrix;
  tanh(x: Matrix): Matrix;
}
export interface Matrix {
  dataSync(): Float32Array;
  dispose(): void;
}
export interface Side {
  readonly W: Matrix;
  readonly R: Matrix;
  readonly b: Matrix;
  readonly c: Matrix;
}

/** torch's GRU from TensorFlow.js' operations, in WebAssembly: its own GRU layer has other equations (reset before). */
export const tfjs: Peer = {
  name: 'tfjs (wasm)',
  packageName: '@tensorflow/tfjs-backend-wasm',
  note: 'from its matMul, sigmoid, tanh, …: its own GRU layer has other equations',
  sameEquations: true,
  does: () => true,
  prepare: async (problem) => async () => {
    if (problem.work.kind === 'training') return trainTf('wasm', problem);
    const tf = await importPeer<Tf>('@tensorflow/tfjs-core');
    await importPeer('@tensorflow/tfjs-backend-wasm');
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    await tf.setBackend('wasm');
    const { kind, batch, steps, inputSize, hiddenSize } = problem.work;
    const layers = problem.layers.map((sides) => sides.map((weights) => sideOf(tf, weights, problem)));
    if (kind === 'sequence') {
      return {
        run: () =>
          tf.tidy(() => {
            let rows = tf.tensor2d(problem.input, [steps * batch, inputSize]);
            for (const sides of layers) rows = runLayer(tf, sides, rows, problem);
            return rows.dataSync();
          }),
      };
    }
    const side = layers[0]![0]!;
    const inputs = stepsOf(problem);
    let state = tf.zeros([batch, hiddenSize]);
    return {
      run: (index) => {
        const before = state;
        state = tf.tidy(() => {
          const x = tf.tensor2d(inputs[index]!, [batch, inputSize]);
          return step(tf, side, tf.add(tf.matMul(x, side.W, false, true), side.b), before);
        });
        before.dispose();
        return state.dataSync();
      },
    };
  },
  page: `
    import * as tf from '@tensorflow/tfjs-core';
    import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
    import wasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
    setWasmPaths({ 'tfjs-backend-wasm-simd.wasm': wasm });
    globalThis.ready = tf.setBackend('wasm');
    globalThis.step = (gx, h, R, c) => tf.tidy(() => {
      const [xr, xz, xn] = tf.split(gx, 3, 1);
      const [hr, hz, hn] = tf.split(tf.add(tf.matMul(h, R, false, true), c), 3, 1);
      const z = tf.sigmoid(tf.add(xz, hz));
      const n = tf.tanh(tf.add(xn, tf.mul(tf.sigmoid(tf.add(xr, hr)), hn)));
      return tf.add(n, tf.mul(z, tf.sub(h, n)));
    });`,
};

/** The same in plain JavaScript, beside it in training alone. */
export const tfjsCpu: Peer = {
  name: 'tfjs (cpu)',
  packageName: '@tensorflow/tfjs',
  note: tfjs.note!,
  sameEquations: true,
  does: ({ kind }) => kind === 'training',
  prepare: async (problem) => () => trainTf('cpu', problem),
};

export function sideOf(tf: Tf, weights: LayerWeights, { work: { hiddenSize } }: Problem): Side {
  const rows = 3 * hiddenSize;
  const matrix = (data: Float32Array) => tf.tensor2d(data, [rows, data.length / rows]);
  const row = (data: Float32Array) => tf.tensor2d(data, [1, rows]);
  return {
    W: matrix(weights.weight_ih),
    R: matrix(weights.weight_hh),
    b: row(weights.bias_ih),
    c: row(weights.bias_hh),
  };
}

/** One step, given the input's product with its bias. */
function step(tf: Tf, { R, c }: Side, gx: Matrix, h: Matrix): Matrix {
  const [xr, xz, xn] = tf.split(gx, 3, 1) as [Matrix, Matrix, Matrix];
  const [hr, hz, hn] = tf.split(tf.add(tf.matMul(h, R, false, true), c), 3, 1) as [Matrix, Matrix, Matrix];
  const z = tf.sigmoid(tf.add(xz, hz));
  const n = tf.tanh(tf.add(xn, tf.mul(tf.sigmoid(tf.add(xr, hr)), hn)));
  return tf.add(n, tf.mul(z, tf.sub(h, n)));
}

/** The states after every step, given the inputs' products with their biases. */
export function statesOf(tf: Tf, side: Side, inputs: readonly Matrix[], h0: Matrix): Matrix[] {
  let h = h0;
  return inputs.map((gx) => {
    h = step(tf, side, gx, h);
    return h;
  });
}

/** One layer over rows [T·B, width]: the product with the input for all steps at once, then step by step. */
function runLayer(tf: Tf, sides: readonly Side[], rows: Matrix, { work }: Problem): Matrix {
  const outputs = sides.map((side, direction) => {
    const all = tf.add(tf.matMul(rows, side.W, false, true), side.b);
    const inputs = work.steps === 1 ? [all] : tf.split(all, work.steps, 0);
    const h0 = tf.zeros([work.batch, work.hiddenSize]);
    const states = statesOf(tf, side, direction === 1 ? inputs.reverse() : inputs, h0);
    return tf.concat(direction === 1 ? states.reverse() : states, 0);
  });
  return outputs.length === 1 ? outputs[0]! : tf.concat(outputs, 1);
}
