import { Worker } from 'node:worker_threads';
import { workspace } from '../workspace.ts';
import type { Failure, Report, Task } from './worker.ts';

/** What came of the inputs of a surface. */
export interface Tally {
  tried: number;
  readonly outcomes: Map<string, number>;
}

export interface Tried {
  readonly tallies: ReadonlyMap<string, Tally>;
  readonly failures: readonly Failure[];
}

/** What one input may take, far above what any of them needs: beyond it, it takes whatever there is. */
export interface Limits {
  /** Milliseconds, also on a machine that is busy. */
  readonly time: number;
  /** Bytes of the JavaScript heap. */
  readonly heap: number;
  /** Bytes of the whole process. */
  readonly memory: number;
}

export const LIMITS: Limits = { time: 30_000, heap: 2 ** 29, memory: 3 * 2 ** 30 };

/** Milliseconds between two looks. */
const LOOK = 250;

/**
 * Tries the surfaces of a module in a thread, which ends when its time is over, or an input takes more than its limits.
 *
 * @param onReport  called with what was tried so far
 */
export function supervise(
  task: Omit<Task, 'at'>,
  limits: Limits = LIMITS,
  onReport: (tried: Tried) => void = () => {},
): Promise<Tried> {
  const at = new Int32Array(new SharedArrayBuffer(16));
  const tallies = new Map<string, Tally>();
  const failures: Failure[] = [];
  let surfaces: readonly string[] = [];
  const worker = new Worker(new URL('tools/fuzz/dist/worker.js', workspace), {
    workerData: { ...task, at } satisfies Task,
    execArgv: task.frozen ? ['--frozen-intrinsics', '--no-warnings'] : [],
    resourceLimits: { maxOldGenerationSizeMb: limits.heap / 2 ** 20 },
  });
  worker.on('message', (report: Report) => {
    if ('surfaces' in report) surfaces = report.surfaces;
    else if ('problem' in report) failures.push(report);
    else add(tallies, report);
    onReport({ tallies, failures });
  });
  /** Of the input that is being tried. */
  const failHere = (problem: string): void => {
    failures.push({ surface: surfaces[at[0]!] ?? 'none', seed: at[1]!, path: task.path ?? `${at[2]}`, problem });
  };
  const watch = setInterval(watcher(at, limits, failHere, worker), LOOK);
  return new Promise((resolve) => {
    worker.on('error', (error) => failHere(`${error.stack}`));
    worker.on('exit', () => {
      clearInterval(watch);
      resolve({ tallies, failures });
    });
  });
}

/** Looks whether the thread goes on, and in how much memory. */
function watcher(at: Int32Array, limits: Limits, failHere: (problem: string) => void, worker: Worker): () => void {
  let seen = -1;
  let since = performance.now();
  let ended = false;
  return () => {
    if (ended) return;
    const count = Atomics.load(at, 3);
    const now = performance.now();
    if (count !== seen) [seen, since] = [count, now];
    const { rss } = process.memoryUsage();
    // Before its first input it loads what it tries.
    const hangs = count > 0 && now - since > limits.time;
    if (!hangs && rss <= limits.memory) return;
    ended = true;
    failHere(hangs ? `no answer within ${limits.time / 1000} s` : `the process has ${Math.round(rss / 2 ** 20)} MB`);
    void worker.terminate();
  };
}

function add(tallies: Map<string, Tally>, { surface, tried, outcomes }: Extract<Report, { tried: number }>): void {
  const tally = tallies.get(surface) ?? { tried: 0, outcomes: new Map() };
  tallies.set(surface, tally);
  tally.tried += tried;
  for (const [outcome, count] of Object.entries(outcomes)) {
    tally.outcomes.set(outcome, (tally.outcomes.get(outcome) ?? 0) + count);
  }
}
