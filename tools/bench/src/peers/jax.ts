import { statesOf } from '../cells.ts';
import { importPeer } from '../folder.ts';
import type { Peer } from '../peer.ts';
import { stepsOf } from '../problem.ts';
import { gates, type Jax, type JaxArray, type Parameters, parametersOf, type States, stepIn } from './jax-step.ts';
import { trainJax } from './jax-training.ts';

/** torch's layers in jax-js, in WebAssembly: a compiled step, and a compiled product with the input for all steps. */
export const jax: Peer = {
  name: 'jax-js (wasm)',
  packageName: '@jax-js/jax',
  note: 'a compiled step in a loop, as it has no scan; for training the unrolled loop, compiled as one',
  sameEquations: true,
  does: ({ cell }) => cell in gates,
  prepare: async (problem) => async () => {
    const jax = await importPeer<Jax>('@jax-js/jax');
    const { init, defaultDevice, jit, numpy: np } = jax;
    await init('wasm');
    defaultDevice('wasm');
    if (problem.work.kind === 'training') return trainJax(jax, problem);
    const { cell, kind, batch, steps, inputSize, hiddenSize } = problem.work;
    const layers = problem.layers.map((sides) => sides.map((weights) => parametersOf(np, weights)));
    const project = jit((rows: JaxArray, W: JaxArray, b: JaxArray) => np.matmul(rows, W.transpose()).add(b));
    const step = jit(stepIn(jax, cell));
    const zeros = () =>
      statesOf(cell).map(() => np.array(new Float32Array(batch * hiddenSize)).reshape([batch, hiddenSize])) as States;

    const runSide = ([W, R, b, c]: Parameters, rows: JaxArray, backwards: boolean): JaxArray => {
      const all = project(rows, W.ref, b.ref).reshape([steps, batch, -1]);
      const outputs: JaxArray[] = new Array(steps);
      let states = zeros();
      for (let index = 0; index < steps; index++) {
        const t = backwards ? steps - 1 - index : index;
        states = step(all.ref.slice(t), states, R.ref, c.ref);
        outputs[t] = states[0].ref;
      }
      for (const array of [all, ...states]) array.dispose();
      return np.concatenate(outputs, 0);
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
    let states = zeros();
    return {
      run: (index) => {
        const x = np.array(inputs[index]!).reshape([batch, inputSize]);
        states = step(project(x, W.ref, b.ref), states, R.ref, c.ref);
        return states[0].ref.dataSync();
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
