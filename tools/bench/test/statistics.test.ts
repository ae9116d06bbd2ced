import { expect, test } from 'vitest';
import { demandOf, gigaflops, yardstick } from '../src/limits.ts';
import { readingTime } from '../src/reading.ts';
import { differenceOf, largestDifference, quantile, summarize } from '../src/statistics.ts';
import { duration, significant } from '../src/table.ts';
import { layersOf, workCalled } from '../src/works.ts';

test('a summary has the median and the quartiles, interpolated, whatever the order', () => {
  expect(summarize([4, 1, 3, 2])).toEqual({ median: 2.5, lower: 1.75, upper: 3.25, count: 4 });
  expect(summarize([7])).toEqual({ median: 7, lower: 7, upper: 7, count: 1 });
  expect(quantile([0, 10], 0.9)).toBe(9);
  expect(() => summarize([])).toThrow(RangeError);
});

test('a difference is the largest one, never small where a length or a NaN differs', () => {
  expect(largestDifference([1, 2, 3], [1, 2.5, 2.75])).toBe(0.5);
  expect(largestDifference([1], [1, 2])).toBe(Number.POSITIVE_INFINITY);
  expect(largestDifference([1, Number.NaN, 3], [1, 2, 3])).toBeNaN();
});

test('results differ by their worst array, in units of its largest element beyond 1', () => {
  const [small, large] = [Float32Array.of(0.5, -0.25), Float32Array.of(8, -16)];
  expect(differenceOf([small, large], [small, large])).toBe(0);
  expect(differenceOf([small, large], [Float32Array.of(0.5, -0.75), large])).toBe(0.5);
  expect(differenceOf([small, large], [small, Float32Array.of(8, -20)])).toBe(0.25);
  expect(differenceOf([small, large], [small])).toBe(Number.POSITIVE_INFINITY);
  expect(differenceOf([small], [Float32Array.of(0.5, Number.NaN)])).toBeNaN();
});

test('training is three times the products of its forward pass, with the same weights', () => {
  const [there, back] = [workCalled('batch-32-50-128-256'), workCalled('training-32-50-128-256')].map(demandOf);
  expect(back!.multiplyAdds).toBe(3 * there!.multiplyAdds);
  expect(back!.weightBytes).toBe(there!.weightBytes);
});

test('a step I=64 H=128 is 3H (I + H) multiply-adds, a sequence T·B times as many', () => {
  const { multiplyAddsPerStep, weightBytes } = demandOf(workCalled('step-64-128'));
  expect(multiplyAddsPerStep).toBe(3 * 128 * (64 + 128));
  expect(weightBytes).toBe(4 * (multiplyAddsPerStep + 6 * 128));
  expect(demandOf(workCalled('batch-1-100-64-128')).multiplyAdds).toBe(100 * multiplyAddsPerStep);
});

test('an LSTM has four gates', () => {
  expect(demandOf(workCalled('lstm-step-64-128')).multiplyAddsPerStep).toBe(4 * 128 * (64 + 128));
});

test('a network has the multiply-adds of its layers', () => {
  const work = workCalled('network-step-64-64');
  const parts = Object.values(layersOf(work)).map((layer) => demandOf(layer));
  const sum = (of: 'multiplyAddsPerStep' | 'weightBytes') => parts.reduce((total, part) => total + part[of], 0);
  expect(demandOf(work).multiplyAddsPerStep).toBe(2 * 3 * 64 * (64 + 64) + 64 * 64);
  expect(demandOf(work).multiplyAddsPerStep).toBe(sum('multiplyAddsPerStep'));
  expect(demandOf(work).weightBytes).toBe(sum('weightBytes'));
});

test('two layers in two directions: the second reads both sides of the first', () => {
  const { multiplyAddsPerStep } = demandOf(workCalled('layers-2-bidirectional'));
  expect(multiplyAddsPerStep).toBe(2 * 3 * 96 * (40 + 96) + 2 * 3 * 96 * (2 * 96 + 96));
});

test('a work as fast as the yardstick runs at eight operations a cycle', () => {
  const work = workCalled('step-256-256');
  expect(gigaflops(work, yardstick(work, 3))).toBeCloseTo(24, 10);
});

test('reading 32 times the bytes takes longer, and nothing is read faster than a terabyte a second', () => {
  const [few, many] = [readingTime(2 ** 16), readingTime(2 ** 21)];
  expect(many).toBeGreaterThan(few);
  expect(few).toBeGreaterThan(2 ** 16 / 1e6);
});

test('times and numbers have three digits', () => {
  expect([0.1234, 12.345, 1234.5, 2.5e6].map(duration)).toEqual(['123 ns', '12.3 µs', '1.23 ms', '2.50 s']);
  expect([0.01234, 4, 43.21, 12345].map(significant)).toEqual(['0.0123', '4.00', '43.2', '12,345']);
});
