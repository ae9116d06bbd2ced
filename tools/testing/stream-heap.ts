import { getHeapStatistics } from 'node:v8';
import type { GRU, GRUOptions } from '@congruent/scalar';
import { expect, test } from 'vitest';
import { collect } from './collect.ts';

/** Bytes allocated on the heap by the work, dead or alive; whatever the collector takes meanwhile only lowers it. */
function grownBy(work: () => void): number {
  collect();
  const before = getHeapStatistics().used_heap_size;
  work();
  return getHeapStatistics().used_heap_size - before;
}

interface Backend {
  readonly GRU: { createSync(options: GRUOptions): GRU };
}

/** Registers the test, of a backend that answers at once. */
export const streamsAllocateNothing = ({ GRU }: Backend): void =>
  test('a million steps of a stream allocate nothing on the JavaScript heap', () => {
    using gru = GRU.createSync({ inputSize: 4, hiddenSize: 8, numLayers: 2 });
    using stream = gru.stream();
    gru.eval();
    const x = Float32Array.of(0.1, -0.2, 0.3, -0.4);
    const last = new Float64Array(1); // a captured number would be a new object for each value
    const steps = (count: number): void => {
      for (let step = 0; step < count; step++) {
        x[0] = step * 1e-6;
        last[0] = stream.step(x)[0]!;
      }
    };
    steps(100_000); // until everything is compiled
    // The smallest object a step could make, 12 bytes, would be 1.2 MB in a round. A collection in the middle of a round
    // could hide that in one of ten rounds, and what the test runner does beside it adds to some.
    const rounds = Array.from({ length: 10 }, () => grownBy(() => steps(100_000))).sort((a, b) => a - b);
    expect(rounds[2]).toBeLessThan(400_000);
    expect(Number.isFinite(last[0])).toBe(true);
  });
