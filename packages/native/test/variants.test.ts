import * as fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { anyCase, differencesOf } from '../../../tools/testing/bits.ts';
import * as native from '../src/index.ts';
import { packageAddon } from '../src/load.ts';

const exact = packageAddon().variants.filter((name) => !name.endsWith('_relaxed'));
const options = { inputSize: 2, hiddenSize: 3 };

afterEach(() => vi.unstubAllEnvs());

test('without a word about it, the best variant that the processor has runs, and the layer names it', () => {
  expect(native.GRU.createSync(options).device).toBe(exact.at(-1));
});

describe.each(exact)('%s', (variant) => {
  test('runs where the environment names it', () => {
    vi.stubEnv('CONGRUENT_NATIVE_VARIANT', variant);
    expect(native.GRU.createSync(options).device).toBe(variant);
  });

  test('E5: has the bits of @congruent/scalar, forwards, backwards and in streams', () => {
    vi.stubEnv('CONGRUENT_NATIVE_VARIANT', variant);
    const { ofSequence, ofGradients, ofStream } = differencesOf(native);
    fc.assert(
      fc.property(
        anyCase,
        (given) => ofSequence(given) === undefined && ofGradients(given) === undefined && ofStream(given) === undefined,
      ),
      { numRuns: 40, seed: 3 },
    );
  });
});

test('a variant that there is not, or not on this processor, is refused with those that there are', () => {
  vi.stubEnv('CONGRUENT_NATIVE_VARIANT', 'avx1024');
  expect(() => native.GRU.createSync(options)).toThrow(
    expect.objectContaining({
      code: 'CONGRUENT_OPTION',
      message: expect.stringMatching(new RegExp(`'avx1024'; this processor runs ${exact.join(', ')}\\.`)),
    }),
  );
});

test("math: 'relaxed' is refused with CONGRUENT_UNSUPPORTED where the variant has no fused multiply-add", () => {
  vi.stubEnv('CONGRUENT_NATIVE_VARIANT', exact[0]!);
  const relaxed = packageAddon().variants.includes(`${exact[0]}_relaxed`);
  const create = () => native.GRU.createSync({ ...options, math: 'relaxed' }).device;
  if (relaxed) expect(create()).toBe(`${exact[0]}_relaxed`);
  else expect(create).toThrow(expect.objectContaining({ code: 'CONGRUENT_UNSUPPORTED' }));
});
