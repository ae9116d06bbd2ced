/** What many measurements of one thing come to. */
export interface Summary {
  readonly median: number;
  /** A quarter of the measurements are at most this. */
  readonly lower: number;
  /** A quarter of the measurements are at least this. */
  readonly upper: number;
  readonly count: number;
}

/** The value below which the given share of sorted values lies, interpolated. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)]!;
  return below + (sorted[Math.ceil(at)]! - below) * (at - Math.floor(at));
}

export function summarize(values: readonly number[]): Summary {
  if (values.length === 0) throw new RangeError('There is nothing to summarize.');
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    lower: quantile(sorted, 0.25),
    upper: quantile(sorted, 0.75),
    count: sorted.length,
  };
}

/** The largest difference of results; where an array has elements beyond ±1, the largest of them is its unit. */
export function differenceOf(wanted: readonly Float32Array[], got: readonly Float32Array[]): number {
  if (wanted.length !== got.length) return Number.POSITIVE_INFINITY;
  const unit = (array: Float32Array) => array.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  return Math.max(0, ...wanted.map((array, index) => largestDifference(array, got[index]!) / unit(array)));
}

/** The largest absolute difference of two arrays' elements; Infinity where the lengths differ, NaN where one is NaN. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let index = 0; index < a.length; index++) {
    const difference = Math.abs(a[index]! - b[index]!);
    if (!(difference <= largest)) largest = difference;
    if (Number.isNaN(difference)) return difference;
  }
  return largest;
}
