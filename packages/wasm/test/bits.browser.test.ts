import * as fc from 'fast-check';
import { test } from 'vitest';
import { anyCase } from '../../../tools/testing/bits.ts';
import { differences } from './bit-checks.ts';

const { ofSequence, ofGradients, ofStream } = differences;

test('E5: in the page, any sequence has the bits of @congruent/scalar', () => {
  fc.assert(
    fc.property(anyCase, (given) => ofSequence(given) === undefined),
    { numRuns: 100, seed: 2 },
  );
});

test('E5: in the page, the gradients of any sequence have the bits of @congruent/scalar', () => {
  fc.assert(
    fc.property(anyCase, (given) => ofGradients(given) === undefined),
    { numRuns: 50, seed: 2 },
  );
});

test('E5: in the page, any stream has the bits of @congruent/scalar', () => {
  fc.assert(
    fc.property(anyCase, (given) => ofStream(given) === undefined),
    { numRuns: 30, seed: 2 },
  );
});
