import { expect, test } from 'vitest';
import { intervalOf, ranksOutside } from '../src/against/interval.ts';
import { inPairs, judge, type Pair, type Pairs } from '../src/against/pairs.ts';
import { FULL, type Patience, QUICK } from '../src/against/patience.ts';
import { limitOf, verdictOn } from '../src/against/verdict.ts';

const PAIRS: Pairs = { fewest: 8, most: 16, milliseconds: 60_000, width: 0.02 };

/** Uniform in [0, 1), a linear congruential generator's upper bits. */
function randomFrom(seed: number): () => number {
  let state = BigInt(seed);
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 32n) / 2 ** 32;
  };
}

/**
 * Pairs of two builds of which the second takes `ratio` times as long: 1.2 % of normal noise between processes, and every
 * tenth process disturbed, which makes it up to half as long again.
 */
function noisy(seed: number, ratio: number): () => Promise<Pair> {
  const random = randomFrom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const time = () => Math.exp(0.012 * normal()) * (random() < 0.1 ? 1 + random() / 2 : 1);
  return async () => {
    const [before, after] = [100 * time(), 100 * ratio * time()];
    return { before, after, ratio: after / before };
  };
}

/** How often of many times. */
async function often(happens: (seed: number) => Promise<boolean>, repeats: number): Promise<number> {
  let count = 0;
  for (let seed = 1; seed <= repeats; seed++) if (await happens(seed)) count++;
  return count / repeats;
}

test('the ranks outside are those of the tables of the signed-rank test, two-sided at 5 %', () => {
  expect([6, 7, 8, 10, 15, 20, 30, 50].map(ranksOutside)).toEqual([0, 2, 3, 8, 25, 52, 137, 434]);
});

test('of six ratios the interval reaches from the smallest to the largest, and fewer have none', () => {
  const { ratio, lower, upper } = intervalOf([1.25, 0.8, 1, 1.6, 0.625, 1]);
  expect(lower).toBeCloseTo(0.625, 12);
  expect(upper).toBeCloseTo(1.6, 12);
  expect(ratio).toBeCloseTo(1, 12);
  expect(() => intervalOf([1, 1, 1, 1, 1])).toThrow(RangeError);
});

test('swapping the sides turns the interval round', () => {
  const ratios = [1.01, 1.07, 0.98, 1.3, 1.02, 1.04, 0.99];
  const [there, back] = [intervalOf(ratios), intervalOf(ratios.map((ratio) => 1 / ratio))];
  expect(there.lower * back.upper).toBeCloseTo(1, 12);
  expect(there.ratio * back.ratio).toBeCloseTo(1, 12);
});

test('the interval holds the true ratio 95 times of a hundred, although it decides when to stop', async () => {
  const share = await often(async (seed) => {
    const { lower, upper } = await inPairs(noisy(seed, 1.1), PAIRS, () => 1.02);
    return lower <= 1.1 && 1.1 <= upper;
  }, 400);
  expect(share).toBeGreaterThan(0.92);
});

const calledSlower = (ratio: number, { pairs }: Patience): Promise<number> =>
  often(async (seed) => (await judge(noisy(seed, ratio), pairs, () => 1.02)).verdict === 'worse', 50);

test.each([
  ['quick', QUICK],
  ['full', FULL],
])('a %s run never calls two identical builds different, nor what is within the limit slower', async (_, patience) => {
  expect(await calledSlower(1, patience)).toBe(0);
  expect(await calledSlower(1.015, patience)).toBe(0);
});

test('a full run finds a slowdown by 5 %', async () => {
  expect(await calledSlower(1.05, FULL)).toBeGreaterThan(0.98);
});

test('what turned out worse once is measured again, and that counts', async () => {
  const ratios = [...new Array(8).fill(1.5), ...new Array(8).fill(1)];
  const measure = async (): Promise<Pair> => ({ before: 1, after: 1, ratio: ratios.shift()! });
  expect((await judge(measure, PAIRS, () => 1.02)).verdict).toBe('same');
  expect(ratios).toEqual([]);
});

test('pairs end with a narrow interval on one side of the limit, the most of them, or the time', async () => {
  const wide = async (index: number): Promise<Pair> => ({ before: 2, after: 3, ratio: index % 2 ? 1.5 : 1 });
  const alike = async (): Promise<Pair> => ({ before: 2, after: 2.2, ratio: 1.1 });
  expect((await inPairs(alike, PAIRS, () => 1.1)).pairs).toBe(8);
  expect(await inPairs(alike, PAIRS, () => 1.02)).toMatchObject({ pairs: 8, before: 2, after: 2.2 });
  expect((await inPairs(wide, PAIRS, () => 1.02)).pairs).toBe(16);
  expect((await inPairs(wide, { ...PAIRS, milliseconds: 0 }, () => 1.02)).pairs).toBe(8);
});

test('a verdict asks where the whole interval lies', () => {
  const on = (lower: number, upper: number) => verdictOn({ ratio: 1, lower, upper }, 1.02);
  expect([on(1.021, 1.03), on(0.9, 0.97), on(0.99, 1.02), on(0.97, 1.04)]).toEqual([
    'worse',
    'better',
    'same',
    'unclear',
  ]);
});

test('a streamed step may take 20 ns or 2 % longer, anything else 2 %', () => {
  expect(limitOf('step', 0.4)).toBeCloseTo(1.05, 12);
  expect(limitOf('step', 100)).toBe(1.02);
  expect(limitOf('sequence', 0.4)).toBe(1.02);
});
