import { summarize } from '../statistics.ts';
import { FEWEST, type Interval, intervalOf } from './interval.ts';
import type { SideName } from './sides.ts';
import { type Verdict, verdictOn } from './verdict.ts';

/** What both sides took, in one unit. */
export interface Pair extends Readonly<Record<SideName, number>> {
  /** After to before; not always the ratio of the two above, which may be medians of what was taken in pairs. */
  readonly ratio: number;
}

/** How many pairs to measure. */
export interface Pairs {
  readonly fewest: number;
  readonly most: number;
  /** No pair begins later than this, once there are the fewest. */
  readonly milliseconds: number;
  /** The width of the interval that is narrow enough. */
  readonly width: number;
}

export interface Judged extends Interval {
  /** Medians. */
  readonly before: number;
  readonly after: number;
  readonly pairs: number;
  /** How many times as much as before it may be. */
  readonly limit: number;
  readonly verdict: Verdict;
}

/**
 * Measures and judges. What turns out worse is measured a second time, and that counts: of fifty intervals one or two miss
 * the truth, but hardly twice the same one.
 *
 * @param measure  gives the pair with this number; whichever side is first in one pair is second in the next
 * @param limit    of what it took before
 */
export async function judge(
  measure: (index: number) => Promise<Pair>,
  pairs: Pairs,
  limit: (before: number) => number,
): Promise<Judged> {
  const first = await inPairs(measure, pairs, limit);
  return first.verdict === 'worse' ? inPairs(measure, pairs, limit) : first;
}

/** Measures until the interval is narrow and on one side of the limit, or there is no more time. */
export async function inPairs(...[measure, pairs, limit]: Parameters<typeof judge>): Promise<Judged> {
  const measured: Pair[] = [];
  const start = performance.now();
  for (;;) {
    measured.push(await measure(measured.length));
    if (measured.length < Math.max(FEWEST, pairs.fewest)) continue;
    const judged = judgedBy(measured, limit);
    const done = judged.upper / judged.lower - 1 <= pairs.width && judged.verdict !== 'unclear';
    if (done || measured.length >= pairs.most || performance.now() - start >= pairs.milliseconds) return judged;
  }
}

function judgedBy(measured: readonly Pair[], limitOf: (before: number) => number): Judged {
  const median = (side: SideName): number => summarize(measured.map((pair) => pair[side])).median;
  const interval = intervalOf(measured.map(({ ratio }) => ratio));
  const [before, after] = [median('before'), median('after')];
  const limit = limitOf(before);
  return { ...interval, before, after, pairs: measured.length, limit, verdict: verdictOn(interval, limit) };
}
