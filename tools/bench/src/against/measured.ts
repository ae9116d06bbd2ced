import { contestantCalled, startContestant } from '../contestants.ts';
import { type Patience as Turns, warmUp } from '../measure.ts';
import { pageBytes } from '../page.ts';
import { type Contestant, coldStart, type FirstResult, type Timed } from '../processes.ts';
import { differenceOf, summarize } from '../statistics.ts';
import type { Work } from '../works.ts';
import type { Pair } from './pairs.ts';
import { SIDES, type Side, type SideName, type Sides } from './sides.ts';

/** How far the results of both sides may be apart; see `differenceOf`. */
const TOLERANCE = 1e-5;

/** Which side is first: the other one in each next pair. */
const inOrder = (index: number): readonly SideName[] => (index % 2 === 0 ? SIDES : [...SIDES].reverse());

/**
 * Microseconds of a work on either side, each in a fresh process, in turns of a few milliseconds. How a process lays out
 * its memory and what it compiles when differs from one to the next and lasts as long as it does, so that a pair of
 * processes counts as one measurement however many turns they took.
 */
export async function workPair(backend: string, work: Work, sides: Sides, index: number, turns: Turns): Promise<Pair> {
  const start = async ({ packages }: Side): Promise<Contestant> =>
    startContestant(await contestantCalled(backend, packages), work, packages);
  const starting = SIDES.map((side) => on(side, start(sides[side])));
  const started = await Promise.allSettled(starting);
  try {
    const [before, after] = await Promise.all(starting);
    compareResults(before!.results, after!.results);
    return await inTurns(before!, after!, index, turns);
  } finally {
    for (const each of started) if (each.status === 'fulfilled') each.value.close();
  }
}

/**
 * Microseconds of either side, and the median of the ratios of turns that followed each other: what else the machine does
 * changes from second to second by more than what is to be found, but seldom within two milliseconds.
 */
export async function inTurns(before: Timed, after: Timed, index: number, turns: Turns): Promise<Pair> {
  const lanes = { before: await warmUp(before, turns), after: await warmUp(after, turns) };
  const taken: Record<SideName, number[]> = { before: [], after: [] };
  const rounds = Math.max(turns.fewestTurns, lanes.before.turns, lanes.after.turns);
  for (let round = 0; round < rounds; round++) {
    for (const side of inOrder(index + round)) {
      const { timed, times } = lanes[side];
      taken[side].push((await timed.run(times)) / times / 1000);
    }
  }
  const median = (values: readonly number[]): number => summarize(values).median;
  const ratios = taken.after.map((microseconds, round) => microseconds / taken.before[round]!);
  return { before: median(taken.before), after: median(taken.after), ratio: median(ratios) };
}

/** Microseconds from import to first result on either side. */
export async function coldPair(backend: string, sides: Sides, index: number): Promise<Pair> {
  const first = new Map<SideName, FirstResult>();
  for (const side of inOrder(index)) first.set(side, await on(side, coldStart(backend, sides[side].packages)));
  const [before, after] = SIDES.map((side) => first.get(side)!);
  compareResults([before!.state], [after!.state]);
  return pairOf(before!.nanoseconds / 1000, after!.nanoseconds / 1000);
}

/** Bytes that a page with the backend loads. */
export async function pageBytesOf(backend: string, sides: Sides): Promise<Pair> {
  const bytes = async (side: SideName): Promise<number> => {
    const { page, pageLoadsPackages } = await contestantCalled(backend, sides[side].packages);
    const { javascript, wasm } = await on(side, pageBytes(page!, pageLoadsPackages));
    return javascript + wasm;
  };
  return pairOf(await bytes('before'), await bytes('after'));
}

const pairOf = (before: number, after: number): Pair => ({ before, after, ratio: after / before });

function compareResults(before: readonly Float32Array[], after: readonly Float32Array[]): void {
  const difference = differenceOf(before, after);
  if (!(difference <= TOLERANCE)) throw new Error(`the results differ by ${difference}, so times would say nothing`);
}

/** Says on which side it failed. */
async function on<T>(side: SideName, running: Promise<T>): Promise<T> {
  try {
    return await running;
  } catch (error) {
    throw new Error(`${side}: ${(error as Error).message}`);
  }
}
