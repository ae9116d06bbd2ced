import { type Arithmetic, float32, float64 } from '@congruent/codegen';
import type { DType, GRUGradients, Tensor } from '@congruent/runtime';
import * as fc from 'fast-check';
import { type Check, check, type Outcome, type Subject } from './check.ts';
import { anyExample, createExample, type Example, type ExampleTensors, intervalsOf, tensorsOf } from './example.ts';
import { expect, expectInside, expectSameBits } from './expect.ts';
import { fill } from './fill.ts';
import { cotangentsOf } from './gradient-run.ts';
import { type GradientTruth, gradientTruth } from './gradient-truth.ts';
import { range, takeBatch } from './rearrange.ts';
import { sequencesOf, statesOf } from './sequences.ts';
import { slopeAtZero, slopeRounding } from './slope.ts';
import { gradientCheck, refuseFloat64, refuseTraining } from './training.ts';

const GROUP = 'gradients';

/** Balances the fourth power of it, which the difference leaves out, with the rounding that it divides. */
const STEP = 1e-3;

/** Gradients of random GRUs. */
export const gradientPropertyChecks: readonly Check[] = [
  gradientCheck(GROUP, 'P11: output and hn of vjp have the bits of forward', (subject) =>
    forAll(subject, {}, async (example) => {
      const { stateDict, input, h0 } = tensorsOf(example);
      using gru = await createExample(subject, example, stateDict);
      const [got, expected] = [await gru.vjp(input, h0), await gru.forward(input, h0)];
      expectSameBits('output', got.output.data, expected.output.data);
      expectSameBits('hn', got.hn.data, expected.hn.data);
    }),
  ),
  gradientCheck(GROUP, 'E10: one step backwards from any state is inside the float32 interval', (subject) =>
    forAll(subject, { steps: 1, numLayers: 1, bidirectional: false }, async (example) => {
      const { tensors, given, gradients } = await gradientsOf(subject, example, 'float32');
      expectGradients(gradients, truthOf(intervalsOf(subject), example, tensors, given), expectInside);
    }),
  ),
  gradientCheck(
    GROUP,
    'E10 E11 E12 C25: any gradients have the specified bits where backend.supports.deterministic, else are enclosed',
    (subject) => expectSpecified(subject),
  ),
  gradientCheck(GROUP, 'C22: the gradients of a row of input and h0 do not depend on the other rows', (subject) =>
    forAll(subject, {}, async (example) => {
      const { tensors, given, gradients } = await gradientsOf(subject, example, 'float32');
      using gru = await createExample(subject, example, tensors.stateDict);
      const row = example.seed % example.batch;
      const alone = (tensor: Tensor): Tensor => onlyRow(tensor, row, example.batch);
      const { pullback } = await gru.vjp(alone(tensors.input), alone(tensors.h0));
      const { input, h0 } = await pullback({ output: alone(given.output), hn: alone(given.hn) });
      expectSameBits('gradient of input', takeBatch(input, [row]).data, takeBatch(gradients.input, [row]).data);
      expectSameBits('gradient of h0', takeBatch(h0, [row]).data, takeBatch(gradients.h0, [row]).data);
    }),
  ),
  check(GROUP, 'E10 E11 E12 C9: float64 gradients are the slope of forward', async (subject): Promise<Outcome> => {
    if (!subject.backend.supports.training) return await refuseTraining(subject);
    if (!subject.backend.supports.float64) return await refuseFloat64(subject);
    await forAll(subject, {}, (example) => expectSlope(subject, example));
    return 'passed';
  }),
];

const forAll = (subject: Subject, fixed: Partial<Example>, holds: (example: Example) => Promise<void>): Promise<void> =>
  fc.assert(fc.asyncProperty(anyExample(fixed), holds), { seed: subject.random.seed, numRuns: subject.random.runs });

type Cotangents = ReturnType<typeof cotangentsOf>;

/** What the backend gives for an example, and for what. */
async function gradientsOf(
  subject: Subject,
  example: Example,
  dtype: DType,
): Promise<{ tensors: ExampleTensors; given: Cotangents; gradients: GRUGradients }> {
  const tensors = tensorsOf(example, dtype);
  using gru = await createExample(subject, example, tensors.stateDict, { dtype });
  const { pullback, ...result } = await gru.vjp(tensors.input, tensors.h0);
  const given = cotangentsOf(result, example.seed + 103);
  return { tensors, given, gradients: await pullback(given) };
}

function truthOf<V>(
  arithmetic: Arithmetic<V>,
  example: Example,
  { stateDict, input, h0 }: ExampleTensors,
  { output, hn }: Cotangents,
): GradientTruth<V> {
  const count = example.numLayers * (example.bidirectional ? 2 : 1);
  const rows = (tensor: Tensor) => sequencesOf(tensor, { layout: 'padded', batchFirst: false, lengths: null });
  const states = (tensor: Tensor) => statesOf(tensor, count, example.batch, example.hiddenSize);
  return gradientTruth(arithmetic, {
    sizes: example,
    parameters: stateDict,
    sequences: rows(input),
    h0: states(h0),
    output: rows(output),
    hn: states(hn),
    masks: [],
  });
}

function expectGradients<V>(
  gradients: GRUGradients,
  expected: GradientTruth<V>,
  expectEach: (what: string, got: ArrayLike<number>, expected: readonly V[]) => void,
): void {
  const interleaved = (rows: GradientTruth<V>['input']): V[] =>
    range(0, rows[0]!.length).flatMap((index) => rows.flatMap((row) => row[index]!));
  expectEach('gradient of input', gradients.input.data, interleaved(expected.input));
  expectEach('gradient of h0', gradients.h0.data, interleaved(expected.h0));
  for (const [name, values] of Object.entries(expected.parameters)) {
    expectEach(`gradient of ${name}`, gradients.parameters[name]!.data, values);
  }
}

async function expectSpecified(subject: Subject): Promise<Outcome> {
  const { deterministic, float64: hasFloat64 } = subject.backend.supports;
  await forAll(subject, {}, async (example) => {
    for (const dtype of ['float32', 'float64'] as const) {
      if (dtype === 'float64' && !(deterministic && hasFloat64)) continue;
      const { tensors, given, gradients } = await gradientsOf(subject, example, dtype);
      const specified = dtype === 'float64' ? float64 : float32;
      if (deterministic) expectGradients(gradients, truthOf(specified, example, tensors, given), expectSameBits);
      else expectGradients(gradients, truthOf(intervalsOf(subject), example, tensors, given), expectInside);
    }
  });
  return deterministic ? 'passed' : 'refused';
}

/** All rows but one are NaN; [n, batch, width]. */
function onlyRow({ data, shape }: Tensor, row: number, batch: number): Tensor {
  const width = shape.at(-1)!;
  return { data: data.map((value, i) => (Math.floor(i / width) % batch === row ? value : Number.NaN)), shape };
}

/** Where all operands move at once, the loss changes as the gradients say. */
async function expectSlope(subject: Subject, example: Example): Promise<void> {
  const { tensors, given, gradients } = await gradientsOf(subject, example, 'float64');
  const operands: Record<string, Tensor> = { ...tensors.stateDict, input: tensors.input, h0: tensors.h0 };
  const all: Record<string, Tensor> = { ...gradients.parameters, input: gradients.input, h0: gradients.h0 };
  const entries = Object.entries(operands).map(
    ([name, { data }], i) => [name, fill(example.seed + i, data.length, 1, 'float64')] as const,
  );
  const direction = Object.fromEntries(entries);
  let [predicted, magnitude] = [0, 0];
  for (const [name, { data }] of Object.entries(all)) {
    data.forEach((value, i) => {
      predicted += value * direction[name]![i]!;
      magnitude += Math.abs(value * direction[name]![i]!);
    });
  }
  const loss = async (by: number): Promise<number> => {
    const moved = Object.entries(operands).map(([name, { data, shape }]): [string, Tensor] => [
      name,
      { data: data.map((value, i) => value + by * direction[name]![i]!), shape },
    ]);
    const { input, h0, ...stateDict } = Object.fromEntries(moved) as Record<string, Tensor>;
    using gru = await createExample(subject, example, stateDict, { dtype: 'float64' });
    const { output, hn } = await gru.forward(input!, h0);
    return dot(given.output, output) + dot(given.hn, hn);
  };
  const slope = await slopeAtZero(loss, STEP);
  // What the difference leaves out grows with the fourth power of the step: twice the step shows 15 times of it. What
  // it rounds is what results may be off, C9, for each gradient that is fed back.
  const left = Math.abs((await slopeAtZero(loss, 2 * STEP)) - slope);
  const fed = [...given.output.data, ...given.hn.data].reduce((sum, value) => sum + Math.abs(value), 0);
  const bound = left + 1e-12 * (slopeRounding(STEP) * fed + magnitude);
  expect(Math.abs(slope - predicted) <= bound, `the slope is ${slope}, the gradients say ${predicted}, bound ${bound}`);
}

const dot = (left: Tensor, right: Tensor): number =>
  Array.from(left.data, (value, i) => value * right.data[i]!).reduce((sum, term) => sum + term, 0);
