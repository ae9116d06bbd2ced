import type { PackedSequence, Tensor } from '@congruent/runtime';
import { recordedBound } from '../expect/bounds.ts';
import { expect, expectEqual, expectSameBits, expectWithin } from '../expect/expect.ts';
import { type Kind, statesOf } from '../kinds/kind.ts';
import type { Subject } from '../subject/subject.ts';
import {
  casesOf,
  costOf,
  decode,
  hasNumbers,
  isCell,
  type Operands,
  operandsOf,
  type RecordedCase,
  type VectorCase,
  vectors,
} from '../vectors/vectors.ts';
import type { KindCheck, Outcome } from './check.ts';
import { refuseFloat64 } from './gradients/training.ts';

/** Of the topics that have files of their own; in the others each case is about what it is made of. */
const LABELS: Readonly<Record<string, string>> = {
  configurations: 'P1 P2 P3 P5 P6 P7',
  sizes: 'E1 E2 E3 E4',
  packed: 'P4',
  cell: 'P8',
  asymmetric: 'E1 E2 E3 E4',
  extremes: 'E6 E7',
  nonfinite: 'C20',
  float64: 'C9',
};

function labelsOf({ equations }: Kind, topic: string, vector: RecordedCase): string {
  return LABELS[topic] ?? LABELS[topicOf(vector)] ?? equations;
}

function topicOf(vector: RecordedCase): string {
  if (isCell(vector)) return 'cell';
  if (vector.dtype === 'float64') return 'float64';
  if (vector.layout === 'packed') return 'packed';
  if (!hasNumbers(vector)) return 'nonfinite';
  return vector.name.includes('_layers_') ? 'configurations' : 'equations';
}

/** One check for each recorded case: shapes are PyTorch's, and values as near to PyTorch's in float64 as its own in float32. */
export const vectorChecks = (kind: Kind): readonly KindCheck[] =>
  casesOf(vectors, kind).flatMap(({ topic, cases }) =>
    cases.map(
      (vector): KindCheck => ({
        group: `vectors: ${topic}`,
        title: `${labelsOf(kind, topic, vector)}: ${topic}/${vector.name} is within its bound of PyTorch`,
        cost: costOf(vector),
        run: (subject) => checkVector(subject, vector),
      }),
    ),
  );

async function checkVector(subject: Subject, vector: VectorCase): Promise<Outcome> {
  if (vector.dtype === 'float64' && !subject.backend.supports.float64) {
    return await refuseFloat64(subject);
  }
  const operands = operandsOf(vector);
  const result = await runVector(subject, vector, operands);
  for (const [name, tensor] of namedResults(subject, result)) expectRecorded(subject, vector, name, tensor);
  expectUntouched(subject, vector, operands);
  return 'passed';
}

/** What the backend gives for a recorded case. */
export interface VectorResult {
  /** Left out for a cell. */
  readonly output: Tensor | PackedSequence | undefined;
  /** The last states, in the cell's order. */
  readonly last: readonly Tensor[];
}

/** By name: `output` where there is one, `hn`, `cn`. */
export function namedResults(
  { kind }: Pick<Subject, 'kind'>,
  { output, last }: VectorResult,
): [name: string, Tensor | PackedSequence][] {
  const states = statesOf(kind, 'n').map((name, index): [string, Tensor] => [name, last[index]!]);
  return output ? [['output', output], ...states] : states;
}

/** Runs a recorded case through the public surface. */
export async function runVector(subject: Subject, vector: RecordedCase, operands: Operands): Promise<VectorResult> {
  const { config, dtype, layout, lengths, enforceSorted } = vector;
  const { stateDict, input, initial } = operands;
  if (isCell(vector)) {
    const { inputSize, hiddenSize, bias } = config;
    using cell = await subject.createCell({ inputSize, hiddenSize, bias, dtype });
    cell.loadStateDict(stateDict);
    return { output: undefined, last: await cell.forward(input, initial) };
  }
  using layers = await subject.createLayers({ ...config, dtype });
  layers.loadStateDict(stateDict);
  if (layout !== 'packed') return await layers.forward(input, initial);
  const packed = subject.packPaddedSequence(input, lengths!, { batchFirst: config.batchFirst, enforceSorted });
  return await layers.forward(packed, initial);
}

function expectRecorded(subject: Subject, vector: VectorCase, name: string, result: Tensor | PackedSequence): void {
  const recorded = vector.expected[name]!;
  const what = `${vector.name}: ${name}`;
  let expected: Tensor = { data: decode(recorded), shape: recorded.shape };
  let got = result as Tensor;
  if ('batchSizes' in result) {
    const { batchSizes, sortedIndices, unsortedIndices } = recorded;
    expectEqual(`${what}.batchSizes`, result.batchSizes, batchSizes);
    expectEqual(`${what}.data: shape`, result.data.shape, expected.shape);
    // Padded, because torch leaves the order of equally long sequences open.
    const wanted = { data: expected, batchSizes, sortedIndices, unsortedIndices } as PackedSequence;
    expected = subject.padPackedSequence(wanted).output;
    got = subject.padPackedSequence(result).output;
    expectOrder(what, result, sortedIndices === null);
  }
  expectEqual(`${what}: shape`, got.shape, expected.shape);
  const type = vector.dtype === 'float64' ? 'Float64Array' : 'Float32Array';
  expectEqual(`${what}: array type`, got.data.constructor.name, type);
  const { subnormals } = subject.backend.supports;
  const bound = recordedBound(vector.dtype, expected.data, vector.torchError?.[name], subnormals);
  expectWithin(what, got.data, expected.data, bound);
}

function expectOrder(what: string, { sortedIndices, unsortedIndices }: PackedSequence, inOrder: boolean): void {
  expect((sortedIndices === null) === inOrder, `${what}: sortedIndices is ${sortedIndices}`);
  sortedIndices?.forEach((from, to) => {
    expectEqual(`${what}.unsortedIndices[${from}]`, unsortedIndices?.[from], to);
  });
}

/** The caller's arrays have the bits they were made with. */
export function expectUntouched({ kind }: Pick<Subject, 'kind'>, vector: RecordedCase, operands: Operands): void {
  const [all, fresh] = [operands, operandsOf(vector)].map(({ stateDict, input, initial = [], cotangents }) => ({
    ...stateDict,
    input,
    ...Object.fromEntries(statesOf(kind, '0').map((name, index) => [name, initial[index]])),
    ...Object.fromEntries(Object.entries(cotangents).map(([name, tensor]) => [`gradient of ${name}`, tensor])),
  })) as Record<string, Tensor | undefined>[];
  for (const [name, tensor] of Object.entries(fresh!)) {
    if (tensor) expectSameBits(`${vector.name}: the caller's ${name} after the call`, all![name]!.data, tensor.data);
  }
}
