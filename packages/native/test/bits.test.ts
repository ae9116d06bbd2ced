import * as fc from 'fast-check';
import { test } from 'vitest';
import { anyCase, bitsAreThoseOfScalar, differencesOf } from '../../../tools/testing/bits.ts';
import * as native from '../src/index.ts';

bitsAreThoseOfScalar(differencesOf(native));

test.each([2, 3, 7])('E5: with %d threads too, forwards and backwards, for batches of any size', (threads) => {
  const { ofSequence, ofGradients } = differencesOf(native, { threads });
  fc.assert(
    fc.property(anyCase, (given) => ofSequence(given) === undefined && ofGradients(given) === undefined),
    { numRuns: 60, seed: threads },
  );
});
