import type { PackedSequence, Tensor } from '@congruent/runtime';
import { recordedBound } from '../expect/bounds.ts';
import { expect, expectEqual, expectSameBits, expectWithin } from '../expect/expect.ts';
import type { Subject } from '../subject/subject.ts';
import {
  type Cotangent,
  costOf,
  decode,
  type Operands,
  operandsOf,
  type RecordedCase,
  type Topic,
  type VectorCase,
  vectors,
} from '../vectors/vectors.ts';
import type { Check, Outcome } from './check.ts';
import { refuseFloat64 } from './gradients/training.ts';

const LABELS: Readonly<Record<Topic, string>> = {
  configurations: 'P1 P2 P3 P5 P6 P7',
  sizes: 'E1 E2 E3 E4',
  packed: 'P4',
  cell: 'P8',
  asymmetric: 'E1 E2 E3 E4',
  extremes: 'E6 E7',
  nonfinite: 'C20',
  float64: 'C9',
};

/** One check for each recorded case: shapes are PyTorch's, and values as near to PyTorch's in float64 as its own in float32. */
export const vectorChecks: readonly Check[] = Object.entries(vectors).flatMap(([topic, cases]) =>
  cases.map(
    (vector): Check => ({
      group: `vectors: ${topic}`,
      title: `${LABELS[topic as Topic]}: ${topic}/${vector.name} is within its bound of PyTorch`,
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
  if (vector.expected.output) expectRecorded(subject, vector, 'output', result.output!);
  expectRecorded(subject, vector, 'hn', result.hn);
  expectUntouched(vector, operands);
  return 'passed';
}

/** What the backend gives for a recorded case. */
export interface VectorResult {
  /** Left out for a GRUCell. */
  readonly output: Tensor | PackedSequence | undefined;
  readonly hn: Tensor;
}

/** Runs a recorded case through the public surface. */
export async function runVector(subject: Subject, vector: RecordedCase, operands: Operands): Promise<VectorResult> {
  const { config, dtype, layout, lengths, enforceSorted } = vector;
  const { stateDict, input, h0 } = operands;
  if (vector.kind === 'cell') {
    const { inputSize, hiddenSize, bias } = config;
    using cell = await subject.createCell({ inputSize, hiddenSize, bias, dtype });
    cell.loadStateDict(stateDict);
    return { output: undefined, hn: await cell.forward(input, h0) };
  }
  using gru = await subject.createGRU({ ...config, dtype });
  gru.loadStateDict(stateDict);
  if (layout !== 'packed') return await gru.forward(input, h0);
  const packed = subject.packPaddedSequence(input, lengths!, { batchFirst: config.batchFirst, enforceSorted });
  return await gru.forward(packed, h0);
}

function expectRecorded(
  subject: Subject,
  vector: VectorCase,
  name: 'output' | 'hn',
  result: Tensor | PackedSequence,
): void {
  const recorded = vector.expected[name]!;
  const what = `${vector.name}: ${name}`;
  let expected: Tensor = { data: decode(recorded), shape: recorded.shape };
  let got = result as Tensor;
  if ('batchSizes' in result) {
    const { batchSizes, sortedIndices, unsortedIndices } = vector.expected.output!;
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
export function expectUntouched(vector: RecordedCase, { stateDict, input, h0, cotangents }: Operands): void {
  const fresh = operandsOf(vector);
  expectSameBits(`${vector.name}: the caller's input after the call`, input.data, fresh.input.data);
  if (h0) expectSameBits(`${vector.name}: the caller's h0 after the call`, h0.data, fresh.h0!.data);
  for (const [name, { data }] of Object.entries(fresh.cotangents)) {
    expectSameBits(
      `${vector.name}: the caller's gradient of ${name} after the call`,
      cotangents[name as Cotangent]!.data,
      data,
    );
  }
  for (const [name, { data }] of Object.entries(fresh.stateDict)) {
    expectSameBits(`${vector.name}: the caller's ${name} after the call`, stateDict[name]!.data, data);
  }
}
