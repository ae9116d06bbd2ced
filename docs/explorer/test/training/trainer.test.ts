import { gru, rnnTanh } from '@congruent/spec';
import { describe, expect, test } from 'vitest';
import { networkLayers, networkOf } from '../../src/training/network.ts';
import { adding } from '../../src/training/tasks/adding.ts';
import { copying } from '../../src/training/tasks/copying.ts';
import type { Task } from '../../src/training/tasks/task.ts';
import { Trainer } from '../../src/training/trainer.ts';

const options = { seed: 1, learningRate: 0.01, sequences: 16 };

const task = adding(10);
const layers = networkLayers(networkOf(gru, task, { H: 16 }));

const meanOf = (losses: readonly number[]): number => losses.reduce((sum, loss) => sum + loss, 0) / losses.length;

test('the gru learns the adding problem of 10 steps within 400 steps to an error of 0.01, from any start', async () => {
  for (const seed of [1, 2]) {
    const trainer = await Trainer.create(task, layers, { ...options, seed });
    const losses = Array.from({ length: 400 }, () => trainer.step().loss);
    expect(meanOf(losses.slice(0, 10))).toBeGreaterThan(task.baseline.loss);
    expect(meanOf(losses.slice(-50))).toBeLessThan(0.01);
  }
});

test('the same start gives the same bits, and another one others', async () => {
  const lossesOf = async (seed: number) => {
    const trainer = await Trainer.create(task, layers, { ...options, seed });
    return Array.from({ length: 30 }, () => trainer.step().loss);
  };
  expect(await lossesOf(1)).toEqual(await lossesOf(1));
  expect(await lossesOf(1)).not.toEqual(await lossesOf(2));
});

test('looking changes nothing', async () => {
  const [one, other] = [await Trainer.create(task, layers, options), await Trainer.create(task, layers, options)];
  one.look(one.sample(3), 2);
  expect(one.step()).toEqual(other.step());
});

const small = (of: Task): Promise<Trainer> =>
  Trainer.create(of, networkLayers(networkOf(rnnTanh, of, { H: 5 })), options);

const copy = copying(9);

describe.each([
  ['one output', task, await small(task)],
  ['several', copy, await small(copy)],
] as const)('which input moved the output, with %s', (_, of: Task, trainer) => {
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

test('where numbers overflow nothing is changed', async () => {
  const trainer = await Trainer.create(task, layers, { ...options, learningRate: 1e30 });
  expect(Number.isFinite(trainer.step().loss)).toBe(true);
  const before = trainer.parameters;
  const { loss, gradientNorm } = trainer.step();
  expect(Number.isFinite(loss) && Number.isFinite(gradientNorm)).toBe(false);
  expect(trainer.parameters).toEqual(before);
  expect(trainer.steps).toBe(1);
});
