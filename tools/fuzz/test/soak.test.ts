import { expect, test } from 'vitest';
import { type Watched, watch } from '../src/soak/flat.ts';
import { slopeOf } from '../src/soak/slope.ts';

/** A step that makes an array and keeps it, or lets it go; it takes 20 µs, so that what is kept has a limit. */
function stepping(keeps: boolean, make: () => object, still = false): Promise<Watched> {
  const kept: object[] = [];
  const run = (units: number): void => {
    for (let i = 0; i < units; i++) {
      const end = performance.now() + 0.02;
      const made = make();
      if (keeps) kept.push(made);
      while (performance.now() < end);
    }
  };
  return watch({ unit: 'step', least: 8, still, run }, 600);
}

const ofNumbers = (): object => Array.from({ length: 128 }, (_, i) => i + 0.5); // 1 kB
const ofBytes = (): object => new Float32Array(256); // 1 kB

test('a leak of 1 kB a step is found, on the heap and in arrays', async () => {
  expect((await stepping(true, ofNumbers)).growing).toContain('heap');
  expect((await stepping(true, ofBytes)).growing).toContain('arrays');
});

test('what is let go does not grow', async () => {
  expect((await stepping(false, ofNumbers)).growing).toEqual([]);
  expect((await stepping(false, ofBytes, true)).growing).toEqual([]);
});

test('what was done too seldom is said to be so', async () => {
  const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
  expect(await watch({ unit: 'wait', least: 8, run: wait }, 100)).toMatchObject({ tooFew: true, growing: [] });
  expect(await watch({ unit: 'wait', least: 2 ** 20, run: wait }, 100)).toMatchObject({ tooFew: false, growing: [] });
});

test('the slope is that of the line, whatever one value is', () => {
  const line = Array.from({ length: 20 }, (_, i) => [i, 3 * i + Math.sin(9 * i)] as const);
  const off = line.map(([x, y], i) => [x, i === 7 ? 1e6 : y] as const);
  for (const points of [line, off]) {
    const { lower, estimate, upper } = slopeOf(points);
    expect(lower).toBeLessThanOrEqual(estimate);
    expect(estimate).toBeLessThanOrEqual(upper);
    expect(estimate).toBeCloseTo(3, 0);
    expect(lower).toBeGreaterThan(2);
    expect(upper).toBeLessThan(4);
  }
});
