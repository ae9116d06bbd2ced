import type { Mode, Reply } from './backend/engine.ts';

/**
 * A computation that pauses wherever an async backend has to be waited for. Written once with `yield* wait(…)`,
 * `drive` runs it to its end at once for a sync backend, and as a promise for an async one.
 */
export type Steps<T> = Generator<unknown, T, unknown>;

/** The reply, once it is there. */
export function* wait<M extends Mode, T>(reply: Reply<M, T>): Steps<T> {
  return (yield reply) as T;
}

/** All replies, once they are there. If some failed, the first error, and only once none is under way any more. */
export function* waitAll<M extends Mode, T>(replies: readonly Reply<M, T>[]): Steps<T[]> {
  if (!replies.some(isPromise)) return replies as unknown as T[];
  const results = (yield Promise.allSettled(replies)) as PromiseSettledResult<T>[];
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

/** Runs a computation: in mode `sync` to its end, errors thrown; in mode `async` as a promise, errors rejecting it. */
export function drive<M extends Mode, T>(mode: M, steps: Steps<T>): Reply<M, T> {
  return (mode === 'sync' ? driveSync(steps) : driveAsync(steps)) as Reply<M, T>;
}

function driveSync<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next(step.value);
  return step.value;
}

async function driveAsync<T>(steps: Steps<T>): Promise<T> {
  let step = steps.next();
  while (!step.done) {
    let value = step.value;
    if (isPromise(value)) {
      try {
        value = await value;
      } catch (error) {
        step = steps.throw(error);
        continue;
      }
    }
    step = steps.next(value);
  }
  return step.value;
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
