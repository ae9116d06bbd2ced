import type { Arithmetic, Interval } from '@congruent/codegen';
import type { GRU, Tensor } from '@congruent/runtime';
import * as fc from 'fast-check';
import { expectInside, expectSameBits } from '../expect/expect.ts';
import { forwardOracle, type Rows } from '../oracle/forward.ts';
import { quickFloat32FlushedInterval, quickFloat32Interval } from '../oracle/quick-arithmetic.ts';
import type { Subject } from '../subject/subject.ts';
import { parameterShapes, type Sizes } from '../vectors/parameter-shapes.ts';
import { sample } from './samples.ts';
import { sequencesOf, statesOf } from './sequences.ts';

/** A GRU and a batch [T, B, I] for it, small enough for the interpreter. */
export interface Example extends Sizes {
  readonly steps: number;
  readonly batch: number;
  /** Decides all numbers. */
  readonly seed: number;
}

/** Any example, with some of its fields fixed. */
export function anyExample(fixed: Partial<Example> = {}): fc.Arbitrary<Example> {
  const size = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
  return fc
    .record({
      inputSize: size(6),
      hiddenSize: size(9),
      numLayers: size(3),
      bias: fc.boolean(),
      bidirectional: fc.boolean(),
      steps: size(6),
      batch: size(4),
      seed: fc.nat(),
    })
    .map((example) => ({ ...example, ...fixed }));
}

/** The numbers of an example. */
export interface ExampleTensors {
  readonly stateDict: Readonly<Record<string, Tensor>>;
  /** [T, B, I] */
  readonly input: Tensor;
  /** [L·D, B, H] */
  readonly h0: Tensor;
}

export function tensorsOf(example: Example, dtype: 'float32' | 'float64' = 'float32'): ExampleTensors {
  const { inputSize, hiddenSize, numLayers, bidirectional, steps, batch, seed } = example;
  const parameters = [...parameterShapes('gru', example)].map(([name, shape], i): [string, Tensor] => [
    name,
    sample(shape, seed + i, dtype, 1 / Math.sqrt(hiddenSize)),
  ]);
  const states = numLayers * (bidirectional ? 2 : 1);
  return {
    stateDict: Object.fromEntries(parameters),
    input: sample([steps, batch, inputSize], seed + 101, dtype, 2),
    h0: sample([states, batch, hiddenSize], seed + 102, dtype),
  };
}

/** The example's GRU with its parameters. */
export async function createExample(
  subject: Subject,
  example: Example,
  stateDict: ExampleTensors['stateDict'],
  more: { readonly batchFirst?: boolean; readonly dtype?: 'float32' | 'float64' } = {},
): Promise<GRU> {
  const { inputSize, hiddenSize, numLayers, bias, bidirectional } = example;
  const gru = await subject.createGRU({ inputSize, hiddenSize, numLayers, bias, bidirectional, ...more });
  gru.loadStateDict(stateDict);
  return gru;
}

/** The interval arithmetic that holds every result of the backend's float32. */
export const intervalsOf = ({ backend }: Subject): Arithmetic<Interval> =>
  backend.supports.subnormals ? quickFloat32Interval : quickFloat32FlushedInterval;

/** What a float32 result can be at all, in any order of summation: [T, B, D·H] and [L·D, B, H], flat. */
export function enclosureOf(
  subject: Subject,
  example: Example,
  tensors: ExampleTensors,
): { output: Interval[]; hn: Interval[] } {
  const { numLayers, bidirectional, batch, hiddenSize } = example;
  const count = numLayers * (bidirectional ? 2 : 1);
  const states = statesOf(tensors.h0, count, batch, hiddenSize);
  const sequences = sequencesOf(tensors.input, { layout: 'padded', batchFirst: false, lengths: null });
  const results = forwardOracle(
    intervalsOf(subject),
    { sizes: example, parameters: tensors.stateDict },
    sequences.map((sequence, b) => ({ sequence, h0: states[b]! })),
  );
  const interleaved = (rows: (result: (typeof results)[number]) => Rows<Interval>): Interval[] =>
    rows(results[0]!).flatMap((_, index) => results.flatMap((result) => rows(result)[index]!));
  return { output: interleaved(({ output }) => output), hn: interleaved(({ hn }) => hn) };
}

/**
 * Two ways to the same numbers agree: bit for bit where the order of summation is the specified one,
 * else as far as any float32 result may differ.
 */
export function expectAgree(
  subject: Subject,
  what: string,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  enclosure: () => readonly Interval[],
): void {
  const same = got.length === expected.length && Array.from(got).every((value, i) => Object.is(value, expected[i]));
  if (subject.backend.supports.deterministic) expectSameBits(what, got, expected);
  else if (!same) expectInside(what, got, enclosure());
}
