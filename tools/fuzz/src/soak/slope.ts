/** How much something grows for a unit of work: an estimate, and the limits that the slope is between in 99 of 100 cases. */
export interface Slope {
  readonly lower: number;
  readonly estimate: number;
  readonly upper: number;
}

/** Quantile of the normal distribution for a two-sided 99 %. */
const Z = 2.576;

/**
 * The slope of values over units by Theil and Sen: the median of the slopes between any two, with the limits that
 * Kendall's rank test gives. One value that is off, as when the engine keeps something for itself, hardly moves it.
 */
export function slopeOf(points: readonly (readonly [units: number, value: number])[]): Slope {
  const slopes = points
    .flatMap(([x, y], i) => points.slice(i + 1).map(([u, v]) => (v - y) / (u - x)))
    .sort((a, b) => a - b);
  const n = points.length;
  const spread = Z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const at = (index: number): number => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(index)))]!;
  const last = slopes.length - 1;
  return { lower: at((last - spread) / 2), estimate: at(last / 2), upper: at((last + spread) / 2) };
}
