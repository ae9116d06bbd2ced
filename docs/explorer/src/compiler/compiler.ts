import { Catalogue } from '../page/catalogue.ts';
import type { Greeting, Outcome } from './worker.ts';

/** Compiles texts in a worker: of many in a row the last, so that typing does not wait for what it makes out of date. */
export class Compiler {
  /** Of the cells that the worker knows. */
  readonly catalogue: Promise<Catalogue>;
  private readonly worker: Worker;
  private last: { readonly text: string; readonly settle: (outcome: Outcome | undefined) => void } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = false;
  /** Whether the text that the worker has at hand is no longer the last. */
  private stale = false;

  constructor(worker: Worker) {
    this.worker = worker;
    this.catalogue = new Promise((resolve) => {
      worker.addEventListener('message', ({ data }: MessageEvent<Greeting | Outcome>) => {
        if ('groups' in data) resolve(new Catalogue(data.groups));
        else this.receive(data);
      });
    });
  }

  /**
   * What becomes of a text, or nothing once another one is asked for.
   *
   * @param pause  for so many milliseconds no other may be asked for before it is compiled
   */
  compile(text: string, pause: number): Promise<Outcome | undefined> {
    this.last?.settle(undefined);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), pause);
    this.stale = true;
    return new Promise((settle) => {
      this.last = { text, settle };
    });
  }

  private ask(): void {
    this.timer = undefined;
    if (this.busy || this.last === undefined) return;
    this.busy = true;
    this.stale = false;
    this.worker.postMessage(this.last.text);
  }

  private receive(outcome: Outcome): void {
    this.busy = false;
    if (!this.stale) {
      this.last?.settle(outcome);
      this.last = undefined;
    } else if (this.timer === undefined) this.ask();
  }
}
