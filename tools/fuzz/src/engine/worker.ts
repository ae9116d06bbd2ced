// Tries the surfaces of a module in turns, until its time is over: in a thread of its own, which its parent can end.
import { setImmediate as turn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { stringify } from 'fast-check';
import type { Surface } from './surface.ts';

/** What the thread is told. */
export interface Task {
  /** The address of a module that exports `surfaces`. */
  readonly module: string;
  readonly only: readonly string[] | undefined;
  /** Whether intrinsics are frozen, and only what is also tried there is tried. */
  readonly frozen: boolean;
  readonly seed: number;
  /** One input instead of many. */
  readonly path: string | undefined;
  readonly milliseconds: number;
  /** Where the thread says which input it tries: the index of the surface, the seed, the index of the input, a count. */
  readonly at: Int32Array;
}

/** What it says: the names of its surfaces, then what came of some inputs, or that one failed. */
export type Report =
  | { readonly surfaces: readonly string[] }
  | { readonly surface: string; readonly tried: number; readonly outcomes: Readonly<Record<string, number>> }
  | Failure;

export interface Failure {
  readonly surface: string;
  readonly seed: number;
  /** As `--path` takes it. */
  readonly path: string;
  /** The smallest input found that fails; none where the thread had to be ended. */
  readonly input?: string;
  readonly problem: string;
}

/** Inputs that follow from one seed. */
export const BATCH = 50;

/** Milliseconds until it is the turn of the next surface. */
const TURN = 200;

const { module, only, frozen, seed, path, milliseconds, at }: Task = workerData;
const { surfaces }: { readonly surfaces: readonly Surface[] } = await import(module);
const chosen = surfaces.filter(({ name, frozen: also }) => (only?.includes(name) ?? true) && (!frozen || also));
const post = (report: Report): void => parentPort!.postMessage(report);
post({ surfaces: chosen.map(({ name }) => name) });

const failed = new Set<Surface>();
const batches = new Map(chosen.map((each) => [each, 0]));
const end = performance.now() + milliseconds;
do {
  for (const each of chosen) {
    const until = Math.min(end, performance.now() + TURN);
    while (!failed.has(each)) {
      await tryBatch(each);
      await turn(); // what was dropped is collected
      if (path !== undefined || performance.now() >= until) break;
    }
  }
} while (path === undefined && performance.now() < end && failed.size < chosen.length);

async function tryBatch(each: Surface): Promise<void> {
  const batch = batches.get(each)!;
  batches.set(each, batch + 1);
  const plan = { seed: (seed + batch * 0x9e3779b1) | 0, inputs: BATCH, path };
  const outcomes: Record<string, number> = {};
  const details = await each.run(
    plan,
    (index) => {
      at.set([chosen.indexOf(each), plan.seed, index]);
      Atomics.add(at, 3, 1);
    },
    (outcome) => {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    },
  );
  const { name: surface } = each;
  post({ surface, tried: details.numRuns, outcomes });
  if (!details.failed) return;
  failed.add(each);
  const { counterexample, counterexamplePath, errorInstance } = details;
  post({
    surface,
    seed: plan.seed,
    path: counterexamplePath ?? path ?? '',
    input: stringify((counterexample as [unknown])[0]),
    problem: errorInstance instanceof Error ? `${errorInstance.stack}` : String(errorInstance),
  });
}
