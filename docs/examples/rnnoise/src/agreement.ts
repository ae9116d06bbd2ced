/** How two probabilities of a voice agree, frame by frame. */
export interface Agreement {
  /** Pearson's. */
  readonly correlation: number;
  /** Share of frames in which both are at least 0.5, or neither is. */
  readonly equalDecisions: number;
  readonly largestDifference: number;
}

export function agreementOf(left: ArrayLike<number>, right: ArrayLike<number>): Agreement {
  const pairs = Array.from(left, (l, frame) => [l, right[frame]!] as const);
  const mean = (of: (l: number, r: number) => number): number =>
    pairs.reduce((sum, [l, r]) => sum + of(l, r), 0) / pairs.length;
  const [meanLeft, meanRight] = [mean((l) => l), mean((_, r) => r)];
  const covariance = mean((l, r) => (l - meanLeft) * (r - meanRight));
  const deviation = Math.sqrt(mean((l) => (l - meanLeft) ** 2) * mean((_, r) => (r - meanRight) ** 2));
  return {
    correlation: covariance / deviation,
    equalDecisions: mean((l, r) => Number(l >= 0.5 === r >= 0.5)),
    largestDifference: Math.max(...pairs.map(([l, r]) => Math.abs(l - r))),
  };
}
