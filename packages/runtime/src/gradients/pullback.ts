import type { Pullback } from '../api.ts';
import type { Mode } from '../backend/engine.ts';
import { disposable, disposedError } from '../disposable.ts';
import { drive, type Steps } from '../drive.ts';

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
  mode: M,
  run: (cotangents: C) => Steps<G>,
  release: () => void,
): Pullback<M, C, G> {
  let disposed = false;
  function* steps(cotangents: C): Steps<G> {
    if (disposed) throw disposedError(where);
    return yield* run(cotangents);
  }
  const pullback = Object.assign((cotangents: C) => drive(mode, steps(cotangents)), {
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
