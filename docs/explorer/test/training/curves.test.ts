import { expect, test } from 'vitest';
import { LossCurve } from '../../src/training/loss-curve.ts';
import { Pace } from '../../src/training/pace.ts';
import { Recent } from '../../src/training/recent.ts';

const count = (length: number) => Array.from({ length }, (_, at) => at + 1);

test('a short curve has a point for each step', () => {
  const curve = new LossCurve();
  curve.add([3, 2]);
  curve.add([1]);
  expect(curve.points).toEqual([
    [1, 2, 3],
    [3, 2, 1],
  ]);
});

test.each([1, 7, 1000])('a long one has means of equally many, however they come: by %i', (by) => {
  const curve = new LossCurve();
  const losses = count(10_000);
  for (let at = 0; at < losses.length; at += by) curve.add(losses.slice(at, at + by));
  const [steps, means] = curve.points;
  expect(steps.length).toBeLessThan(1024);
  expect(steps.length).toBeGreaterThan(511);
  const every = steps[0]!;
  for (const [at, step] of steps.entries()) {
    expect(step).toBe((at + 1) * every);
    // The mean of every numbers that end with this step.
    expect(means[at]).toBe(step - (every - 1) / 2);
  }
  expect(losses.length - steps.at(-1)!).toBeLessThan(every);
});

test('the mean of the last few', () => {
  const recent = new Recent(3);
  expect(recent.mean).toBeNaN();
  recent.add([5]);
  expect(recent.mean).toBe(5);
  recent.add([1, 2, 3]);
  expect(recent.mean).toBe(2);
  recent.add([]);
  expect(recent.mean).toBe(2);
});

test('steps a second are those of the last one', () => {
  const pace = new Pace();
  expect(pace.at(0, 100)).toBe(0);
  expect(pace.at(500, 150)).toBe(100);
  expect(pace.at(1000, 200)).toBe(100);
  for (const time of [2000, 2500, 3000]) pace.at(time, 200);
  expect(pace.at(3500, 200)).toBe(0);
});
