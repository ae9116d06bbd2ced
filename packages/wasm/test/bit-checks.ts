import * as scalar from '@congruent/scalar';
import * as fc from 'fast-check';
import * as wasm from '../src/index.ts';
import '../src/float64.ts';
import { numbers } from '../../../tools/testing/numbers.ts';

/** Sizes on both sides of every border: a vector, four abreast, a panel, a tile, a turn of columns, a block of the sum. */
const size: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.constantFrom(15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129),
);

/** Any GRU with any sequence: padded or packed, forward or in both directions. */
export const anyCase: fc.Arbitrary<Case> = fc.record({
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

/** Where a sequence's results differ between wasm and scalar; undefined where they are the same bits. */
export function sequenceDifference(given: Case): string | undefined {
  const { input, h0 } = operandsOf(given);
  return differenceOf(({ GRU }) => {
    using gru = GRU.createSync(options(given));
    const { output, hn } = gru.forward(input, h0);
    return { output: tensorOf(output), hn };
  });
}

/** The same for gradients, in training mode with dropout, and for what is recorded on the way. */
export function gradientDifference(given: Case): string | undefined {
  const { input, h0 } = operandsOf(given);
  const { dtype, seed } = given;
  return differenceOf(({ GRU }) => {
    using gru = GRU.createSync({ ...options(given), dropout: given.numLayers > 1 ? 0.3 : 0 });
    gru.train();
    const { output, hn, pullback } = gru.vjp(input, h0);
    const cotangentOf = ({ data, shape }: wasm.Tensor, offset: number): wasm.Tensor =>
      wasm.tensor(numbers(dtype, data.length, seed + offset), shape);
    const outputCotangent = isPacked(output)
      ? { ...output, data: cotangentOf(output.data, 2) }
      : cotangentOf(output, 2);
    const found = pullback({ output: outputCotangent as typeof output, hn: cotangentOf(hn, 3) });
    return { output: tensorOf(output), hn, input: tensorOf(found.input), h0: found.h0, ...found.parameters };
  });
}

function operandsOf(given: Case): { input: wasm.Tensor | wasm.PackedSequence; h0: wasm.Tensor } {
  const { inputSize, hiddenSize, numLayers, dtype, lengths, packed, scale, seed } = given;
  const batch = lengths.length;
  const steps = Math.max(...lengths);
  const values = numbers(dtype, steps * batch * inputSize, seed).map((value: number) => value * scale);
  const padded = wasm.tensor(values, [steps, batch, inputSize]);
  const input = packed ? wasm.packPaddedSequence(padded, lengths, { enforceSorted: false }) : padded;
  const states = numLayers * (given.bidirectional ? 2 : 1);
  const h0 = numbers(dtype, states * batch * hiddenSize, seed + 1);
  return { input, h0: wasm.tensor(h0, [states, batch, hiddenSize]) };
}

/** Where the results of the two backends differ, by name. */
function differenceOf(run: (backend: typeof scalar) => Readonly<Record<string, wasm.Tensor>>): string | undefined {
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
  using one = wasm.GRU.createSync({ ...options(given), bidirectional: false });
  using other = scalar.GRU.createSync({ ...options(given), bidirectional: false });
  const [a, b] = [one.stream({ batchSize: batch }), other.stream({ batchSize: batch })];
  for (let step = 0; step < 20; step++) {
    const x = numbers(dtype, batch * inputSize, seed + step);
    const [got, wanted] = [a.step(x), b.step(x)];
    if (step === 7) one.forward(wasm.tensor(numbers(dtype, 3000 * inputSize, seed), [3000, inputSize]));
    const at = firstDifference(got, wanted);
    if (at >= 0) return `step ${step}, element ${at}`;
  }
  const at = firstDifference(a.state.data, b.state.data);
  return at < 0 ? undefined : `state, element ${at}`;
}

const options = ({ lengths: _, packed: __, scale: ___, ...rest }: Case) => rest;

/** Where two arrays first differ in their bits, NaNs being alike; −1 where they do not. */
function firstDifference(a: wasm.FloatArray, b: wasm.FloatArray): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  for (let index = 0; index < a.length; index++) if (!Object.is(a[index], b[index])) return index;
  return -1;
}
