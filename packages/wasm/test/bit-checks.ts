import * as scalar from '@congruent/scalar';
import * as fc from 'fast-check';
import * as wasm from '../src/index.ts';
import '../src/float64.ts';
import { firstDifference, numbers } from './examples.ts';

/** Sizes on both sides of every border: a vector, a pair, a panel, a tile, a block of the sum. */
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
  const { inputSize, hiddenSize, numLayers, dtype, lengths, packed, scale, seed } = given;
  const batch = lengths.length;
  const steps = Math.max(...lengths);
  const values = numbers(dtype, steps * batch * inputSize, seed).map((value: number) => value * scale);
  const padded = wasm.tensor(values, [steps, batch, inputSize]);
  const input = packed ? wasm.packPaddedSequence(padded, lengths, { enforceSorted: false }) : padded;
  const directions = given.bidirectional ? 2 : 1;
  const h0 = wasm.tensor(numbers(dtype, numLayers * directions * batch * hiddenSize, seed + 1), [
    numLayers * directions,
    batch,
    hiddenSize,
  ]);
  const [got, wanted] = [wasm, scalar].map(({ GRU }) => {
    using gru = GRU.createSync(options(given));
    const { output, hn } = gru.forward(input, h0);
    return [('data' in output && 'shape' in output.data ? output.data : output) as wasm.Tensor, hn];
  }) as [wasm.Tensor[], wasm.Tensor[]];
  const differing = got.map(({ data }, index) => firstDifference(data, wanted[index]!.data));
  return differing.every((index) => index < 0) ? undefined : `output[${differing[0]}], hn[${differing[1]}]`;
}

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
