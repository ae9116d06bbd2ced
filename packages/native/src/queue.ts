import type { FloatArray } from '@congruent/runtime';
import type { Addon, Job } from './addon.ts';

/** Jobs on their way to an addon. */
export interface Queue {
  /**
   * Does a job, now or when its results are needed.
   *
   * @param reads  how many of its operands, from the first on, it only reads
   */
  add(job: Job, reads: number): void;
  /** Does what waits, where it has to do with this buffer; whoever looks into one calls this first. */
  settle(buffer: FloatArray): void;
  /** Does all that waits. */
  flush(): void;
  /** Whether something waits, whose buffers must not be used for anything else. */
  waits(): boolean;
}

/**
 * A queue for so many threads. A batch that gives work to all of them is done at once. A smaller one waits for company that it
 * does not depend on, which is the other direction of its layer: both are then done at the same time.
 */
export function openQueue({ compute }: Pick<Addon, 'compute'>, threads: number): Queue {
  let waiting: { readonly job: Job; readonly written: readonly FloatArray[] }[] = [];
  const flush = (): void => {
    if (waiting.length === 0) return;
    const jobs = waiting.map(({ job }) => job);
    waiting = [];
    compute(jobs, threads);
  };
  return {
    add(job, reads) {
      if (job.shares === threads) {
        flush();
        compute([job], threads);
        return;
      }
      if (waiting.some(({ written }) => written.some((buffer) => job.operands.includes(buffer)))) flush();
      waiting.push({ job, written: job.operands.slice(reads) });
    },
    settle(buffer) {
      if (waiting.some(({ job }) => job.operands.includes(buffer))) flush();
    },
    flush,
    waits: () => waiting.length > 0,
  };
}
