import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { time } from '../src/peer.ts';

test("waiting is no work of the processor's, and is a GPU's", async () => {
  const waits = { run: () => setTimeout(50, new Float32Array()) };
  expect(await time(waits, 2, 1)).toBeLessThan(50e6);
  expect(await time(waits, 2, 1, true)).toBeGreaterThan(95e6);
});
