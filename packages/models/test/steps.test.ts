import { tensor } from '@congruent/runtime';
import { describe, expect, test } from 'vitest';
import { mergeDirections, reverseSteps, splitDirections } from '../src/index.ts';

const options = { dtype: 'float32' } as const;

/** 3 steps of 2 sequences of 1 feature, the number of the step with that of the sequence behind it. */
const sequence = tensor([10, 11, 20, 21, 30, 31], [3, 2, 1]);

describe('reverseSteps', () => {
  test('turns the steps round, whichever axis they are', () => {
    expect(reverseSteps(sequence, { options })).toEqual(tensor([30, 31, 20, 21, 10, 11], [3, 2, 1]));
    const batchFirst = tensor([10, 20, 30, 11, 21, 31], [2, 3, 1]);
    expect(reverseSteps(batchFirst, { options: { ...options, batchFirst: true } })).toEqual(
      tensor([30, 20, 10, 31, 21, 11], [2, 3, 1]),
    );
  });

  test('turns each sequence round up to its own length, and leaves what is behind it', () => {
    expect(reverseSteps(sequence, { options, lengths: [2, 3] })).toEqual(tensor([20, 31, 10, 21, 30, 11], [3, 2, 1]));
    expect(reverseSteps(sequence, { options, lengths: [1, 9] })).toEqual(tensor([10, 31, 20, 21, 30, 11], [3, 2, 1]));
  });

  test('of what is no sequence is refused', () => {
    expect(() => reverseSteps(tensor([1, 2]), { options })).toThrow(/^CONGRUENT_SHAPE: reverseSteps: .* got \[2\]\./);
    expect(() => reverseSteps(undefined as never, { options })).toThrow(/^CONGRUENT_SHAPE: reverseSteps: .* undefined/);
  });

  test('turns a sequence without a batch round', () => {
    const alone = tensor([1, 2, 3, 4, 5, 6], [3, 2]);
    for (const batchFirst of [false, true]) {
      expect(reverseSteps(alone, { options: { ...options, batchFirst } })).toEqual(tensor([5, 6, 3, 4, 1, 2], [3, 2]));
    }
  });

  test('twice is not at all, with all features of a step together, and nothing that is given is changed', () => {
    const wide = tensor(
      Float32Array.from({ length: 24 }, (_, i) => i),
      [4, 2, 3],
    );
    const turned = reverseSteps(wide, { options });
    expect([...turned.data.slice(0, 6)]).toEqual([18, 19, 20, 21, 22, 23]);
    expect(reverseSteps(turned, { options })).toEqual(wide);
    expect(wide.data[0]).toBe(0);
  });
});

describe('two directions', () => {
  const output = tensor([1, 2, 30, 40, 5, 6, 70, 80], [2, 1, 4]);

  test('are each for itself', () => {
    expect(splitDirections(output)).toEqual([tensor([1, 2, 5, 6], [2, 1, 2]), tensor([30, 40, 70, 80], [2, 1, 2])]);
  });

  test.each([
    ['sum', [31, 42, 75, 86]],
    ['mul', [30, 80, 350, 480]],
    ['ave', [15.5, 21, 37.5, 43]],
  ] as const)('are one by %s', (merge, expected) => {
    expect(mergeDirections(output, merge)).toEqual(tensor(expected, [2, 1, 2]));
  });

  test('stay side by side where the layer says nothing else', () => {
    expect(mergeDirections(output, undefined)).toBe(output);
  });

  test.each([
    undefined,
    [1, 2],
    { data: [1], shape: [1] },
    tensor([1, 2, 3]),
    { data: Float32Array.of(1), shape: [2] },
  ])('of what has none are refused: %j', (value) => {
    expect(() => splitDirections(value as never)).toThrow(/^CONGRUENT_SHAPE: splitDirections: /);
  });

  test('are of the element type that they were of', () => {
    const double = tensor(Float64Array.of(0.1, 0.2), [1, 1, 2]);
    expect(mergeDirections(double, 'sum').data).toEqual(Float64Array.of(0.1 + 0.2));
  });
});
