import type { Parts } from './parts.ts';
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
  /** Whether it is a backend on one of the devices that it has a choice of. Default: no. */
  readonly oneOfDevices?: boolean;
  /** Whether it exists in what is installed; finding out imports it. Default: it does. */
  offered?(): Promise<boolean>;
  /** Whether it can do a work at all; finding out may import it. */
  does(work: Problem['work']): boolean | Promise<boolean>;
  /** Puts in place what its processes need on a row; in the process that starts them. Default: nothing. */
  setUp?(work: Problem['work']): Promise<void>;
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
export interface Running extends Run {
  /** What a run consists of, where that can be told apart. */
  readonly parts?: Parts<Run>;
  /** The share of the work that a run does, where a batch is one run after the other. Default: all of it. */
  readonly share?: number;
}

export interface Run {
  /**
   * A streamed step: the step with input number `index`, the states kept; gives the output [B, H].
   * A sequence: all of it, from zero states; gives the output [T, B, D·H].
   * Training: gives the output, and the gradients of the input, of the initial states, and of the parameters in torch's
   * order.
   */
  run(index: number): Result | Promise<Result>;
}

export type Result = Float32Array | readonly Float32Array[];

/** Copies of what a run gives. */
export const arraysOf = (result: Result): Float32Array[] => [result].flat().map((array) => array.slice());

/** What the first steps give one after the other, or everything that a run gives: what is compared. */
export async function resultsOf(running: Run, { work }: Problem): Promise<Float32Array[]> {
  if (work.kind !== 'step') return arraysOf(await running.run(0));
  const outputs: Float32Array[] = [];
  for (let t = 0; t < work.steps; t++) outputs.push(...arraysOf(await running.run(t)));
  return [Float32Array.from(outputs.flatMap((output) => [...output]))];
}

/**
 * Nanoseconds that `times` runs take: of the clock, or of the processor where that is less, as then others had it
 * meanwhile; while a GPU works, the processor waits. Nothing is awaited of a peer that answers at once.
 */
export async function time(running: Run, times: number, inputs: number, onGpu = false): Promise<number> {
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
