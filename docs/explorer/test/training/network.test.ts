import { cell, defineCell, gru, lstmProjected } from '@congruent/spec';
import { cells as catalogue } from '@congruent/spec/catalogue';
import { expect, test } from 'vitest';
import { networkLayers, networkOf, obstacleTo, openSizes } from '../../src/training/network.ts';
import { adding } from '../../src/training/tasks/adding.ts';
import { Trainer } from '../../src/training/trainer.ts';

const task = adding(5);

test('the task says how wide the input is, the reader all else', () => {
  expect(openSizes(gru)).toEqual(['H']);
  expect(openSizes(lstmProjected)).toEqual(['P', 'H']);
  const network = networkOf(gru, task, { H: 7 });
  expect(network.inputs).toEqual([{ name: 'x', shape: [2] }]);
  expect(network.outputs).toEqual([{ name: 'head', shape: [1] }]);
  expect(network.states).toEqual([{ name: 'rnn.h', shape: [7] }]);
});

const nothing = 'layout plain\n  weight = [w]';

test.each([
  [`two(x[I], m[I], h[I]) -> h'\n\nh' = w * h + x * m\n\n${nothing}`, /inputs x, m, .*single input/],
  [`scalar(x[], h[H]) -> h'\n\nh' = w * h + x\n\n${nothing}`, /x of scalar is a number.*x\[I\]/],
  [`fixed(x[65], h[65]) -> h'\n\nh' = w * h + x\n\n${nothing}`, /x\[65\], and that of the task has 2 values/],
  [`pair(x[I]) -> y, z\n\ny = w * x\nz = x + x\n\n${nothing}`, /several outputs, and no state/],
  [`number(x[I], h[]) -> h'\n\nh' = h + sum(w * x)\n\n${nothing}`, /h', is no vector/],
])('a cell that cannot take a task is refused, and it is said why: %s', (text, why) => {
  expect(obstacleTo(defineCell(text), task)).toMatch(why);
});

test('without a state there is nothing to remember, and nothing to refuse', () => {
  const stateless = cell`
    stateless(x[I]) -> y

    y[H] = tanh(W @ x)

    layout plain
      weight = [W]
  `;
  expect(obstacleTo(stateless, task)).toBeUndefined();
  expect(openSizes(stateless)).toEqual(['H']);
});

const able = catalogue.filter((each) => obstacleTo(each, task) === undefined);

test('most cells of the catalogue take a task', () => {
  expect(able.length).toBeGreaterThan(catalogue.length / 2);
});

test.each(able.map((each) => [each.name, each] as const))('%s is trained', async (_, each) => {
  const sizes = Object.fromEntries(openSizes(each).map((name) => [name, 4]));
  const layers = networkLayers(networkOf(each, task, sizes));
  const trainer = await Trainer.create(task, layers, { seed: 0, learningRate: 0.01, sequences: 2 });
  trainer.step();
  expect(trainer.steps).toBe(1);
  const { output, influence } = trainer.look(trainer.sample(0), task.steps - 1);
  expect([output.length, influence.length]).toEqual([task.steps, task.steps]);
  trainer.dispose();
});
