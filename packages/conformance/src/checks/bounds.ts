import type { DType, GRUResult } from '@congruent/runtime';
import * as fc from 'fast-check';
import { anyExample, createExample, type Example, enclosureOf, tensorsOf } from '../examples/example.ts';
import { sequencesOf, statesOf } from '../examples/sequences.ts';
import { recordedBound } from '../expect/bounds.ts';
import { expectInside, expectSameBits, expectWithin } from '../expect/expect.ts';
import { forwardOracle, type SequenceResult } from '../oracle/forward.ts';
import { quickArithmetic } from '../oracle/quick-arithmetic.ts';
import type { Subject } from '../subject/subject.ts';
import { type Check, check, type Outcome } from './check.ts';
import { refuseFloat64 } from './gradients/training.ts';

const GROUP = 'bounds';

/** Results lie within what the interpreter says they can be; no bound here is chosen. */
export const boundChecks: readonly Check[] = [
  check(GROUP, 'E1 E2 E3 E4: one step from any state is inside the float32 interval', (subject) =>
    forAll(subject, { steps: 1, numLayers: 1, bidirectional: false }, (example) => expectEnclosed(subject, example)),
  ),
  check(GROUP, 'E1 E2 E3 E4 P8: one step of GRUCell is inside the float32 interval', (subject) =>
    forAll(subject, { steps: 1, numLayers: 1, bidirectional: false }, async (example) => {
      const tensors = tensorsOf(example);
      const { inputSize, hiddenSize, bias, batch } = example;
      using cell = await subject.createCell({ inputSize, hiddenSize, bias });
      const entries = Object.entries(tensors.stateDict).map(
        ([name, value]) => [name.replace('_l0', ''), value] as const,
      );
      cell.loadStateDict(Object.fromEntries(entries));
      const x = { data: tensors.input.data, shape: [batch, inputSize] };
      const hx = { data: tensors.h0.data, shape: [batch, hiddenSize] };
      const state = await cell.forward(x, hx);
      expectInside('state', state.data, enclosureOf(subject, example, tensors).hn);
    }),
  ),
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
  fc.assert(fc.asyncProperty(anyExample(fixed), holds), { seed: subject.random.seed, numRuns: subject.random.runs });

async function expectEnclosed(subject: Subject, example: Example): Promise<void> {
  const tensors = tensorsOf(example);
  using gru = await createExample(subject, example, tensors.stateDict);
  const { output, hn } = await gru.forward(tensors.input, tensors.h0);
  const enclosure = enclosureOf(subject, example, tensors);
  expectInside('output', output.data, enclosure.output);
  expectInside('hn', hn.data, enclosure.hn);
}

/** Teacher-forced: each step starts at the backend's own state before it, so that errors do not add up. */
async function expectStepsEnclosed(subject: Subject, example: Example): Promise<void> {
  const { stateDict, input, h0 } = tensorsOf(example);
  const { inputSize: I, hiddenSize: H } = example;
  using gru = await createExample(subject, example, stateDict);
  const { output } = await gru.forward(input, h0);
  for (let t = 0; t < example.steps; t++) {
    const x = { data: input.data.subarray(t * I, (t + 1) * I), shape: [1, 1, I] };
    const before = t === 0 ? h0 : { data: output.data.subarray((t - 1) * H, t * H), shape: [1, 1, H] };
    const enclosure = enclosureOf(subject, { ...example, steps: 1 }, { stateDict, input: x, h0: before });
    expectInside(`output of step ${t}`, output.data.subarray(t * H, (t + 1) * H), enclosure.output);
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
      const { got, expected } = await resultAndOracle(subject, example, dtype);
      expectSameBits(`output in ${dtype}`, got.output.data, expected.output.flat());
      expectSameBits(`hn in ${dtype}`, got.hn.data, expected.hn.flat());
    }
  });
  return 'passed';
}

/** What the backend gives for an example of batch 1, and what the interpreter does in the same element type. */
async function resultAndOracle(
  subject: Subject,
  example: Example,
  dtype: DType,
): Promise<{ got: GRUResult; expected: SequenceResult<number> }> {
  const { stateDict, input, h0 } = tensorsOf(example, dtype);
  using gru = await createExample(subject, example, stateDict, { dtype });
  const got = await gru.forward(input, h0);
  const count = example.numLayers * (example.bidirectional ? 2 : 1);
  const [sequence] = sequencesOf(input, { layout: 'padded', batchFirst: false, lengths: null });
  const [states] = statesOf(h0, count, 1, example.hiddenSize);
  const given = [{ sequence: sequence!, h0: states! }];
  return { got, expected: forwardOracle(quickArithmetic[dtype], { sizes: example, parameters: stateDict }, given)[0]! };
}

async function expectFloat64(subject: Subject, example: Example): Promise<void> {
  const { got, expected } = await resultAndOracle(subject, example, 'float64');
  const { output, hn } = got;
  const bound = recordedBound('float64', [], undefined);
  expectWithin('output', output.data, expected.output.flat(), bound);
  expectWithin('hn', hn.data, expected.hn.flat(), bound);
}
