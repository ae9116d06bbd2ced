import type { Mode } from '../backend/engine.ts';
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

const AT_ONCE: Turn = { before: undefined, end: () => {} };

/**
 * Operations on one engine take effect in the order in which they were asked for, also where nobody awaited them:
 * a state dict loaded after a call that is still under way is for later calls, and disposal waits for all of them.
 * With a sync backend nothing is ever under way.
 */
export class Turns {
  readonly #mode: Mode;
  #last: Promise<void> | undefined;

  constructor(mode: Mode) {
    this.#mode = mode;
  }

  /** A place at the end of the order. Its `end` must be called, also on failure. */
  take(): Turn {
    if (this.#mode === 'sync') return AT_ONCE;
    let resolve = (): void => {};
    const before = this.#last;
    const ended = new Promise<void>((done) => {
      resolve = done;
    });
    this.#last = ended;
    const end = (): void => {
      if (this.#last === ended) this.#last = undefined;
      resolve();
    };
    return { before, end };
  }

  /** Does synchronous work in turn: at once, where nothing is under way. */
  run(work: () => void): void {
    if (this.#last === undefined) {
      work();
      return;
    }
    const turn = this.take();
    // A failure here has no caller left to tell; as an unhandled rejection it is at least not silent.
    void turn.before?.then(work).finally(turn.end);
  }
}
