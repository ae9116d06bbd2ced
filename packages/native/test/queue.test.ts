import type { FloatArray } from '@congruent/runtime';
import { expect, test } from 'vitest';
import type { Job } from '../src/addon.ts';
import { openQueue } from '../src/queue.ts';

/** A queue, and the jobs that were done together, by their names. */
function queueFor(threads: number) {
  const done: string[][] = [];
  const names = new Map<Job, string>();
  const queue = openQueue({ compute: (jobs) => void done.push(jobs.map((job) => names.get(job)!)) }, threads);
  const add = (name: string, shares: number, reads: readonly FloatArray[], writes: readonly FloatArray[]): void => {
    const job = { shares, operands: [...reads, ...writes] } as unknown as Job;
    names.set(job, name);
    queue.add(job, reads.length);
  };
  return { ...queue, add, done };
}

const [x, a, b, c] = Array.from({ length: 4 }, () => new Float32Array(1)) as [
  FloatArray,
  FloatArray,
  FloatArray,
  FloatArray,
];

test('a batch that gives work to every thread is done at once', () => {
  const { add, done, waits } = queueFor(2);
  add('one', 2, [x], [a]);
  expect([done, waits()]).toEqual([[['one']], false]);
});

test('both directions of a smaller batch are done together, when somebody looks into a result', () => {
  const { add, done, settle, waits } = queueFor(2);
  add('forward', 1, [x], [a]);
  add('backward', 1, [x], [b]);
  settle(c);
  expect([done, waits()]).toEqual([[], true]);
  settle(b);
  expect([done, waits()]).toEqual([[['forward', 'backward']], false]);
});

test('what a job reads is there before: the layer above waits for the one below', () => {
  const { add, done, flush } = queueFor(2);
  add('below', 1, [x], [a]);
  add('above', 1, [a], [b]);
  expect(done).toEqual([['below']]);
  flush();
  flush();
  expect(done).toEqual([['below'], ['above']]);
});

test('what a job reads is not written to meanwhile', () => {
  const { add, settle, done } = queueFor(2);
  add('one', 1, [x], [a]);
  settle(x);
  expect(done).toEqual([['one']]);
});
