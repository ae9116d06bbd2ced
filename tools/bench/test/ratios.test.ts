import { expect, test } from 'vitest';
import { ratios } from '../src/ratios.ts';
import { summarize } from '../src/statistics.ts';
import { workCalled } from '../src/works.ts';

const row = (id: string, medians: Record<string, number>) => ({
  work: workCalled(id),
  reading: 1,
  times: Object.entries(medians).map(([name, median]) => ({ name, microseconds: summarize([median]) })),
});

test('a target is held against the fastest backend, one for a variant against that variant alone', () => {
  const timed = [
    row('batch-32-50-128-256', {
      slow: 40,
      fast: 20,
      'fast, relaxed': 10,
      'onnxruntime-web': 30,
      'onnxruntime-node': 9,
    }),
  ];
  const found = ratios({ timed, cold: [], backends: ['slow', 'fast', 'fast, relaxed'] });
  expect(found.map(({ backend, peer, ratio, target }) => [backend, peer, ratio, target])).toEqual([
    ['fast', 'onnxruntime-web', 1.5, 1.2],
    ['fast, relaxed', 'onnxruntime-web', 3, 1.6],
  ]);
});

test('a target whose peer or backend did not run is left out', () => {
  expect(ratios({ timed: [row('step-24-24', { fast: 1 })], cold: [], backends: ['fast'] })).toEqual([]);
});
