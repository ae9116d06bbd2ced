import { setImmediate as turn } from 'node:timers/promises';
import { type Memory, memoryInUse } from './memory.ts';
import { type Slope, slopeOf } from './slope.ts';

/** Something done over and over. */
export interface Work {
  /** What one is called, e.g. `step`. */
  readonly unit: string;
  /** The least number of bytes that one can leave behind. */
  readonly least: number;
  /** Where that would be. Default: on the heap. */
  readonly where?: keyof Memory;
  /** Whether the event loop never turns, so that nothing is freed but by the program. */
  readonly still?: boolean;
  /** Does it so many times; throws where a result is wrong. */
  run(units: number): void | Promise<void>;
}

/** What was seen of it. */
export interface Watched {
  readonly unit: string;
  readonly units: number;
  readonly slopes: Readonly<Record<keyof Memory, Slope>>;
  /** Kinds of memory that grow. */
  readonly growing: readonly (keyof Memory)[];
  /** Whether it was done too seldom for a growth by the least to be told from what the engine keeps. */
  readonly tooFew: boolean;
}

/** Measurements, of which the first third is left out: caches fill, and code is compiled. */
const ROUNDS = 24;

/** However long a round takes: slopes between fewer points have no limits that mean anything. */
const LEAST_ROUNDS = 14;

const MB = 2 ** 20;

/**
 * Bytes that the engine may keep for itself although nothing more is alive: code and what it learnt of it on the heap, and
 * of the process the three parts of its young generation. What grows in all by less is not told from that.
 */
const ENGINE: Memory = { heap: MB / 2, arrays: MB / 2, wasm: MB / 2, process: 3 * 16 * MB };

/**
 * Does something for a time, and measures what is alive in between. A kind of memory grows where, in 99 of 100 cases, a unit
 * leaves behind half of the least that it can or more, and all of them more than the engine may keep.
 */
export async function watch(work: Work, milliseconds: number): Promise<Watched> {
  const end = performance.now() + milliseconds;
  const each = await unitsIn(work, milliseconds / ROUNDS);
  const seen: [units: number, memory: Memory][] = [];
  do {
    await work.run(each);
    if (!work.still) await turn();
    seen.push([(seen.length + 1) * each, memoryInUse()]);
  } while (seen.length < LEAST_ROUNDS || performance.now() < end);
  const later = seen.slice(Math.floor(seen.length / 3));
  const slope = (kind: keyof Memory): Slope => slopeOf(later.map(([units, memory]) => [units, memory[kind]]));
  const slopes = { heap: slope('heap'), arrays: slope('arrays'), wasm: slope('wasm'), process: slope('process') };
  const units = later.at(-1)![0] - later[0]![0];
  const grows = (kind: keyof Memory): boolean =>
    slopes[kind].lower >= work.least / 2 && slopes[kind].lower * units > ENGINE[kind];
  const kinds = Object.keys(slopes) as (keyof Memory)[];
  const tooFew = work.least * units < ENGINE[work.where ?? 'heap'];
  return { unit: work.unit, units: seen.at(-1)![0], slopes, growing: kinds.filter(grows), tooFew };
}

/** How many it does in a time, at least one, once it is warm: after four such times. */
async function unitsIn(work: Work, milliseconds: number): Promise<number> {
  const start = performance.now();
  for (let units = 1; ; units *= 2) {
    const before = performance.now();
    await work.run(units);
    const now = performance.now();
    if (now - start > 4 * milliseconds) return Math.max(1, Math.floor((units * milliseconds) / (now - before)));
  }
}
