import type { Tensor } from '@congruent/runtime';
import * as fc from 'fast-check';
import { anyExample, createExample, type Example, expectSameStates, tensorsOf } from '../../examples/example.ts';
import { anyCase } from '../../examples/gradient-example.ts';
import { takeBatch } from '../../examples/rearrange.ts';
import { expect, expectSameBits } from '../../expect/expect.ts';
import { gatesOf, type Kind, statesOf } from '../../kinds/kind.ts';
import type { Subject } from '../../subject/subject.ts';
import { operandsOf, type RecordedCase } from '../../vectors/vectors.ts';
import { check, type KindCheck, type Outcome } from '../check.ts';
import { runVector } from '../vectors.ts';
import { expectEnclosed, expectSpecified } from './bits.ts';
import { cotangentsOf, expectSameResults, padded, runGradient } from './run.ts';
import { directionOf, predictedSlope, slopeOf, slopeRounding } from './slope.ts';
import { gradientCheck, refuseFloat64, refuseTraining } from './training.ts';

const GROUP = 'gradients';

/** Balances the fourth power of it, which the difference leaves out, with the rounding that it divides. */
const STEP = 1e-3;

/** Rows of all steps that fill more than one block of a sum; a projection is smaller than what it projects. */
const manyRows = (kind: Kind): fc.Arbitrary<RecordedCase> => {
  const hiddenSize = kind.options.projSize ? 2 : 1;
  return anyCase(kind, { inputSize: 2, hiddenSize, numLayers: 1, steps: 35, batch: 3 }, ['padded']);
};

/** Gates of all units that fill more than one block of a sum. */
const manyGates = (kind: Kind): fc.Arbitrary<RecordedCase> => {
  const hiddenSize = Math.ceil(67 / gatesOf(kind));
  return anyCase(kind, { inputSize: 2, hiddenSize, numLayers: 1, steps: 2, batch: 2 }, ['padded']);
};

/** Gradients of random layers. */
export const gradientPropertyChecks = (kind: Kind): readonly KindCheck[] => [
  gradientCheck(
    GROUP,
    `P11 C29: output and ${statesOf(kind, 'n').join(' and ')} of vjp have the bits of forward`,
    (subject) =>
      forAll(subject, anyCase(kind), async (vector) => {
        const operands = operandsOf(vector);
        const expected = await runVector(subject, vector, operands);
        expectSameResults(subject, vector.name, await runGradient(subject, vector, operands), expected);
      }),
  ),
  gradientCheck(GROUP, 'E10: one step backwards from any state is inside the float32 interval', (subject) =>
    forAll(subject, anyCase(kind, { steps: 1, numLayers: 1, bidirectional: false }), (vector) =>
      expectEnclosed(subject, vector),
    ),
  ),
  gradientCheck(
    GROUP,
    'E10 E11 E12 C25: any gradients have the specified bits where backend.supports.deterministic, else are enclosed',
    (subject) => expectPrescribed(subject, anyCase(kind)),
  ),
  gradientCheck(GROUP, 'E11 C25: sums over more than 64 rows are in blocks', (subject) =>
    expectPrescribed(subject, manyRows(kind)),
  ),
  gradientCheck(GROUP, 'E10 C25: transposed products of more than 64 rows are in blocks', (subject) =>
    expectPrescribed(subject, manyGates(kind)),
  ),
  gradientCheck(
    GROUP,
    `C22: the gradients of a row of input and ${statesOf(kind, '0').join(' and ')} do not depend on the other rows`,
    (subject) => forAll(subject, anyExample(kind), (example) => expectIndependent(subject, example)),
  ),
  // Where a function has a kink, a difference across it is no slope; recorded gradients and the interpreter are left.
  ...(kind.smooth ? [check(GROUP, 'E10 E11 E12 C9: float64 gradients are the slope of forward', expectSlopes)] : []),
];

async function expectSlopes(subject: Subject): Promise<Outcome> {
  if (!subject.backend.supports.training) return await refuseTraining(subject);
  if (!subject.backend.supports.float64) return await refuseFloat64(subject);
  await forAll(subject, anyCase(subject.kind), (vector) => expectSlope(subject, { ...vector, dtype: 'float64' }));
  return 'passed';
}

const forAll = <T>(subject: Subject, any: fc.Arbitrary<T>, holds: (example: T) => Promise<void>): Promise<void> =>
  fc.assert(fc.asyncProperty(any, holds), { seed: subject.random.seed, numRuns: subject.random.runs });

async function expectPrescribed(subject: Subject, any: fc.Arbitrary<RecordedCase>): Promise<Outcome> {
  const { deterministic, float64 } = subject.backend.supports;
  await forAll(subject, any, async (vector) => {
    if (!deterministic) return await expectEnclosed(subject, vector);
    await expectSpecified(subject, vector);
    if (float64) await expectSpecified(subject, { ...vector, dtype: 'float64' });
  });
  return deterministic ? 'passed' : 'refused';
}

async function expectIndependent(subject: Subject, example: Example): Promise<void> {
  const { stateDict, input, initial } = tensorsOf(subject.kind, example);
  using layers = await createExample(subject, example, stateDict);
  const whole = await layers.vjp(input, initial);
  const given = cotangentsOf(whole, example.seed + 103);
  const expected = await whole.pullback(given);
  const row = example.seed % example.batch;
  const alone = (tensor: Tensor): Tensor => onlyRow(tensor, row, example.batch);
  const { pullback } = await layers.vjp(alone(input), initial.map(alone));
  const got = await pullback({ output: alone(given.output), last: given.last.map(alone) });
  expectSameBits('gradient of input', takeBatch(got.input, [row]).data, takeBatch(expected.input, [row]).data);
  const [initialRow, expectedRow] = [got, expected].map(({ initial }) =>
    initial.map((state) => takeBatch(state, [row])),
  );
  expectSameStates(subject, ': gradient of the initial one', initialRow!, expectedRow!);
}

/** All rows but one are NaN; [n, batch, width]. */
function onlyRow({ data, shape }: Tensor, row: number, batch: number): Tensor {
  const width = shape.at(-1)!;
  return { data: data.map((value, i) => (Math.floor(i / width) % batch === row ? value : Number.NaN)), shape };
}

/** Where all operands move at once, the loss changes as the gradients say. */
async function expectSlope(subject: Subject, vector: RecordedCase): Promise<void> {
  const operands = operandsOf(vector);
  const { gradients } = await runGradient(subject, vector, operands);
  const all = { ...gradients, input: padded(subject, vector, gradients['input']!) } as Readonly<Record<string, Tensor>>;
  const direction = directionOf(all);
  const { expected, magnitude } = predictedSlope(all, direction);
  const slope = await slopeOf(subject, vector, direction, STEP);
  // What the difference leaves out grows with the fourth power of the step: twice the step shows 15 times of it. What
  // it rounds is what each result that is fed back may be off by C9.
  const left = Math.abs((await slopeOf(subject, vector, direction, 2 * STEP)) - slope);
  const fed = Object.values(operands.cotangents).flatMap(({ data }) => Array.from(data, Math.abs));
  const bound = left + 1e-12 * (slopeRounding(STEP) * fed.reduce((sum, value) => sum + value, 0) + magnitude);
  expect(Math.abs(slope - expected) <= bound, `the slope is ${slope}, the gradients say ${expected}, bound ${bound}`);
}
