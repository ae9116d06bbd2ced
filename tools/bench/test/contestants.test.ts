import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ableTo, candidates, contestantCalled, peers } from '../src/contestants.ts';
import { workCalled } from '../src/works.ts';

test('a backend is whoever has an emitter, under the name of its package', async () => {
  expect(existsSync(new URL('../../../packages/scalar/codegen', import.meta.url))).toBe(true);
  expect((await contestantCalled('@congruent/scalar')).sameEquations).toBe(true);
  await expect(contestantCalled('@congruent/runtime')).rejects.toThrow("no contestant '@congruent/runtime'");
});

test('those asked for by a part of the name are left, and only a GPU is timed by the clock alone', async () => {
  const asked = await candidates(['@congruent/gpujs, ', 'brain']);
  const onGpu = asked.map(({ name, onGpu = false }) => [name, onGpu]);
  expect(onGpu).toEqual(
    expect.arrayContaining([
      ['@congruent/gpujs, webgpu', true],
      ['@congruent/gpujs, cpu', false],
      ['brain.js', false],
    ]),
  );
  expect(asked.every(({ name }) => /gpujs|brain/.test(name))).toBe(true);
});

test('no peer takes part in the row of a network', async () => {
  expect(await ableTo(workCalled('network-step-64-64'), peers)).toEqual([]);
  expect((await ableTo(workCalled('lstm-step-64-128'), peers)).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['onnxruntime-web', 'onnxruntime-node', 'tfjs (wasm)', 'jax-js (wasm)']),
  );
});
