import type { Contestant } from './processes.ts';
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

/** Microseconds of one run, by contestant. The contestants take turns, so that what disturbs one disturbs all. */
export async function measure(contestants: readonly Contestant[], patience: Patience): Promise<Map<string, Summary>> {
  const lanes: Lane[] = [];
  for (const contestant of contestants) lanes.push(await warmUp(contestant, patience));
  for (let round = 0; lanes.some(({ turns }) => round < turns); round++) {
    // Every round starts with another one: whoever follows the slowest finds the coolest caches.
    const order = lanes.map((_, index) => lanes[(index + round) % lanes.length]!);
    for (const { contestant, times, turns, measured } of order) {
      if (round < turns) measured.push((await contestant.run(times)) / times / 1000);
    }
  }
  return new Map(lanes.map(({ contestant, measured }) => [contestant.name, summarize(measured)]));
}

interface Lane {
  readonly contestant: Contestant;
  /** Runs a turn. */
  readonly times: number;
  readonly turns: number;
  /** Microseconds of a run, turn by turn. */
  readonly measured: number[];
}

/** Runs until the engine has compiled what is hot, and finds how many runs fill a turn. */
async function warmUp(contestant: Contestant, patience: Patience): Promise<Lane> {
  let [times, spent, best] = [1, 0, Number.POSITIVE_INFINITY];
  do {
    const milliseconds = (await contestant.run(times)) / 1e6;
    spent += milliseconds;
    best = Math.min(best, milliseconds / times);
    if (milliseconds < patience.turn) times *= 2;
  } while (spent < patience.warmUp);
  times = Math.max(1, Math.round(patience.turn / best));
  const wanted = Math.round(patience.total / (best * times));
  const turns = Math.min(patience.mostTurns, Math.max(patience.fewestTurns, wanted));
  return { contestant, times, turns, measured: [] };
}
