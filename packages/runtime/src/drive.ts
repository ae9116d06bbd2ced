import type { Mode, Reply } from './backend/engine.ts';

/**
 * A computation that pauses wherever an async backend has to be waited for. Written once with `yield* wait(…)`, the driver of
 * a sync backend runs it to its end at once, that of an async one as a promise.
 */
export type Steps<T> = Generator<unknown, T, unknown>;

/** The reply, once it is there. */
export function* wait<M extends Mode, T>(reply: Reply<M, T>): Steps<T> {
  return (yield reply) as T;
}

/** All replies, once they are there. If some failed, the first error, and only once none is under way any more. */
export function* waitAll<M extends Mode, T>(replies: readonly Reply<M, T>[]): Steps<T[]> {
  return (yield replies) as T[];
}
