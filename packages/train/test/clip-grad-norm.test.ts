import { type CongruentError, type Tensor, tensor } from '@congruent/runtime';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectCode } from '../../runtime/test/expect-code.ts';
import { clipGradNorm } from '../src/index.ts';

const norm = (gradients: Readonly<Record<string, Tensor>>): number =>
  Math.hypot(...Object.values(gradients).flatMap(({ data }) => [...data]));

/** Numbers whose squares neither overflow nor vanish. */
const moderate = fc
  .double({ min: -1e100, max: 1e100, noNaN: true })
  .map((value) => (Math.abs(value) < 1e-100 ? 0 : value));

const anyGradients = fc.dictionary(
  fc.string(),
  fc.array(moderate, { maxLength: 4 }).map((values) => tensor(Float64Array.from(values))),
);

test('float64: the norm is that of all gradients as one vector, and afterwards at most maxNorm; the direction stays', () => {
  fc.assert(
    fc.property(anyGradients, fc.double({ min: 0, max: 1e50, noNaN: true }), (given, maxNorm) => {
      const { totalNorm, gradients } = clipGradNorm(given, { maxNorm });
      expect(Math.abs(totalNorm - norm(given))).toBeLessThanOrEqual(1e-14 * totalNorm);
      expect(norm(gradients)).toBeLessThanOrEqual(maxNorm * (1 + 1e-14));
      const factor = Math.min(1, maxNorm / (totalNorm + 1e-6));
      expect(Object.keys(gradients)).toEqual(Object.keys(given));
      for (const [name, { data }] of Object.entries(gradients)) {
        expect(data).toEqual(given[name]!.data.map((g) => g * factor));
      }
    }),
    { seed: 1 },
  );
});

test('a norm below maxNorm: the same bits, in fresh tensors', () => {
  const given = { a: tensor([3, -0]), b: tensor([4], [1, 1]) };
  const { totalNorm, gradients } = clipGradNorm(given, { maxNorm: 5.1 });
  expect(totalNorm).toBe(5);
  expect(gradients).toEqual(given);
  gradients['a']!.data.fill(9);
  expect(given.a).toEqual(tensor([3, -0]));
});

test('maxNorm Infinity only measures', () => {
  const given = { a: tensor([3, 4]) };
  expect(clipGradNorm(given, { maxNorm: Number.POSITIVE_INFINITY })).toEqual({ totalNorm: 5, gradients: given });
});

test('a float32 norm that float32 cannot square does not overflow', () => {
  const { totalNorm, gradients } = clipGradNorm({ a: tensor([3e30, 4e30]) }, { maxNorm: 1 });
  expect(totalNorm / 5e30).toBeCloseTo(1, 6);
  expect([...gradients['a']!.data].map((g) => g.toFixed(6))).toEqual(['0.600000', '0.800000']);
});

// Expected: torch.nn.utils.clip_grad_norm_ on the same numbers.
test('a NaN makes all gradients NaN, an infinity zeros of the finite ones', () => {
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
  expect(clipGradNorm({ a: tensor([nan]), b: tensor([1]) }, { maxNorm: 1 }).gradients).toEqual({
    a: tensor([nan]),
    b: tensor([nan]),
  });
  expect(clipGradNorm({ a: tensor([infinity]), b: tensor([1]) }, { maxNorm: 1 })).toEqual({
    totalNorm: infinity,
    gradients: { a: tensor([nan]), b: tensor([0]) },
  });
});

test('no gradients have the norm 0', () => {
  expect(clipGradNorm({}, { maxNorm: 1 })).toEqual({ totalNorm: 0, gradients: {} });
});

const refused: readonly (readonly [string, unknown, unknown, CongruentError['code'], string])[] = [
  [
    'a negative maxNorm',
    {},
    { maxNorm: -1 },
    'CONGRUENT_OPTION',
    'clipGradNorm: Option maxNorm must be a number ≥ 0, got -1',
  ],
  ['maxNorm NaN', {}, { maxNorm: Number.NaN }, 'CONGRUENT_OPTION', 'got NaN'],
  ['no maxNorm', {}, {}, 'CONGRUENT_OPTION', 'got undefined'],
  [
    'a number for the options, as in torch',
    {},
    1,
    'CONGRUENT_OPTION',
    'options must be an object such as { maxNorm: … }, got 1',
  ],
  [
    'a tensor for the gradients',
    tensor([1]),
    { maxNorm: 1 },
    'CONGRUENT_SHAPE',
    'clipGradNorm: gradients: data must be a tensor',
  ],
  ['null', null, { maxNorm: 1 }, 'CONGRUENT_STATE_DICT', 'clipGradNorm: gradients must be dict-like'],
];
test.each(refused)('refuses %s', (_, gradients, options, code, text) =>
  expectCode(() => clipGradNorm(gradients as never, options as { maxNorm: number }), code, text),
);
