import { conformance } from '@congruent/conformance';
import { expect, test } from 'vitest';
import * as wasm from '../src/index.ts';

const math = 'relaxed';

// The mode promises accuracy, not bits: the suite then asks for what it asks of any backend that is not deterministic.
const supports = { ...wasm.backend.supports, deterministic: false };
const relaxed = { ...wasm, backend: { ...wasm.backend, supports } };

if (supports.relaxed) {
  conformance({ test, factory: () => relaxed, options: { math } });
} else {
  test("math: 'relaxed' is refused with GRU_UNSUPPORTED where supports.relaxed is false", async () => {
    await expect(wasm.GRU.create({ inputSize: 1, hiddenSize: 1, math })).rejects.toMatchObject({
      code: 'GRU_UNSUPPORTED',
    });
  });
}
