import { type Tensor, tensor } from '@congruent/runtime';
import { expect, test } from 'vitest';

/** What the cell rnn_tanh calls its operands, results and sizes. */
export interface RnnNames {
  readonly inputs: readonly ['x'];
  readonly states: readonly ['h'];
  readonly outputs: readonly ['h'];
  readonly sizes: 'I' | 'H';
}

interface Made<O> {
  createSync(options: O): Disposable & {
    vjp(input: Tensor): { readonly output: Tensor; pullback(gradients: { readonly output: Tensor }): object };
  };
}

interface OwnSizes {
  readonly sizes: { readonly I: number; readonly H: number };
}

interface Stack {
  readonly numLayers: number;
  readonly seed: number;
}

/**
 * Registers the tests of classes of a generated cell.
 *
 * @param RNN   the backend's class that runs rnn_tanh
 * @param own   makes the class of that cell's layers, and that of its single steps, called OwnCell
 * @param more  options of the layers of the former
 */
export function generatedClassIsTheSame(
  RNN: Made<Stack & { readonly inputSize: number; readonly hiddenSize: number }>,
  own: () => {
    readonly Own: Made<OwnSizes & Stack>;
    readonly OwnCell: { createSync(options: OwnSizes): Disposable & { forward(x: Tensor): unknown } };
  },
  more: object = {},
): void {
  test('the class of a generated cell has the bits of the class that runs the same cell', () => {
    using generated = own().Own.createSync({ sizes: { I: 2, H: 3 }, numLayers: 2, seed: 4, ...more });
    using rnn = RNN.createSync({ inputSize: 2, hiddenSize: 3, numLayers: 2, seed: 4 });
    const input = tensor([1, 2, 3, 4], [2, 1, 2]);
    const [a, b] = [generated.vjp(input), rnn.vjp(input)];
    expect(a.output).toEqual(b.output);
    expect(a.pullback({ output: a.output })).toEqual(b.pullback({ output: b.output }));
  });

  test('the class of its single steps has the name that was given', () => {
    using cell = own().OwnCell.createSync({ sizes: { I: 2, H: 3 } });
    expect(() => cell.forward(tensor([1, 2, 3]))).toThrow(/OwnCell\.forward/);
  });
}
