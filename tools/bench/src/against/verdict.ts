import type { Work } from '../works.ts';
import type { Interval } from './interval.ts';

/**
 * `worse` and `better` where the whole interval lies beyond the limit, `same` where it does not reach above it, and
 * `unclear` where it does: then the noise hides what there may be.
 */
export type Verdict = 'worse' | 'better' | 'same' | 'unclear';

/** How many times as much as before anything may take. */
export const LIMIT = 1.02;

/** Microseconds that a streamed step may take longer, as its result is a copy. */
const COPY = 0.02;

/** How many times as long as `before` microseconds a work may take. */
export const limitOf = (kind: Work['kind'], before: number): number =>
  kind === 'step' ? Math.max(LIMIT, 1 + COPY / before) : LIMIT;

export function verdictOn({ lower, upper }: Interval, limit: number): Verdict {
  if (lower > limit) return 'worse';
  if (upper < 1 / LIMIT) return 'better';
  return upper <= limit ? 'same' : 'unclear';
}
