import type { Patience as Turns } from '../measure.ts';
import type { Pairs } from './pairs.ts';

/** How long to measure. */
export interface Patience {
  /** Of both processes of a pair. */
  readonly turns: Turns;
  readonly pairs: Pairs;
  /** Pairs of cold starts. */
  readonly starts: Pairs;
}

// Short turns: the less time between two that are compared, the less else changes. Many processes rather than many turns.
const TURNS = { turn: 1, warmUp: 150 } as const;

export const QUICK: Patience = {
  turns: { ...TURNS, total: 100, fewestTurns: 1, mostTurns: 100 },
  pairs: { fewest: 6, most: 30, milliseconds: 12_000, width: 0.02 },
  starts: { fewest: 20, most: 60, milliseconds: 12_000, width: 0.02 },
};

export const FULL: Patience = {
  turns: { ...TURNS, total: 150, fewestTurns: 2, mostTurns: 150 },
  pairs: { fewest: 12, most: 60, milliseconds: 40_000, width: 0.01 },
  starts: { fewest: 40, most: 200, milliseconds: 40_000, width: 0.01 },
};
