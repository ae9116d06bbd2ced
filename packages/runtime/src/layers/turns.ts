import type { Steps } from '../drive.ts';

/** One operation's place in the order: it waits for `before`, and says when it has ended. */
export interface Turn {
  readonly before: Promise<void> | undefined;
  end(): void;
}

/** Waits until everything that was asked for earlier has ended. */
export function* begin(turn: Turn): Steps<void> {
  yield turn.before;
}

/**
 * Operations on one engine take effect in the order in which they were asked for, also where nobody awaited them:
 * a state dict loaded after a call that is still under way is for later calls, and disposal waits for all of them.
 */
export interface Turns {
  /** A place at the end of the order. Its `end` must be called, also on failure. */
  take(): Turn;
  /** Does synchronous work in turn: at once, where nothing is under way. */
  run(work: () => void): void;
}

const AT_ONCE: Turn = { before: undefined, end() {} };

/** The order where nothing is ever under way. */
export const noTurns: Turns = { take: () => AT_ONCE, run: (work) => work() };
