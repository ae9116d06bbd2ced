import { NotOffered } from './peer-adapter.ts';

/** Notes what happens to a peer during a check. */
export class Asked {
  /** Whether the peer was asked for anything. */
  any = false;
  /** What it was asked for and does not offer. */
  readonly refused: string[] = [];

  /** Asks the peer. */
  async ask<T>(what: () => T | Promise<T>): Promise<T> {
    this.any = true;
    try {
      return await what();
    } catch (error) {
      if (error instanceof NotOffered) this.refused.push(error.message);
      throw error;
    }
  }

  /** What no peer could be asked for. */
  refuse(reason: string): never {
    this.refused.push(reason);
    throw new NotOffered(reason);
  }

  /** Before the next check. */
  forget(): void {
    this.any = false;
    this.refused.length = 0;
  }
}
