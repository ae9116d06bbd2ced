// Whether a deterministic backend has the bits of @congruent/scalar, for any layers and any sequence.
import type { FloatArray, PackedSequence, Tensor } from '@congruent/scalar';
import * as scalar from '@congruent/scalar';
import * as fc from 'fast-check';
import '@congruent/scalar/sync/gru_reset_before';
import '@congruent/scalar/sync/lstm_projected';
import '@congruent/scalar/sync/rnn_relu';
import { expect, test } from 'vitest';
import { numbers } from './numbers.ts';

/** Sizes on both sides of every border: a vector, four abreast, a panel, a tile, a turn of columns, a block of the sum. */
const size: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.constantFrom(15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129),
);

/** Any layers with any sequence: padded or packed, forward or in both directions. */
export const anyCase: fc.Arbitrary<Case> = fc.record({
  kind: fc.constantFrom('GRU', 'LSTM', 'RNN'),
  otherCell: fc.boolean(),
  inputSize: size,
  hiddenSize: size,
  numLayers: fc.integer({ min: 1, max: 2 }),
  bias: fc.boolean(),
  bidirectional: fc.boolean(),
  dtype: fc.constantFrom('float32', 'float64'),
  seed: fc.integer({ min: 0, max: 999 }),
  lengths: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 11 }),
  packed: fc.boolean(),
  scale: fc.constantFrom(1, 1e-30, 40),
});

export interface Case {
  readonly kind: 'GRU' | 'LSTM' | 'RNN';
  /** Whether the class has the option that makes it run its other cell. */
  readonly otherCell: boolean;
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bias: boolean;
  readonly bidirectional: boolean;
  readonly dtype: 'float32' | 'float64';
  readonly seed: number;
  readonly lengths: readonly number[];
  readonly packed: boolean;
  readonly scale: number;
}

/** The states of a layer: a tensor, or an array of several. */
type States = Tensor | readonly Tensor[];

/** What results and gradients are called beside the output: `hn`, `cn`; `input`, `h0`, `c0`. */
type Named = Readonly<Record<string, Tensor>>;

/** What the three classes have in common. */
interface Layers extends Disposable {
  train(): void;
  forward(input: Tensor | PackedSequence, states?: States): Results;
  vjp(input: Tensor | PackedSequence, states?: States): Results & { pullback(cotangents: object): Gradients };
  stream(options: { batchSize: number }): { step(x: FloatArray): FloatArray; readonly state: States };
}

type Results = { readonly output: Tensor | PackedSequence } & {
  readonly hn: Tensor;
  readonly cn?: Tensor;
};
type Gradients = { readonly input: Tensor | PackedSequence; readonly parameters: Named } & {
  readonly h0: Tensor;
  readonly c0?: Tensor;
};

function layersOf({ backend, own }: Tested, given: Case, more: object = {}): Layers {
  const { kind, otherCell, lengths: _, packed: __, scale: ___, ...options } = given;
  const other = { GRU: { resetAfter: false }, LSTM: { projSize: projSizeOf(given) }, RNN: { nonlinearity: 'relu' } }[
    kind
  ];
  const made = backend[kind] as unknown as { createSync(options: object): Layers };
  return made.createSync({ ...options, ...(otherCell && other), ...more, ...own });
}

const projSizeOf = ({ hiddenSize }: Case): number => Math.floor(hiddenSize / 2);

/** What a backend gives and @congruent/scalar does not, by name; undefined where they have the same bits. */
export interface Differences {
  ofSequence(given: Case): string | undefined;
  /** In training mode with dropout, with what is recorded on the way. */
  ofGradients(given: Case): string | undefined;
  /** Of 20 steps, with a sequence in between that makes memory grow. */
  ofStream(given: Case): string | undefined;
}

/**
 * The differences of a backend.
 *
 * @param own  its own options
 */
export const differencesOf = (backend: object, own: object = {}): Differences => {
  const tested: Tested = { backend: backend as typeof scalar, own };
  return {
    ofSequence: (given) => sequenceDifference(tested, given),
    ofGradients: (given) => gradientDifference(tested, given),
    ofStream: (given) => streamDifference(tested, given),
  };
};

/** Registers the tests of a backend in Node. */
export function bitsAreThoseOfScalar({ ofSequence, ofGradients, ofStream }: Differences): void {
  const none = (differenceIn: Differences['ofSequence'], numRuns: number): void =>
    fc.assert(
      fc.property(anyCase, (given) => {
        expect(differenceIn(given)).toBeUndefined();
      }),
      { numRuns, seed: 1 },
    );

  test('E5: any sequence has the bits of @congruent/scalar: all sizes, padded and packed, both directions, both dtypes', () => {
    none(ofSequence, 150);
  });

  test('E5: the gradients of any sequence have the bits of @congruent/scalar, dropout included', () => {
    none(ofGradients, 100);
  });

  test('E5: any stream has the bits of @congruent/scalar, also when a sequence makes the memory grow', () => {
    none(ofStream, 40);
  });

  test.each(['GRU', 'LSTM', 'RNN'] as const)(
    'E5: %s: every hidden size from 1 to 70 has the bits of @congruent/scalar, forwards and backwards',
    (kind) => {
      const sizes = Array.from({ length: 70 }, (_, index) => index + 1);
      const different = sizes.filter((hiddenSize) =>
        ofGradients({
          kind,
          otherCell: hiddenSize % 3 === 0,
          inputSize: 71 - hiddenSize,
          hiddenSize,
          numLayers: 1,
          bias: true,
          bidirectional: true,
          dtype: hiddenSize % 2 === 0 ? 'float32' : 'float64',
          seed: hiddenSize,
          lengths: [3, 1, 2, 2, 3],
          packed: true,
          scale: 1,
        }),
      );
      expect(different).toEqual([]);
    },
  );
}

interface Tested {
  readonly backend: typeof scalar;
  readonly own: object;
}

const REFERENCE: Tested = { backend: scalar, own: {} };

function sequenceDifference(tested: Tested, given: Case): string | undefined {
  const { input, states } = operandsOf(given);
  return differenceOf(tested, (each) => {
    using layers = layersOf(each, given);
    const { output, ...last } = layers.forward(input, states);
    return { output: tensorOf(output), ...last };
  });
}

function gradientDifference(tested: Tested, given: Case): string | undefined {
  const { input, states } = operandsOf(given);
  const { dtype, seed } = given;
  return differenceOf(tested, (each) => {
    using layers = layersOf(each, given, { dropout: given.numLayers > 1 ? 0.3 : 0 });
    layers.train();
    const { output, pullback, ...last } = layers.vjp(input, states);
    const cotangentOf = ({ data, shape }: Tensor, offset: number): Tensor =>
      scalar.tensor(numbers(dtype, data.length, seed + offset), shape);
    const outputCotangent = isPacked(output)
      ? { ...output, data: cotangentOf(output.data, 2) }
      : cotangentOf(output, 2);
    const lastCotangents = Object.entries(last).map(([name, value], at) => [name, cotangentOf(value, 3 + at)]);
    const found = pullback({ output: outputCotangent, ...Object.fromEntries(lastCotangents) });
    const { input: dx, parameters, ...first } = found;
    return { output: tensorOf(output), ...last, input: tensorOf(dx), ...first, ...parameters };
  });
}

function operandsOf(given: Case): { input: Tensor | PackedSequence; states: States } {
  const { kind, otherCell, inputSize, hiddenSize, numLayers, dtype, lengths, packed, scale, seed } = given;
  const batch = lengths.length;
  const steps = Math.max(...lengths);
  const values = numbers(dtype, steps * batch * inputSize, seed).map((value: number) => value * scale);
  const padded = scalar.tensor(values, [steps, batch, inputSize]);
  const input = packed ? scalar.packPaddedSequence(padded, lengths, { enforceSorted: false }) : padded;
  const count = numLayers * (given.bidirectional ? 2 : 1);
  const stateOf = (width: number, offset: number): Tensor =>
    scalar.tensor(numbers(dtype, count * batch * width, seed + offset), [count, batch, width]);
  const width = kind === 'LSTM' && otherCell ? projSizeOf(given) || hiddenSize : hiddenSize;
  return { input, states: kind === 'LSTM' ? [stateOf(width, 1), stateOf(hiddenSize, 4)] : stateOf(hiddenSize, 1) };
}

/** Where the results of the two backends differ, by name. */
function differenceOf(tested: Tested, run: (each: Tested) => Named): string | undefined {
  const [got, wanted] = [run(tested), run(REFERENCE)];
  const differing = Object.entries(wanted).flatMap(([name, { data }]) => {
    const at = firstDifference(got[name]!.data, data);
    return at < 0 ? [] : [`${name}[${at}]`];
  });
  return differing.length === 0 ? undefined : differing.join();
}

const isPacked = (output: Tensor | PackedSequence): output is PackedSequence => 'batchSizes' in output;

const tensorOf = (output: Tensor | PackedSequence): Tensor => (isPacked(output) ? output.data : output);

function streamDifference(tested: Tested, given: Case): string | undefined {
  const { inputSize, dtype, lengths, seed } = given;
  const batch = lengths.length;
  using one = layersOf(tested, given, { bidirectional: false });
  using other = layersOf(REFERENCE, given, { bidirectional: false });
  const [a, b] = [one.stream({ batchSize: batch }), other.stream({ batchSize: batch })];
  for (let step = 0; step < 20; step++) {
    const x = numbers(dtype, batch * inputSize, seed + step);
    const [got, wanted] = [a.step(x), b.step(x)];
    if (step === 7) one.forward(scalar.tensor(numbers(dtype, 3000 * inputSize, seed), [3000, inputSize]));
    const at = firstDifference(got, wanted);
    if (at >= 0) return `step ${step}, element ${at}`;
  }
  const [got, wanted] = [a.state, b.state].map((states) => [states].flat() as readonly Tensor[]);
  const at = wanted!.map(({ data }, index) => firstDifference(got![index]!.data, data));
  return at.every((each) => each < 0) ? undefined : `states, elements ${at}`;
}

/** Where two arrays first differ in their bits, NaNs being alike; −1 where they do not. */
function firstDifference(a: FloatArray, b: FloatArray): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  for (let index = 0; index < a.length; index++) if (!Object.is(a[index], b[index])) return index;
  return -1;
}
