import type { Answer, Asked, Replies, Request } from './protocol.ts';

/** The worker that runs cells, as the page talks to it. */
export class Connection {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, { resolve(reply: unknown): void; reject(reason: Error): void }>();
  private asked = 0;

  constructor(worker: Worker) {
    this.worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      const { resolve, reject } = this.waiting.get(data.id)!;
      this.waiting.delete(data.id);
      if ('refused' in data) reject(new Error(data.refused));
      else resolve(data.reply);
    });
  }

  /** @throws Error with the words of the worker's, where it refuses */
  ask<R extends Request>(request: R): Promise<Replies[R['kind']]> {
    const id = ++this.asked;
    this.worker.postMessage({ id, request } satisfies Asked);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (reply: unknown) => void, reject });
    });
  }
}
