import type { Pullback } from '../api/module.ts';
import type { Mode } from '../backend/engine.ts';
import { disposable, disposedError } from '../disposable.ts';
import type { Steps } from '../drive.ts';
import type { Driver } from '../layers/driver.ts';

/** What `vjp` gives: what `forward` gives, and the pullback. */
export interface Differentiated<M extends Mode> {
  readonly [result: string]: unknown;
  readonly pullback: Pullback<M, unknown, unknown>;
}

/** Releases what was recorded for pullbacks that nothing holds any more. */
const dropped =
  typeof FinalizationRegistry === 'undefined'
    ? undefined
    : new FinalizationRegistry<() => void>((release) => release());

/**
 * A pullback as users get it.
 *
 * @param where    for error messages, e.g. `GRU.vjp: pullback`
 * @param run      the backward pass
 * @param release  gives back what was recorded; must not hold `run`, or it would never be dropped
 */
export function makePullback<M extends Mode, C, G>(
  where: string,
  driver: Driver<M>,
  run: (cotangents: C) => Steps<G>,
  release: () => void,
): Pullback<M, C, G> {
  let disposed = false;
  function* steps(cotangents: C): Steps<G> {
    if (disposed) throw disposedError(where);
    return yield* run(cotangents);
  }
  const pullback = Object.assign((cotangents: C) => driver.drive(steps(cotangents)), {
    dispose(): void {
      if (disposed) return;
      disposed = true;
      dropped?.unregister(pullback);
      release();
    },
  });
  disposable(pullback);
  dropped?.register(pullback, release, pullback);
  return pullback as Pullback<M, C, G>;
}
