import type { DType } from '@congruent/runtime';
import { expect, test } from 'vitest';
import { type Job, RUN } from '../src/addon.ts';
import { packageAddon } from '../src/load.ts';
import { openMemory } from '../src/memory.ts';

// What only a mistake in this package could ask for is refused before anything is read or written.
const addon = packageAddon();
const [I, H, steps] = [3, 5, 2];

const open = (cell = 'gru', dtype: DType = 'float32') =>
  addon.open(cell, dtype, addon.variants[0]!, [[I, H], [I], [H], [H], [3 * H * I, 3 * H * H, 3 * H, 3 * H]]);

function jobWith(change: (job: Job) => Partial<Job>): Job {
  const { keep } = openMemory(addon, 'float32');
  const layer = open()!;
  const [weights] = addon.lengths(layer);
  const [shared, own] = addon.scratch(layer, steps, 1, false);
  const job: Job = {
    kind: RUN,
    layer,
    weights: keep(weights),
    shared: keep(shared),
    own: keep(own),
    batchSizes: Int32Array.of(1, 1),
    reverse: false,
    shares: 1,
    operands: [keep(steps * I), keep(H), keep(steps * H)],
  };
  return { ...job, ...change(job) };
}

test('a job whose buffers are what its layer needs is done', () => {
  const job = jobWith(() => ({}));
  job.operands[2]!.fill(1);
  addon.compute([job], 1);
  expect([...job.operands[2]!]).toEqual(new Array(steps * H).fill(0));
});

test.each<[what: string, change: (job: Job) => Partial<Job>, message: RegExp]>([
  [
    'an operand too short',
    ({ operands: [x, h, y] }) => ({ operands: [x!, h!, y!.subarray(1)] }),
    /9 elements and must have 10/,
  ],
  ['an operand too few', ({ operands }) => ({ operands: operands.slice(1) }), /wrong number of buffers/],
  ['more steps than rows', () => ({ batchSizes: Int32Array.of(1, 1, 1) }), /6 elements and must have 9/],
  ['weights of another layer', ({ weights }) => ({ weights: weights.subarray(16) }), /must have/],
  ['too little working memory', ({ own }) => ({ own: own.subarray(0, own.length - 1) }), /must have/],
  ['working memory for fewer shares', () => ({ shares: 2 }), /must have/],
  ['no shares', () => ({ shares: 0 }), /out of range/],
  ['a batch that grows', () => ({ batchSizes: Int32Array.of(1, 2) }), /must not grow/],
  ['no steps', () => ({ batchSizes: new Int32Array(0) }), /at least one step/],
  ['elements of another type', ({ weights }) => ({ weights: new Float64Array(weights.length) }), /another type/],
  [
    'a buffer that begins anywhere',
    ({ operands: [x, h, y] }) => ({
      operands: [new Float32Array(new ArrayBuffer(4 * 100), 4 * 15, x!.length), h!, y!],
    }),
    /aligned/,
  ],
])('a job with %s is refused with a TypeError', (_, change, message) => {
  const job = jobWith(change);
  expect(() => addon.compute([job], 1)).toThrow(expect.objectContaining({ name: 'TypeError' }));
  expect(() => addon.compute([job], 1)).toThrow(message);
});

test('a cell that the addon does not have has no layer', () => {
  expect(open('gru')).toBeDefined();
  expect(open('other')).toBeUndefined();
});
