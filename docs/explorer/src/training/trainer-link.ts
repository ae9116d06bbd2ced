import type { Command, Report } from './protocol.ts';

/** Between pictures where the reader wants little motion, in milliseconds. */
const CALM = 500;

/** The worker that trains. It is asked what is new at most once for each picture that the screen shows. */
export class TrainerLink {
  private readonly worker: Worker;
  private readonly calm = matchMedia('(prefers-reduced-motion: reduce)');
  private waiting = false;
  /** Whether something was told since the question that is under way. */
  private stale = false;

  constructor(worker: Worker, receive: (report: Report) => void) {
    this.worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<Report>) => {
      receive(data);
      if (data.kind !== 'frame' && data.kind !== 'nothing') return;
      this.waiting = false;
      if (this.stale || (data.kind === 'frame' && data.running)) this.ask();
    });
  }

  /** Tells the worker something, after which there is something new. */
  tell(command: Command): void {
    this.worker.postMessage(command);
    this.stale = true;
    this.ask();
  }

  private ask(): void {
    if (this.waiting) return;
    this.waiting = true;
    const question = (): void => {
      this.stale = false;
      this.worker.postMessage({ kind: 'frame' } satisfies Command);
    };
    if (this.calm.matches) setTimeout(question, CALM);
    else requestAnimationFrame(question);
  }
}
