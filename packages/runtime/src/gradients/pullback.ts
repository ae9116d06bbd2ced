import type { Pullback } from '../api/module.ts';
import type { Mode } from '../backend/engine.ts';
import { disposable, disposedError } from '../disposable.ts';
import type { Steps } from '../drive.ts';
import type { Driver } from '../layers/driver.ts';
import type { RowResults } from '../layers/stack.ts';
import type { Recording } from './record.ts';

/** What `vjp` gives: what `forward` gives, and the pullback. */
export interface Differentiated<M extends Mode> {
  readonly [result: string]: unknown;
  readonly pullback: Pullback<M, unknown, unknown>;
}

/**
 * Releases what was recorded for pullbacks that nothing holds any more. It holds on to what it will release until the event
 * loop turns, which a loop of training that awaits nothing but answers never lets it: so it is for memory that goes in no
 * other way.
 */
const dropped =
  typeof FinalizationRegistry === 'undefined'
    ? undefined
    : new FinalizationRegistry<() => void>((release) => release());

/**
 * A pullback as users get it.
 *
 * @param where  for error messages, e.g. `GRU.vjp: pullback`
 * @param read   the adjoints that a user gives
 * @param run    the backward pass
 * @param of     what was recorded; its `release` must not hold `run`, or it would never be dropped
 */
export function makePullback<M extends Mode, C, G>(
  where: string,
  driver: Driver<M>,
  read: (cotangents: C) => RowResults,
  run: (adjoints: RowResults) => Steps<G>,
  of: Pick<Recording, 'ownsMemory' | 'release'>,
): Pullback<M, C, G> {
  const { ownsMemory, release } = of;
  let disposed = false;
  const checkAlive = (): void => {
    if (disposed) throw disposedError(where);
  };
  function* steps(cotangents: C): Steps<G> {
    checkAlive();
    const adjoints = read(cotangents);
    checkAlive(); // a getter of the cotangents may have disposed of it
    return yield* run(adjoints);
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
  if (ownsMemory) dropped?.register(pullback, release, pullback);
  return pullback as Pullback<M, C, G>;
}
