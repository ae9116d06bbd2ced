import { expect, test } from 'vitest';
import type { Layer } from '../src/backend-layer.ts';
import { streamWithParts } from '../src/backend-stream.ts';
import { resultsOf } from '../src/peer.ts';
import { problemOf, stepsOf } from '../src/problem.ts';
import { workCalled } from '../src/works.ts';

/** Adds a number to the sum of what it was given so far, in the same array at each step, as backends do. */
function adding(number: number): Layer {
  const stream = () => {
    const output = new Float32Array(1);
    return {
      step: ([x]: Float32Array) => {
        output[0] = output[0]! + x! + number;
        return output;
      },
    };
  };
  return { stream } as Partial<Layer> as Layer;
}

test('each layer of a network is given what the one before gives at that step', async () => {
  const work = { ...workCalled('network-step-64-64'), inputSize: 1, hiddenSize: 1, steps: 3 };
  const inputs = [1, 2, 3].map((x) => Float32Array.of(x));
  const parts = { g1: Promise.resolve(adding(10)), fc: Promise.resolve(adding(100)) };
  const running = await streamWithParts(adding(0), parts, 1, inputs);
  const problem = { ...problemOf(work), input: Float32Array.of(1, 2, 3) };
  expect(stepsOf(problem)).toEqual(inputs);
  expect(await resultsOf(running, problem)).toEqual([Float32Array.of(1, 3, 6)]);
  expect(Object.keys(running.parts!)).toEqual(['g1', 'fc']);
  // The first layer gives 11, 23, 36; after these 170, the second begins anew with the first.
  const { fc } = running.parts!;
  const before = 11 + 23 + 36 + 300;
  expect([0, 1, 2].map((index) => (fc!.run(index) as Float32Array)[0])).toEqual(
    [11, 34, 70].map((sum, index) => before + sum + 100 * (index + 1)),
  );
});

test('a layer that is no network has no parts', async () => {
  const { parts } = await streamWithParts(adding(0), {}, 1, [Float32Array.of(1)]);
  expect(parts).toEqual({});
});
