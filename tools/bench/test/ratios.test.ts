import { expect, test } from 'vitest';
import { ratioCells, ratios } from '../src/ratios.ts';
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

test('what native code is meant to reach is held against @congruent/native alone', () => {
  const times = { '@congruent/native': 10, fast: 5, 'onnxruntime-node': 14 };
  const timed = [row('batch-32-50-128-256', times)];
  const [found, ...others] = ratios({ timed, cold: [], backends: ['@congruent/native', 'fast'] });
  expect(others).toEqual([]);
  expect(found).toMatchObject({ backend: '@congruent/native', peer: 'onnxruntime-node', ratio: 1.4, target: 1.3 });
  expect(ratios({ timed, cold: [], backends: ['fast'] })).toEqual([]);
});

test("a backward pass is held against the same backend's forward pass, of the backend fastest in training", () => {
  const parts = (forward: number, backward: number) => ({
    forward: summarize([forward]),
    recording: summarize([forward]),
    backward: summarize([backward]),
  });
  const times = [
    { name: 'slow', microseconds: summarize([9]), parts: parts(1, 1) },
    { name: 'fast', microseconds: summarize([4]), parts: parts(1, 3) },
    { name: 'peer', microseconds: summarize([2]) },
  ];
  const timed = [{ work: workCalled('training-16-32-8-64'), reading: 1, times }];
  const found = ratios({ timed, cold: [], backends: ['slow', 'fast'] });
  expect(found).toMatchObject([{ kind: 'longer', backend: 'fast', peer: 'its own forward', ratio: 3, target: 2.5 }]);
  expect(ratioCells(found)[1]!.slice(-3)).toEqual(['3.00× as long', '≤ 2.5×', 'missed']);
  expect(ratioCells([{ ...found[0]!, ratio: 2.5 }])[1]!.at(-1)).toBe('reached');
});

test("a network's stream is held against the sum of those of its layers", () => {
  const parts = { g1: summarize([2]), g2: summarize([3]), fc: summarize([1]) };
  const times = [{ name: 'fast', microseconds: summarize([6.3]), parts }];
  const found = ratios({
    timed: [{ work: workCalled('network-step-64-64'), reading: 1, times }],
    cold: [],
    backends: ['fast'],
  });
  expect(ratioCells(found)[1]!.slice(1)).toEqual([
    'fast',
    'the sum of its layers',
    '1.05× as long',
    '≤ 1.05×',
    'reached',
  ]);
});

test('a target whose peer or backend did not run is left out', () => {
  expect(ratios({ timed: [row('step-24-24', { fast: 1 })], cold: [], backends: ['fast'] })).toEqual([]);
});
