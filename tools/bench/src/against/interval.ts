/** Where a ratio lies. */
export interface Interval {
  readonly ratio: number;
  /** Bounds of the 95 % interval. */
  readonly lower: number;
  readonly upper: number;
}

/** Fewer ratios have no 95 % interval. */
export const FEWEST = 6;

const TAIL = 0.025;

/**
 * The centre of ratios and its 95 % interval: Hodges and Lehmann's estimate of their logarithms, and the interval of
 * Wilcoxon's signed-rank test. Two equal builds may swap places, so the logarithms of their ratios are symmetric about 0
 * whatever the noise is like, which is all that this interval assumes; a t interval would assume normal noise, and a
 * bootstrap of ten values is too narrow.
 */
export function intervalOf(ratios: readonly number[]): Interval {
  if (ratios.length < FEWEST) throw new RangeError(`An interval takes ${FEWEST} ratios, not ${ratios.length}.`);
  const logarithms = ratios.map(Math.log);
  const sorted = new Float64Array(pairsOf(ratios.length));
  let at = 0;
  for (const [index, a] of logarithms.entries()) {
    for (let other = index; other < logarithms.length; other++) sorted[at++] = (a + logarithms[other]!) / 2;
  }
  sorted.sort();
  const outside = ranksOutside(ratios.length);
  const middle = (sorted.length - 1) / 2;
  return {
    ratio: Math.exp((sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2),
    lower: Math.exp(sorted[outside]!),
    upper: Math.exp(sorted.at(-1 - outside)!),
  };
}

/** How many pairs there are of so many, each with itself too; also the sum of so many ranks. */
const pairsOf = (count: number): number => (count * (count + 1)) / 2;

/** How many of the sorted averages lie below the interval: as many sums of signed ranks as 2.5 % allow. */
export function ranksOutside(count: number): number {
  // The probability of each sum of ranks, where each rank takes part or not with equal probability.
  const sums = new Float64Array(pairsOf(count) + 1);
  sums[0] = 1;
  for (let rank = 1; rank <= count; rank++) {
    for (let sum = pairsOf(rank); sum >= rank; sum--) sums[sum] = (sums[sum]! + sums[sum - rank]!) / 2;
    for (let sum = 0; sum < rank; sum++) sums[sum]! /= 2;
  }
  let [outside, tail] = [0, sums[0]! + sums[1]!];
  while (tail <= TAIL) tail += sums[++outside + 1]!;
  return outside;
}
