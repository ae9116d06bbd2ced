import { expect, test } from 'vitest';
import { GRU, LSTM } from '../../../packages/scalar/src/index.ts';
import { type Layer, stateDict } from '../src/backend-layer.ts';
import { train } from '../src/backend-training.ts';
import { CELLS } from '../src/cells.ts';
import { peersInstalled } from '../src/folder.ts';
import { type Running, resultsOf } from '../src/peer.ts';
import { brain } from '../src/peers/brain.ts';
import { jax } from '../src/peers/jax.ts';
import { onnxruntimeWeb } from '../src/peers/onnxruntime.ts';
import { tfjs, tfjsCpu } from '../src/peers/tfjs.ts';
import { type Problem, problemOf } from '../src/problem.ts';
import { residualsOf } from '../src/residuals.ts';
import { differenceOf } from '../src/statistics.ts';
import { type Work, workCalled } from '../src/works.ts';
import { type Exact, outputOf } from './equations.ts';

const installed = peersInstalled();
if (!installed) console.warn('SKIPPED: the peers are not installed; npm run install:peers -w @congruent/bench');

const PARTS = ['forward', 'recording', 'backward'];

const row = workCalled('training-32-50-128-256');
const small: Work = { ...row, inputSize: 3, hiddenSize: 5, batch: 2, steps: 4 };
const problem = problemOf(small);

/** The output, and the slopes of its sum weighted by the cotangent, in float64: what a training run gives. */
function expected(problem: Problem): Float32Array[] {
  const input = [...problem.input];
  const states = problem.states.map((state) => [...state]);
  const weights = Object.entries(problem.layers[0]![0]!).map(([name, { data }]) => ({ name, data: [...data] }));
  const operands = [input, ...states, ...weights.map(({ data }) => data)];
  const layer = Object.fromEntries(weights.map(({ name, data }) => [name, { data }]));
  const numbers: Exact = { work: problem.work, layers: [[layer]], input, states };
  const loss = () => outputOf(numbers).reduce((sum, value, index) => sum + value * problem.cotangent[index]!, 0);
  const slope = (array: number[], index: number): number => {
    const [at, step] = [array[index]!, 1e-5];
    const [after, before] = [at + step, at - step].map((value) => {
      array[index] = value;
      return loss();
    });
    array[index] = at;
    return (after! - before!) / (2 * step);
  };
  const slopes = operands.map((array) => Float32Array.from(array, (_, index) => slope(array, index)));
  return [Float32Array.from(outputOf(numbers)), ...slopes];
}

const cells = (['gru', 'lstm'] as const).map((cell) => ({ cell, className: CELLS[cell].className }));

function loaded(problem: Problem): Layer {
  const sizes = { inputSize: 3, hiddenSize: 5 };
  const layer: Layer = problem.work.cell === 'gru' ? GRU.createSync(sizes) : LSTM.createSync(sizes);
  layer.loadStateDict(stateDict(problem));
  return layer;
}

for (const { cell, className } of cells) {
  test(`a backend trains its ${className}: the output and all gradients, and parts likewise`, async () => {
    const problem = problemOf({ ...small, cell });
    const running = await train(loaded(problem), problem);
    const [output, ...gradients] = expected(problem);
    expect(differenceOf([output!, ...gradients], await resultsOf(running, problem))).toBeLessThan(1e-6);
    expect(Object.keys(running.parts!)).toEqual(PARTS);
    const { forward, recording, backward } = running.parts!;
    for (const part of [forward!, recording!]) {
      expect(differenceOf([output!], await resultsOf(part, problem))).toBeLessThan(1e-6);
    }
    // A second time, as it is timed again and again.
    for (const _ of [1, 2]) {
      expect(differenceOf([output!, ...gradients], await resultsOf(backward!, problem))).toBeLessThan(1e-6);
    }
  });
}

test('who answers with promises is waited for, who answers at once is not', async () => {
  const sync = loaded(problem) as GRU;
  const vjp = async (...operands: Parameters<typeof sync.vjp>) => {
    const { pullback, ...results } = sync.vjp(...operands);
    return { ...results, pullback: Object.assign(async (g: object) => pullback(g), { dispose: pullback.dispose }) };
  };
  const promising = { vjp, forward: async (...operands: Parameters<typeof sync.forward>) => sync.forward(...operands) };
  const [atOnce, later] = [await train(sync, problem), await train(promising as unknown as Layer, problem)];
  const both = [atOnce, later].map(({ run, parts }) => [run, ...PARTS.map((part) => parts![part]!.run)]);
  for (const [index, run] of both[0]!.entries()) {
    const [result, promise] = [run(0), both[1]![index]!(0)];
    expect([result, promise].map((answer) => answer instanceof Promise)).toEqual([false, true]);
    expect(await promise).toEqual(result);
  }
});

for (const peer of [tfjs, tfjsCpu, jax]) {
  for (const { cell, className } of cells) {
    test.skipIf(!installed)(`${peer.name} trains torch's ${className}`, async () => {
      const problem = problemOf({ ...small, cell });
      expect(await peer.does(problem.work)).toBe(true);
      const running: Running = await (await peer.prepare(problem))();
      // TensorFlow.js' sigmoid and jax-js' tanh are approximations.
      expect(differenceOf(expected(problem), await resultsOf(running, problem))).toBeLessThan(1e-6);
    });
  }
}

test.skipIf(!installed)('brain.js trains on one sequence at a time, and gives nothing to compare', async () => {
  const { run, share } = await (await brain.prepare(problem))();
  expect(share).toBe(1 / small.batch);
  expect(await run(0)).toEqual([]);
});

test('who only infers takes no part in training, and TensorFlow.js in plain JavaScript in nothing else', () => {
  expect(onnxruntimeWeb.does(row)).toBe(false);
  expect(tfjsCpu.does(workCalled('batch-32-50-128-256'))).toBe(false);
});

test('training keeps the inputs and the five values of the schedule, counted from it', () => {
  const { names, numbersPerRow, bytesPerStep } = residualsOf(row);
  expect(names).toEqual(['x', 'h', 'r', 'z', 'u_n', 'n']);
  expect(numbersPerRow).toBe(128 + 5 * 256);
  expect(bytesPerStep).toBe(4 * 32 * numbersPerRow);
});
