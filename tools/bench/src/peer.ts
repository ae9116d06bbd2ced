import type { Problem } from './problem.ts';

/** One who can do the work. */
export interface Peer {
  readonly name: string;
  /** The npm package whose version is reported, where it is not this repository. */
  readonly packageName?: string;
  /** What a reader must know about the numbers. */
  readonly note?: string;
  /** Whether its equations are torch's; then its results are compared before anything is timed. */
  readonly sameEquations: boolean;
  /** Whether a GPU does the work, so that only the clock tells its time. Default: the processor does. */
  readonly onGpu?: boolean;
  /** Whether it exists in what is installed; finding out imports it. Default: it does. */
  offered?(): Promise<boolean>;
  /** Whether it can do a work at all. */
  does(problem: Problem['work']): boolean;
  /** What is ready before the clock of a cold start runs: the weights in the form in which the peer loads them. */
  prepare(problem: Problem): Promise<Open>;
  /** The entry of a page that does inference with it, for counting bytes; `undefined` where it runs in no page. */
  readonly page?: string;
  /** Whether that page also loads the packages imported on demand. Default: no, as those are for other devices. */
  readonly pageLoadsPackages?: boolean;
}

/** Imports the peer and makes it ready. */
export type Open = () => Promise<Running>;

/** A peer with the weights loaded, in its initial state. */
export interface Running {
  /**
   * A streamed step: the step with input number `index`, the state kept; gives the next state [B, H].
   * A sequence: all of it, from the zero state; gives the output [T, B, D·H].
   */
  run(index: number): Float32Array | Promise<Float32Array>;
}

/** What the first steps give one after the other, or the whole output: what is compared. */
export async function resultsOf(running: Running, { work }: Problem): Promise<Float32Array> {
  if (work.kind === 'sequence') return (await running.run(0)).slice();
  const all = new Float32Array(work.steps * work.batch * work.hiddenSize);
  for (let t = 0; t < work.steps; t++) all.set(await running.run(t), (t * all.length) / work.steps);
  return all;
}

/**
 * Nanoseconds that `times` runs take: of the clock, or of the processor where that is less, as then others had it
 * meanwhile; while a GPU works, the processor waits. Nothing is awaited of a peer that answers at once.
 */
export async function time(running: Running, times: number, inputs: number, onGpu = false): Promise<number> {
  const used = process.cpuUsage();
  const start = process.hrtime.bigint();
  let index = 0;
  const first = running.run(index++);
  if (first instanceof Promise) {
    await first;
    for (; index < times; index++) await running.run(index % inputs);
  } else {
    for (; index < times; index++) running.run(index % inputs);
  }
  const elapsed = Number(process.hrtime.bigint() - start);
  const { user, system } = process.cpuUsage(used);
  return onGpu ? elapsed : Math.min(elapsed, 1000 * (user + system));
}
