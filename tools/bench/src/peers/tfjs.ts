import { statesOf } from '../cells.ts';
import { importPeer } from '../folder.ts';
import type { Peer } from '../peer.ts';
import { type Problem, stepsOf } from '../problem.ts';
import { gates, type Matrix, outputsOf, type Side, sideOf, step, type Tf, zerosOf } from './tfjs-step.ts';
import { trainTf } from './tfjs-training.ts';

/**
 * torch's layers from TensorFlow.js' operations, in WebAssembly: its own GRU layer has other equations (reset before), and
 * its LSTM layer one bias where torch has two.
 */
export const tfjs: Peer = {
  name: 'tfjs (wasm)',
  packageName: '@tensorflow/tfjs-backend-wasm',
  note: 'from its matMul, sigmoid, tanh, …: its own layers have other equations or biases',
  sameEquations: true,
  does: ({ cell }) => cell in gates,
  prepare: async (problem) => async () => {
    if (problem.work.kind === 'training') return trainTf('wasm', problem);
    const tf = await importPeer<Tf>('@tensorflow/tfjs-core');
    await importPeer('@tensorflow/tfjs-backend-wasm');
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    await tf.setBackend('wasm');
    const { cell, kind, batch, steps, inputSize, hiddenSize } = problem.work;
    const layers = problem.layers.map((sides) => sides.map((weights) => sideOf(tf, weights)));
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
    let states = zerosOf(tf, statesOf(cell).length, [batch, hiddenSize]);
    return {
      run: (index) => {
        const before = states;
        states = tf.tidy(() => {
          const x = tf.tensor2d(inputs[index]!, [batch, inputSize]);
          return step(tf, cell, side, tf.add(tf.matMul(x, side.W, false, true), side.b), before);
        });
        for (const state of before) state.dispose();
        return states[0].dataSync();
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
  does: ({ cell, kind }) => cell in gates && kind === 'training',
  prepare: async (problem) => () => trainTf('cpu', problem),
};

/** One layer over rows [T·B, width]: the product with the input for all steps at once, then step by step. */
function runLayer(tf: Tf, sides: readonly Side[], rows: Matrix, { work }: Problem): Matrix {
  const { cell, steps, batch, hiddenSize } = work;
  const outputs = sides.map((side, direction) => {
    const all = tf.add(tf.matMul(rows, side.W, false, true), side.b);
    const inputs = steps === 1 ? [all] : tf.split(all, steps, 0);
    const initial = zerosOf(tf, statesOf(cell).length, [batch, hiddenSize]);
    const outputs = outputsOf(tf, cell, side, direction === 1 ? inputs.reverse() : inputs, initial);
    return tf.concat(direction === 1 ? outputs.reverse() : outputs, 0);
  });
  return outputs.length === 1 ? outputs[0]! : tf.concat(outputs, 1);
}
