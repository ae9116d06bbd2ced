import { gradientBound } from '../../expect/bounds.ts';
import { expectEqual, expectWithin } from '../../expect/expect.ts';
import { type Kind, statesOf } from '../../kinds/kind.ts';
import type { Subject } from '../../subject/subject.ts';
import { type GradientCase, gradientVectors } from '../../vectors/gradient-vectors.ts';
import { casesOf, costOf, decode, isCell, operandsOf } from '../../vectors/vectors.ts';
import type { KindCheck, Outcome } from '../check.ts';
import { expectUntouched, runVector } from '../vectors.ts';
import { expectSameResults, type GradientResult, PASSES, padded, runGradient } from './run.ts';
import { refuseFloat64, refuseTraining } from './training.ts';

/** Of the topics that have files of their own; in the others each case is about what it is made of. */
const LABELS: Readonly<Record<string, string>> = {
  configurations: 'E10 E11 P11',
  packed: 'E11 P12',
  dropout: 'E12',
  cell: 'E10 P13',
  extremes: 'E10 E11',
  float64: 'E10 E11 C9',
};

function labelsOf(topic: string, vector: GradientCase): string {
  return LABELS[topic] ?? LABELS[topicOf(vector)]!;
}

function topicOf(vector: GradientCase): string {
  if (isCell(vector)) return 'cell';
  if (vector.config.dropout > 0) return 'dropout';
  if (vector.dtype === 'float64') return 'float64';
  if (vector.layout === 'packed') return 'packed';
  return vector.name.includes('_layers_') ? 'configurations' : 'extremes';
}

/** Every way to call `vjp` is in some recorded case. */
export const recordChecks = (kind: Kind): readonly KindCheck[] =>
  casesOf(gradientVectors, kind).map(({ topic, cases }) => ({
    group: 'gradients',
    title: `P11 C29: output and ${statesOf(kind, 'n').join(' and ')} of vjp have the bits of forward in every case of gradients/${topic}`,
    cost: cases.reduce((sum, vector) => sum + PASSES * costOf(vector), 0),
    run: (subject) => checkRecorded(subject, cases),
  }));

/** One check for each recorded case: every gradient is as near to PyTorch's in float64 as PyTorch's own in float32. */
export const gradientVectorChecks = (kind: Kind): readonly KindCheck[] =>
  casesOf(gradientVectors, kind).flatMap(({ topic, cases }) =>
    cases.map(
      (vector): KindCheck => ({
        group: `gradients: ${topic}`,
        title: `${labelsOf(topic, vector)}: gradients/${topic}/${vector.name} is within its bound of PyTorch`,
        cost: PASSES * costOf(vector),
        run: (subject) => checkGradients(subject, vector),
      }),
    ),
  );

async function checkRecorded(subject: Subject, cases: readonly GradientCase[]): Promise<Outcome> {
  const { training, float64 } = subject.backend.supports;
  if (!training) return await refuseTraining(subject);
  const supported = cases.filter(({ dtype }) => dtype === 'float32' || float64);
  for (const vector of supported) {
    const expected = await runVector(subject, vector, operandsOf(vector));
    expectSameResults(subject, vector.name, await runGradient(subject, vector, operandsOf(vector)), expected);
  }
  return supported.length === cases.length ? 'passed' : 'refused';
}

async function checkGradients(subject: Subject, vector: GradientCase): Promise<Outcome> {
  const { training, float64 } = subject.backend.supports;
  if (!training) return await refuseTraining(subject);
  if (vector.dtype === 'float64' && !float64) return await refuseFloat64(subject);
  const operands = operandsOf(vector);
  const { gradients } = await runGradient(subject, vector, operands);
  expectEqual(`${vector.name}: gradients`, Object.keys(gradients), Object.keys(vector.expected));
  for (const name of Object.keys(vector.expected)) expectGradient(subject, vector, name, gradients);
  expectUntouched(subject, vector, operands);
  return 'passed';
}

function expectGradient(
  subject: Subject,
  vector: GradientCase,
  name: string,
  gradients: GradientResult['gradients'],
): void {
  const recorded = vector.expected[name]!;
  const what = `${vector.name}: gradient of ${name}`;
  const got = padded(subject, vector, gradients[name]!);
  expectEqual(`${what}: shape`, got.shape, recorded.shape);
  const type = vector.dtype === 'float64' ? 'Float64Array' : 'Float32Array';
  expectEqual(`${what}: array type`, got.data.constructor.name, type);
  const expected = decode(recorded);
  const { subnormals } = subject.backend.supports;
  const bound = gradientBound(vector.dtype, expected, vector.torchError?.[name], subnormals);
  expectWithin(what, got.data, expected, bound);
}
