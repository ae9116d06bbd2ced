import type { Arithmetic, Interval } from '@congruent/codegen';
import type { Tensor } from '@congruent/runtime';
import * as fc from 'fast-check';
import { expectInside, expectSameBits } from '../expect/expect.ts';
import { type Kind, statesOf } from '../kinds/kind.ts';
import { parameterShapes, type Sizes, stateCount, stateWidths } from '../kinds/sizes.ts';
import { forwardOracle, type Rows } from '../oracle/forward.ts';
import { quickFloat32FlushedInterval, quickFloat32Interval } from '../oracle/quick-arithmetic.ts';
import type { LayersUnderTest } from '../subject/layers.ts';
import type { Subject } from '../subject/subject.ts';
import { sample } from './samples.ts';
import { sequenceStates, sequencesOf } from './sequences.ts';

/** Layers and a batch [T, B, I] for it, small enough for the interpreter. */
export interface Example extends Sizes {
  readonly steps: number;
  readonly batch: number;
  /** Decides all numbers. */
  readonly seed: number;
}

/** Any example of a kind, with some of its fields fixed. */
export function anyExample({ options }: Kind, fixed: Partial<Example> = {}): fc.Arbitrary<Example> {
  const size = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });
  return fc
    .record({
      inputSize: size(6),
      // A projection is smaller than what it projects.
      hiddenSize: options.projSize ? size(9, 2) : size(9),
      numLayers: size(3),
      bias: fc.boolean(),
      bidirectional: fc.boolean(),
      steps: size(6),
      batch: size(4),
      seed: fc.nat(),
    })
    .map((example) => ({ ...example, ...fixed }))
    .map((example) =>
      options.projSize ? { ...example, projSize: 1 + (example.seed % (example.hiddenSize - 1)) } : example,
    );
}

/** The numbers of an example. */
export interface ExampleTensors {
  readonly stateDict: Readonly<Record<string, Tensor>>;
  /** [T, B, I] */
  readonly input: Tensor;
  /** [L·D, B, …], in the cell's order. */
  readonly initial: readonly Tensor[];
}

export function tensorsOf(kind: Kind, example: Example, dtype: 'float32' | 'float64' = 'float32'): ExampleTensors {
  const { inputSize, hiddenSize, steps, batch, seed } = example;
  const parameters = [...parameterShapes(kind, example)].map(([name, shape], i): [string, Tensor] => [
    name,
    sample(shape, seed + i, dtype, 1 / Math.sqrt(hiddenSize)),
  ]);
  return {
    stateDict: Object.fromEntries(parameters),
    input: sample([steps, batch, inputSize], seed + 101, dtype, 2),
    initial: stateWidths(kind, example).map((width, index) =>
      sample([stateCount(example), batch, width], seed + 102 + index, dtype),
    ),
  };
}

/** The example's layers with their parameters. */
export async function createExample(
  subject: Subject,
  example: Example,
  stateDict: ExampleTensors['stateDict'],
  more: { readonly batchFirst?: boolean; readonly dtype?: 'float32' | 'float64' } = {},
): Promise<LayersUnderTest> {
  const { inputSize, hiddenSize, projSize, numLayers, bias, bidirectional } = example;
  const sizes = { inputSize, hiddenSize, ...(projSize && { projSize }) };
  const layers = await subject.createLayers({ ...sizes, numLayers, bias, bidirectional, ...more });
  layers.loadStateDict(stateDict);
  return layers;
}

/** The interval arithmetic that holds every result of the backend's float32. */
export const intervalsOf = ({ backend }: Pick<Subject, 'backend'>): Arithmetic<Interval> =>
  backend.supports.subnormals ? quickFloat32Interval : quickFloat32FlushedInterval;

/** What a float32 result can be at all, in any order of summation: [T, B, D·H] and [L·D, B, …], flat. */
export interface Enclosure {
  readonly output: readonly Interval[];
  readonly last: readonly (readonly Interval[])[];
}

export function enclosureOf(subject: Subject, example: Example, tensors: ExampleTensors): Enclosure {
  const { kind } = subject;
  const states = sequenceStates(tensors.initial, stateCount(example), example.batch, stateWidths(kind, example));
  const sequences = sequencesOf(tensors.input, { layout: 'padded', batchFirst: false, lengths: null });
  const results = forwardOracle(
    intervalsOf(subject),
    { kind, sizes: example, parameters: tensors.stateDict },
    sequences.map((sequence, b) => ({ sequence, initial: states[b]! })),
  );
  const interleaved = (rows: (result: (typeof results)[number]) => Rows<Interval>): Interval[] =>
    rows(results[0]!).flatMap((_, index) => results.flatMap((result) => rows(result)[index]!));
  return {
    output: interleaved(({ output }) => output),
    last: tensors.initial.map((_, index) => interleaved(({ last }) => last[index]!)),
  };
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

/** The same for last states, in the cell's order. */
export function expectStatesAgree(
  subject: Subject,
  what: string,
  got: readonly ArrayLike<number>[],
  expected: readonly ArrayLike<number>[],
  enclosure: () => Enclosure['last'],
): void {
  for (const [index, name] of statesOf(subject.kind, 'n').entries()) {
    expectAgree(subject, `${name}${what}`, got[index]!, expected[index]!, () => enclosure()[index]!);
  }
}

/** States have the bits of others, in the cell's order. */
export function expectSameStates(
  { kind }: Pick<Subject, 'kind'>,
  what: string,
  got: readonly Pick<Tensor, 'data'>[],
  expected: readonly Pick<Tensor, 'data'>[],
): void {
  for (const [index, name] of statesOf(kind, 'n').entries()) {
    expectSameBits(`${name}${what}`, got[index]!.data, expected[index]!.data);
  }
}

/** Each state's numbers. */
export const dataOf = (states: readonly Tensor[]): Tensor['data'][] => states.map(({ data }) => data);
