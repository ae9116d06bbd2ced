import * as scalar from '@congruent/scalar';
import * as fc from 'fast-check';
import '@congruent/scalar/sync/gru_reset_before';
import '@congruent/scalar/sync/lstm_projected';
import '@congruent/scalar/sync/rnn_relu';
import * as wasm from '../src/index.ts';
import '../src/generated/gru.float64.sync.ts';
import '../src/generated/gru_reset_before.float32.sync.ts';
import '../src/generated/gru_reset_before.float64.sync.ts';
import '../src/generated/lstm.float64.sync.ts';
import '../src/generated/lstm_projected.float32.sync.ts';
import '../src/generated/lstm_projected.float64.sync.ts';
import '../src/generated/rnn_relu.float32.sync.ts';
import '../src/generated/rnn_relu.float64.sync.ts';
import '../src/generated/rnn_tanh.float64.sync.ts';
import { numbers } from '../../../tools/testing/numbers.ts';

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
type States = wasm.Tensor | readonly wasm.Tensor[];

/** What results and gradients are called beside the output: `hn`, `cn`; `input`, `h0`, `c0`. */
type Named = Readonly<Record<string, wasm.Tensor>>;

/** What the three classes have in common. */
interface Layers extends Disposable {
  train(): void;
  forward(input: wasm.Tensor | wasm.PackedSequence, states?: States): Results;
  vjp(input: wasm.Tensor | wasm.PackedSequence, states?: States): Results & { pullback(cotangents: object): Gradients };
  stream(options: { batchSize: number }): { step(x: wasm.FloatArray): wasm.FloatArray; readonly state: States };
}

type Results = { readonly output: wasm.Tensor | wasm.PackedSequence } & {
  readonly hn: wasm.Tensor;
  readonly cn?: wasm.Tensor;
};
type Gradients = { readonly input: wasm.Tensor | wasm.PackedSequence; readonly parameters: Named } & {
  readonly h0: wasm.Tensor;
  readonly c0?: wasm.Tensor;
};

function layersOf(backend: typeof scalar, given: Case, more: object = {}): Layers {
  const { kind, otherCell, lengths: _, packed: __, scale: ___, ...options } = given;
  const other = { GRU: { resetAfter: false }, LSTM: { projSize: projSizeOf(given) }, RNN: { nonlinearity: 'relu' } }[
    kind
  ];
  const made = backend[kind] as unknown as { createSync(options: object): Layers };
  return made.createSync({ ...options, ...(otherCell && other), ...more });
}

const projSizeOf = ({ hiddenSize }: Case): number => Math.floor(hiddenSize / 2);

/** Where a sequence's results differ between wasm and scalar; undefined where they are the same bits. */
export function sequenceDifference(given: Case): string | undefined {
  const { input, states } = operandsOf(given);
  return differenceOf((backend) => {
    using layers = layersOf(backend, given);
    const { output, ...last } = layers.forward(input, states);
    return { output: tensorOf(output), ...last };
  });
}

/** The same for gradients, in training mode with dropout, and for what is recorded on the way. */
export function gradientDifference(given: Case): string | undefined {
  const { input, states } = operandsOf(given);
  const { dtype, seed } = given;
  return differenceOf((backend) => {
    using layers = layersOf(backend, given, { dropout: given.numLayers > 1 ? 0.3 : 0 });
    layers.train();
    const { output, pullback, ...last } = layers.vjp(input, states);
    const cotangentOf = ({ data, shape }: wasm.Tensor, offset: number): wasm.Tensor =>
      wasm.tensor(numbers(dtype, data.length, seed + offset), shape);
    const outputCotangent = isPacked(output)
      ? { ...output, data: cotangentOf(output.data, 2) }
      : cotangentOf(output, 2);
    const lastCotangents = Object.entries(last).map(([name, value], at) => [name, cotangentOf(value, 3 + at)]);
    const found = pullback({ output: outputCotangent, ...Object.fromEntries(lastCotangents) });
    const { input: dx, parameters, ...first } = found;
    return { output: tensorOf(output), ...last, input: tensorOf(dx), ...first, ...parameters };
  });
}

function operandsOf(given: Case): { input: wasm.Tensor | wasm.PackedSequence; states: States } {
  const { kind, otherCell, inputSize, hiddenSize, numLayers, dtype, lengths, packed, scale, seed } = given;
  const batch = lengths.length;
  const steps = Math.max(...lengths);
  const values = numbers(dtype, steps * batch * inputSize, seed).map((value: number) => value * scale);
  const padded = wasm.tensor(values, [steps, batch, inputSize]);
  const input = packed ? wasm.packPaddedSequence(padded, lengths, { enforceSorted: false }) : padded;
  const count = numLayers * (given.bidirectional ? 2 : 1);
  const stateOf = (width: number, offset: number): wasm.Tensor =>
    wasm.tensor(numbers(dtype, count * batch * width, seed + offset), [count, batch, width]);
  const width = kind === 'LSTM' && otherCell ? projSizeOf(given) || hiddenSize : hiddenSize;
  return { input, states: kind === 'LSTM' ? [stateOf(width, 1), stateOf(hiddenSize, 4)] : stateOf(hiddenSize, 1) };
}

/** Where the results of the two backends differ, by name. */
function differenceOf(run: (backend: typeof scalar) => Named): string | undefined {
  const [got, wanted] = [run(wasm), run(scalar)];
  const differing = Object.entries(wanted).flatMap(([name, { data }]) => {
    const at = firstDifference(got[name]!.data, data);
    return at < 0 ? [] : [`${name}[${at}]`];
  });
  return differing.length === 0 ? undefined : differing.join();
}

const isPacked = (output: wasm.Tensor | wasm.PackedSequence): output is wasm.PackedSequence => 'batchSizes' in output;

const tensorOf = (output: wasm.Tensor | wasm.PackedSequence): wasm.Tensor => (isPacked(output) ? output.data : output);

/** The same for a stream of 20 steps, with a sequence in between that makes the memory grow. */
export function streamDifference(given: Case): string | undefined {
  const { inputSize, dtype, lengths, seed } = given;
  const batch = lengths.length;
  using one = layersOf(wasm, given, { bidirectional: false });
  using other = layersOf(scalar, given, { bidirectional: false });
  const [a, b] = [one.stream({ batchSize: batch }), other.stream({ batchSize: batch })];
  for (let step = 0; step < 20; step++) {
    const x = numbers(dtype, batch * inputSize, seed + step);
    const [got, wanted] = [a.step(x), b.step(x)];
    if (step === 7) one.forward(wasm.tensor(numbers(dtype, 3000 * inputSize, seed), [3000, inputSize]));
    const at = firstDifference(got, wanted);
    if (at >= 0) return `step ${step}, element ${at}`;
  }
  const [got, wanted] = [a.state, b.state].map((states) => [states].flat() as readonly wasm.Tensor[]);
  const at = wanted!.map(({ data }, index) => firstDifference(got![index]!.data, data));
  return at.every((each) => each < 0) ? undefined : `states, elements ${at}`;
}

/** Where two arrays first differ in their bits, NaNs being alike; −1 where they do not. */
function firstDifference(a: wasm.FloatArray, b: wasm.FloatArray): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  for (let index = 0; index < a.length; index++) if (!Object.is(a[index], b[index])) return index;
  return -1;
}
