import type { Timed } from './processes.ts';
import { type Summary, summarize } from './statistics.ts';

/** How long to measure. */
export interface Patience {
  /** Milliseconds for one contestant's turns, warming up left out. */
  readonly total: number;
  /** Milliseconds of one turn: short, so that most turns pass without the system's interruption. */
  readonly turn: number;
  /** Milliseconds of warming up. */
  readonly warmUp: number;
  readonly fewestTurns: number;
  readonly mostTurns: number;
}

/** Microseconds that the whole work takes each. They take turns, so that what disturbs one disturbs all. */
export async function measure(all: readonly Timed[], patience: Patience): Promise<Map<Timed, Summary>> {
  const lanes: Lane[] = [];
  for (const timed of all) lanes.push(await warmUp(timed, patience));
  for (let round = 0; lanes.some(({ turns }) => round < turns); round++) {
    // Every round starts with another one: whoever follows the slowest finds the coolest caches.
    const order = lanes.map((_, index) => lanes[(index + round) % lanes.length]!);
    for (const { timed, times, turns, measured } of order) {
      if (round < turns) measured.push((await timed.run(times)) / times / (timed.share ?? 1) / 1000);
    }
  }
  return new Map(lanes.map(({ timed, measured }) => [timed, summarize(measured)]));
}

export interface Lane {
  readonly timed: Timed;
  /** Runs a turn. */
  readonly times: number;
  readonly turns: number;
  /** Microseconds of the work, turn by turn. */
  readonly measured: number[];
}

/** Runs until the engine has compiled what is hot, and finds how many runs fill a turn. */
export async function warmUp(timed: Timed, patience: Patience): Promise<Lane> {
  let [times, spent, best] = [1, 0, Number.POSITIVE_INFINITY];
  do {
    const milliseconds = (await timed.run(times)) / 1e6;
    spent += milliseconds;
    best = Math.min(best, milliseconds / times);
    if (milliseconds < patience.turn) times *= 2;
  } while (spent < patience.warmUp);
  times = Math.max(1, Math.round(patience.turn / best));
  const wanted = Math.round(patience.total / (best * times));
  const turns = Math.min(patience.mostTurns, Math.max(patience.fewestTurns, wanted));
  // A run that takes as long as all turns are meant to needed no warming up, and is the first of them.
  const measured = best >= patience.total ? [(1000 * best) / (timed.share ?? 1)] : [];
  return { timed, times, turns: turns - measured.length, measured };
}
