import { gru, rnnTanh } from '@congruent/spec';
import { describe, expect, test } from 'vitest';
import { networkOf } from '../../src/training/network.ts';
import { adding } from '../../src/training/tasks/adding.ts';
import { copying } from '../../src/training/tasks/copying.ts';
import type { Task } from '../../src/training/tasks/task.ts';
import { Trainer } from '../../src/training/trainer.ts';
import { layersOf } from './layers.ts';

const options = { seed: 1, learningRate: 0.01, sequences: 16 };

const task = await adding.open(10);
const layers = layersOf(networkOf(gru, task, { H: 16 }));

const meanOf = (losses: readonly number[]): number => losses.reduce((sum, loss) => sum + loss, 0) / losses.length;

test('the gru learns the adding problem of 10 steps within 400 steps to an error of 0.01, from any start', () => {
  for (const seed of [1, 2]) {
    const trainer = new Trainer(task, layers, { ...options, seed });
    const losses = Array.from({ length: 400 }, () => trainer.step().loss);
    expect(meanOf(losses.slice(0, 10))).toBeGreaterThan(task.baseline.loss);
    expect(meanOf(losses.slice(-50))).toBeLessThan(0.01);
  }
});

test('the same start gives the same bits, and another one others', () => {
  const lossesOf = (seed: number) => {
    const trainer = new Trainer(task, layers, { ...options, seed });
    return Array.from({ length: 30 }, () => trainer.step().loss);
  };
  expect(lossesOf(1)).toEqual(lossesOf(1));
  expect(lossesOf(1)).not.toEqual(lossesOf(2));
});

test('looking changes nothing', () => {
  const [one, other] = [new Trainer(task, layers, options), new Trainer(task, layers, options)];
  one.look(one.sample(3), 2);
  expect(one.step()).toEqual(other.step());
});

describe.each([
  ['one output', task],
  ['several', await copying.open(9)],
] as const)('which input moved the output, with %s', (_, of: Task) => {
  const trainer = new Trainer(of, layersOf(networkOf(rnnTanh, of, { H: 5 })), options);
  for (let step = 0; step < 20; step++) trainer.step();
  const sample = trainer.sample(0);

  test.each([0, 4, of.steps - 1])('after step %i', (asked) => {
    const { output, influence } = trainer.look(sample, asked);
    const given = output.subarray(asked * of.outputs, (asked + 1) * of.outputs);
    const chosen = asked * of.outputs + given.indexOf(Math.max(...given));
    const change = 2 ** -5;
    const outputWith = (at: number, by: number): number => {
      const data = sample.input.data.slice();
      data[at]! += by;
      return trainer.look({ ...sample, input: { ...sample.input, data } }, asked).output[chosen]!;
    };
    const wanted = Array.from({ length: of.steps }, (_, step) => {
      const slopes = Array.from({ length: of.inputs }, (_, input) => {
        const at = step * of.inputs + input;
        return (outputWith(at, change) - outputWith(at, -change)) / (2 * change);
      });
      return Math.hypot(...slopes);
    });
    const most = Math.max(...wanted);
    expect(most).toBeGreaterThan(0);
    for (const [step, norm] of influence.entries()) expect(norm / most).toBeCloseTo(wanted[step]! / most, 2);
    expect(influence.subarray(asked + 1).every((norm) => norm === 0)).toBe(true);
  });
});

test('where numbers overflow nothing is changed', () => {
  const trainer = new Trainer(task, layers, { ...options, learningRate: 1e30 });
  expect(Number.isFinite(trainer.step().loss)).toBe(true);
  const before = trainer.parameters;
  const { loss, gradientNorm } = trainer.step();
  expect(Number.isFinite(loss) && Number.isFinite(gradientNorm)).toBe(false);
  expect(trainer.parameters).toEqual(before);
  expect(trainer.steps).toBe(1);
});
