import { type CongruentError, type Tensor, tensor } from '@congruent/runtime';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectCode } from '../../runtime/test/expect-code.ts';
import { crossEntropy, mseLoss } from '../src/index.ts';
import { centralDifferences, farthest } from './differences.ts';

const float64 = (values: readonly number[], shape: readonly number[]): Tensor =>
  tensor(Float64Array.from(values), shape);

const matrix = (rows: number, columns: number): fc.Arbitrary<Tensor> =>
  fc
    .array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: rows * columns, maxLength: rows * columns })
    .map((values) => float64(values, [rows, columns]));

const reduction = fc.constantFrom('mean' as const, 'sum' as const);

describe('crossEntropy', () => {
  const example = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 })).chain(([rows, classes]) =>
    fc.record({
      logits: matrix(rows, classes),
      targets: fc.array(fc.nat(classes - 1), { minLength: rows, maxLength: rows }),
      options: fc.record({ reduction, labelSmoothing: fc.constantFrom(0, 0.1, 1) }),
    }),
  );

  test('the gradient is that of the loss, by central differences', () => {
    fc.assert(
      fc.property(example, ({ logits, targets, options }) => {
        const { gradient } = crossEntropy(logits, targets, options);
        const loss = (at: Tensor): number => crossEntropy(at, targets, options).loss;
        expect(farthest(gradient.data, centralDifferences(loss, logits))).toBeLessThan(1e-8);
        expect(gradient.shape).toEqual(logits.shape);
      }),
      { seed: 1 },
    );
  });

  test('the same constant added to all logits of a row changes nothing, and the gradient of a row adds up to 0', () => {
    fc.assert(
      fc.property(example, fc.constantFrom(-1000, 0.5, 1e6), ({ logits, targets, options }, added) => {
        const { loss, gradient } = crossEntropy(logits, targets, options);
        const shifted = float64(
          Array.from(logits.data, (x) => x + added),
          logits.shape,
        );
        expect(Math.abs(crossEntropy(shifted, targets, options).loss - loss)).toBeLessThan(1e-7);
        expect(Math.abs(Array.from(gradient.data).reduce((sum, g) => sum + g, 0))).toBeLessThan(
          1e-14 * logits.data.length,
        );
      }),
      { seed: 1 },
    );
  });

  test('the mean is the sum over the rows by their number', () => {
    const logits = float64([1, 2, 3, -1, 0, 4], [3, 2]);
    const [mean, sum] = [crossEntropy(logits, [0, 1, 0]), crossEntropy(logits, [0, 1, 0], { reduction: 'sum' })];
    expect(mean.loss).toBeCloseTo(sum.loss / 3, 14);
    expect(
      farthest(
        mean.gradient.data,
        Array.from(sum.gradient.data, (g) => g / 3),
      ),
    ).toBeLessThan(1e-15);
  });

  test('logits of ±1e30 in float32 neither overflow nor lose the answer', () => {
    const { loss, gradient } = crossEntropy(tensor([1e30, -1e30], [1, 2]), [0]);
    expect([loss, ...gradient.data]).toEqual([0, 0, 0]);
    const wrong = crossEntropy(tensor([1e30, 0], [1, 2]), [1]);
    expect([wrong.loss, ...wrong.gradient.data]).toEqual([Math.fround(1e30), 1, -1]);
  });

  // Expected: torch.nn.functional.cross_entropy on the same numbers.
  test('a class that cannot be has probability 0, an infinite logit makes NaN, and NaN stays in its row', () => {
    const { POSITIVE_INFINITY: infinity, NaN: nan } = Number;
    const impossible = crossEntropy(tensor([-infinity, 0, 0], [1, 3]), [1]);
    expect(impossible.loss).toBeCloseTo(Math.LN2, 15);
    expect([...impossible.gradient.data]).toEqual([0, -0.5, 0.5]);
    expect(crossEntropy(tensor([-infinity, 0], [1, 2]), [0]).loss).toBe(infinity);
    expect(crossEntropy(tensor([infinity, 0], [1, 2]), [0]).loss).toBe(nan);
    const { loss, gradient } = crossEntropy(tensor([nan, 0, 0, 0], [2, 2]), [0, 1]);
    expect([loss, ...gradient.data]).toEqual([nan, nan, nan, 0.25, -0.25]);
  });

  test('no rows: the mean is NaN and the sum 0, as in torch', () => {
    const none = tensor([], [0, 3]);
    expect(crossEntropy(none, [])).toEqual({ loss: Number.NaN, gradient: none });
    expect(crossEntropy(none, [], { reduction: 'sum' }).loss).toBe(0);
  });

  test('targets in a typed array', () => {
    const logits = tensor([1, 2, 3, 4], [2, 2]);
    expect(crossEntropy(logits, Uint8Array.of(1, 0))).toEqual(crossEntropy(logits, [1, 0]));
  });

  const logits = tensor([1, 2, 3, 4], [2, 2]);
  const refused: readonly (readonly [string, unknown, unknown, object, CongruentError['code'], string])[] = [
    [
      'a target above',
      logits,
      [0, 2],
      {},
      'LOSS_TARGET',
      'Target 2 is out of bounds, in row 1. Give one class for each row of the logits, an integer from 0 to 1.',
    ],
    ['a target below', logits, [-1, 0], {}, 'LOSS_TARGET', 'Target -1 is out of bounds, in row 0'],
    ['a target between', logits, [0.5, 0], {}, 'LOSS_TARGET', 'Target 0.5 is out of bounds'],
    ['a target as text', logits, ['1', 0], {}, 'LOSS_TARGET', 'Target "1" is out of bounds'],
    ['a hole for a target', logits, new Array(2), {}, 'LOSS_TARGET', 'Target undefined is out of bounds'],
    ['too few targets', logits, [0], {}, 'LOSS_TARGET', 'Expected input batch_size (2) to match target batch_size (1)'],
    ['targets in a tensor', logits, tensor([0, 1]), {}, 'LOSS_TARGET', 'must be an array of integers, got Object'],
    ['targets as text', logits, '01', {}, 'LOSS_TARGET', 'must be an array of integers, got "01"'],
    [
      'logits of three dimensions',
      tensor([1, 2], [1, 1, 2]),
      [0],
      {},
      'CONGRUENT_SHAPE',
      'logits must be [N, C] with C at least 1, got [1, 1, 2]',
    ],
    ['logits without classes', tensor([], [2, 0]), [0, 0], {}, 'CONGRUENT_SHAPE', 'got [2, 0]'],
    ['logits that are no tensor', [1, 2], [0], {}, 'CONGRUENT_SHAPE', 'crossEntropy: logits must be a tensor'],
    [
      'reduction none',
      logits,
      [0, 1],
      { reduction: 'none' },
      'CONGRUENT_OPTION',
      'is not a valid value for reduction. Option reduction must be "mean" or "sum", got "none"',
    ],
    [
      'labelSmoothing 2',
      logits,
      [0, 1],
      { labelSmoothing: 2 },
      'CONGRUENT_OPTION',
      'label_smoothing must be between 0.0 and 1.0',
    ],
    [
      'label_smoothing',
      logits,
      [0, 1],
      { label_smoothing: 0.1 },
      'CONGRUENT_OPTION',
      "The nearest known one is 'labelSmoothing'",
    ],
  ];
  test.each(refused)('refuses %s', (_, x, targets, options, code, text) =>
    expectCode(() => crossEntropy(x as Tensor, targets as number[], options), code, text),
  );
});

describe('mseLoss', () => {
  const example = fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
    .chain(([rows, columns]) => fc.record({ input: matrix(rows, columns), target: matrix(rows, columns), reduction }));

  test('the gradient is that of the loss, by central differences', () => {
    fc.assert(
      fc.property(example, ({ input, target, reduction }) => {
        const { gradient } = mseLoss(input, target, { reduction });
        const loss = (at: Tensor): number => mseLoss(at, target, { reduction }).loss;
        expect(farthest(gradient.data, centralDifferences(loss, input))).toBeLessThan(1e-8);
        expect(gradient.shape).toEqual(input.shape);
      }),
      { seed: 1 },
    );
  });

  test('no elements: the mean is NaN and the sum 0, as in torch', () => {
    const none = tensor([], [0, 3]);
    expect(mseLoss(none, none)).toEqual({ loss: Number.NaN, gradient: none });
    expect(mseLoss(none, none, { reduction: 'sum' }).loss).toBe(0);
  });

  test('changes neither operand', () => {
    const [input, target] = [tensor([1, 2]), tensor([3, 5])];
    mseLoss(input, target).gradient.data.fill(9);
    expect([input, target]).toEqual([tensor([1, 2]), tensor([3, 5])]);
  });

  const refused: readonly (readonly [string, unknown, unknown, object, CongruentError['code'], string])[] = [
    [
      'a target to be broadcast',
      tensor([1, 2], [2, 1]),
      tensor([1, 2]),
      {},
      'CONGRUENT_SHAPE',
      'Using a target size (torch.Size([2])) that is different to the input size (torch.Size([2, 1]))',
    ],
    ['a target of another type', tensor([1]), tensor(new Float64Array(1)), {}, 'CONGRUENT_DTYPE', 'mseLoss: target'],
    ['a number', 1, tensor([1]), {}, 'CONGRUENT_SHAPE', 'mseLoss: input must be a tensor { data, shape }, got 1'],
    ['reduction none', tensor([1]), tensor([1]), { reduction: 'none' }, 'CONGRUENT_OPTION', 'Option reduction'],
  ];
  test.each(refused)('refuses %s', (_, input, target, options, code, text) =>
    expectCode(() => mseLoss(input as Tensor, target as Tensor, options), code, text),
  );
});
