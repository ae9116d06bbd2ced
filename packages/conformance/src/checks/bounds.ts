import type { DType } from '@congruent/runtime';
import * as fc from 'fast-check';
import { anyExample, createExample, type Example, enclosureOf, tensorsOf } from '../examples/example.ts';
import { range, takeSteps } from '../examples/rearrange.ts';
import { sequenceStates, sequencesOf } from '../examples/sequences.ts';
import { type Bound, recordedBound } from '../expect/bounds.ts';
import { expectInside, expectSameBits, expectWithin } from '../expect/expect.ts';
import { type Kind, statesOf } from '../kinds/kind.ts';
import { stateCount, stateWidths } from '../kinds/sizes.ts';
import { forwardOracle } from '../oracle/forward.ts';
import { quickArithmetic } from '../oracle/quick-arithmetic.ts';
import type { Subject } from '../subject/subject.ts';
import { check, type KindCheck, type Outcome } from './check.ts';
import { refuseFloat64 } from './gradients/training.ts';

const GROUP = 'bounds';
const ONE_STEP: Partial<Example> = { steps: 1, numLayers: 1, bidirectional: false };

/** Results lie within what the interpreter says they can be; no bound here is chosen. */
export const boundChecks = ({ equations, cellClass }: Kind): readonly KindCheck[] => [
  check(GROUP, `${equations}: one step from any state is inside the float32 interval`, (subject) =>
    forAll(subject, ONE_STEP, (example) => expectEnclosed(subject, example)),
  ),
  ...(cellClass
    ? [
        check(GROUP, `${equations} P8: one step of ${cellClass} is inside the float32 interval`, (subject) =>
          forAll(subject, ONE_STEP, (example) => expectCellEnclosed(subject, example)),
        ),
      ]
    : []),
  check(GROUP, 'E5: every step, from the state the backend itself gave, is inside the float32 interval', (subject) =>
    forAll(subject, { numLayers: 1, bidirectional: false, batch: 1 }, (example) =>
      expectStepsEnclosed(subject, example),
    ),
  ),
  check(GROUP, 'E5: whole sequences are inside the float32 interval', (subject) =>
    forAll(subject, {}, (example) => expectEnclosed(subject, example)),
  ),
  check(
    GROUP,
    'E5 C25: any sequence has the specified bits where backend.supports.deterministic, else is enclosed',
    (subject) => expectBits(subject),
  ),
  check(GROUP, 'C9: float64 is within 1e-12 of the float64 interpreter', async (subject): Promise<Outcome> => {
    if (!subject.backend.supports.float64) return await refuseFloat64(subject);
    await forAll(subject, { batch: 1 }, (example) => expectFloat64(subject, example));
    return 'passed';
  }),
];

const forAll = (subject: Subject, fixed: Partial<Example>, holds: (example: Example) => Promise<void>): Promise<void> =>
  fc.assert(fc.asyncProperty(anyExample(subject.kind, fixed), holds), {
    seed: subject.random.seed,
    numRuns: subject.random.runs,
  });

async function expectEnclosed(subject: Subject, example: Example): Promise<void> {
  const tensors = tensorsOf(subject.kind, example);
  using layers = await createExample(subject, example, tensors.stateDict);
  const { output, last } = await layers.forward(tensors.input, tensors.initial);
  const enclosure = enclosureOf(subject, example, tensors);
  expectInside('output', output.data, enclosure.output);
  for (const [index, name] of statesOf(subject.kind, 'n').entries()) {
    expectInside(name, last[index]!.data, enclosure.last[index]!);
  }
}

async function expectCellEnclosed(subject: Subject, example: Example): Promise<void> {
  const tensors = tensorsOf(subject.kind, example);
  const { inputSize, hiddenSize, bias, batch } = example;
  using cell = await subject.createCell({ inputSize, hiddenSize, bias });
  const entries = Object.entries(tensors.stateDict).map(([name, value]) => [name.replace('_l0', ''), value] as const);
  cell.loadStateDict(Object.fromEntries(entries));
  const x = { data: tensors.input.data, shape: [batch, inputSize] };
  const states = tensors.initial.map(({ data, shape }) => ({ data, shape: shape.slice(1) }));
  const next = await cell.forward(x, states);
  const { last } = enclosureOf(subject, example, tensors);
  for (const [index, { data }] of next.entries()) expectInside(`state ${index}`, data, last[index]!);
}

/** Teacher-forced: each step starts at the backend's own states before it, so that errors do not add up. */
async function expectStepsEnclosed(subject: Subject, example: Example): Promise<void> {
  const { stateDict, input, initial } = tensorsOf(subject.kind, example);
  using layers = await createExample(subject, example, stateDict);
  let before = initial;
  for (let t = 0; t < example.steps; t++) {
    const { output, last } = await layers.forward(takeSteps(input, range(0, t + 1)), initial);
    const step = { stateDict, input: takeSteps(input, [t]), initial: before };
    const enclosure = enclosureOf(subject, { ...example, steps: 1 }, step);
    expectInside(`output of step ${t}`, takeSteps(output, [t]).data, enclosure.output);
    for (const [index, { data }] of last.entries()) {
      expectInside(`state ${index} after step ${t}`, data, enclosure.last[index]!);
    }
    before = last;
  }
}

async function expectBits(subject: Subject): Promise<Outcome> {
  const { deterministic, float64: hasFloat64 } = subject.backend.supports;
  if (!deterministic) {
    await forAll(subject, { batch: 1 }, (example) => expectEnclosed(subject, example));
    return 'refused';
  }
  await forAll(subject, { batch: 1 }, async (example) => {
    for (const dtype of ['float32', 'float64'] as const) {
      if (dtype === 'float64' && !hasFloat64) continue;
      for (const { name, got, expected } of await resultsAndOracle(subject, example, dtype)) {
        expectSameBits(`${name} in ${dtype}`, got, expected);
      }
    }
  });
  return 'passed';
}

/** What the backend gives for an example of batch 1, and what the interpreter does in the same element type. */
async function resultsAndOracle(
  subject: Subject,
  example: Example,
  dtype: DType,
): Promise<{ name: string; got: ArrayLike<number>; expected: readonly number[] }[]> {
  const { kind } = subject;
  const { stateDict, input, initial } = tensorsOf(kind, example, dtype);
  using layers = await createExample(subject, example, stateDict, { dtype });
  const got = await layers.forward(input, initial);
  const [sequence] = sequencesOf(input, { layout: 'padded', batchFirst: false, lengths: null });
  const [states] = sequenceStates(initial, stateCount(example), 1, stateWidths(kind, example));
  const given = [{ sequence: sequence!, initial: states! }];
  const [expected] = forwardOracle(quickArithmetic[dtype], { kind, sizes: example, parameters: stateDict }, given);
  const ends = statesOf(kind, 'n').map((name, index) => {
    return { name, got: got.last[index]!.data, expected: expected!.last[index]!.flat() };
  });
  return [{ name: 'output', got: got.output.data, expected: expected!.output.flat() }, ...ends];
}

async function expectFloat64(subject: Subject, example: Example): Promise<void> {
  const bound: Bound = recordedBound('float64', [], undefined);
  for (const { name, got, expected } of await resultsAndOracle(subject, example, 'float64')) {
    expectWithin(name, got, expected, bound);
  }
}
