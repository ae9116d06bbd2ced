import type { FloatArray, GRUOptions } from '@congruent/runtime';
import { createExample, type Example, enclosureOf, expectAgree, tensorsOf } from '../examples/example.ts';
import { SIZES, sample, small } from '../examples/samples.ts';
import { expect, expectEqual, expectSameBits } from '../expect/expect.ts';
import type { Subject } from '../subject/subject.ts';
import { type Check, check } from './check.ts';
import { spoil } from './ownership.ts';
import { expectRefusal } from './refusal.ts';

const GROUP = 'streams';
const { inputSize: I, hiddenSize: H } = SIZES;
const example: Example = { ...SIZES, numLayers: 2, bias: true, bidirectional: false, steps: 4, batch: 3, seed: 31 };

/** One step at a time. */
export const streamChecks: readonly Check[] = [
  ...[1, 3].flatMap((numLayers) =>
    [1, 3].map((batch) =>
      check(GROUP, `P9: ${numLayers} layers stepped ${batch} rows at a time give what forward gives`, (subject) =>
        expectSteps(subject, { ...example, numLayers, batch }),
      ),
    ),
  ),
  check(GROUP, 'P9: stream.state is a copy [L, B, H], and goes on where it was taken', async (subject) => {
    const { stateDict, input, h0 } = tensorsOf(example);
    using gru = await createExample(subject, example, stateDict);
    using stream = gru.stream({ batchSize: 3, h0 });
    await stream.step(row(input.data, 0));
    const state = await stream.state;
    expectEqual('shape', state.shape, [2, 3, H]);
    const kept = state.data.slice();
    const expected = (await stream.step(row(input.data, 1))).slice();
    expectSameBits('state after a later step', state.data, kept);
    stream.reset(state);
    expectSameBits('step after reset(state)', await stream.step(row(input.data, 1)), expected);
    using other = gru.stream({ batchSize: 3, h0: state });
    expectSameBits('step of a stream from state', await other.step(row(input.data, 1)), expected);
    stream.reset();
    using fresh = gru.stream({ batchSize: 3 });
    expectSameBits('step after reset()', await stream.step(row(input.data, 0)), await fresh.step(row(input.data, 0)));
  }),
  check(
    GROUP,
    'P9 C21: what step gives may be written to and transferred: no later result changes',
    async (subject) => {
      const { stateDict, input, h0 } = tensorsOf(example);
      using gru = await createExample(subject, example, stateDict);
      using stream = gru.stream({ batchSize: 3, h0 });
      using other = gru.stream({ batchSize: 3, h0 });
      const whole = (await gru.forward(input, h0)).output.data.slice();
      for (const [t, use] of [(y: FloatArray) => y.fill(9), spoilArray, () => {}, spoilArray].entries()) {
        const x = row(input.data, t);
        const y = await stream.step(x);
        const expected = (await other.step(x)).slice();
        expectSameBits(`step ${t}`, y, expected);
        expect(y.buffer !== x.buffer, 'step gives the buffer of its input');
        use(y);
        expectSameBits(`state after step ${t}`, (await stream.state).data, (await other.state).data);
      }
      expectSameBits('forward after the steps', (await gru.forward(input, h0)).output.data, whole);
      const state = await stream.state;
      const kept = state.data.slice();
      spoil(state);
      expectSameBits('state after what it gave was overwritten', (await stream.state).data, kept);
    },
  ),
  check(GROUP, 'P9: streams are independent of each other and of forward', async (subject) => {
    const { stateDict, input, h0 } = tensorsOf(example);
    using gru = await createExample(subject, example, stateDict);
    using alone = gru.stream({ batchSize: 3, h0 });
    const expected = [(await alone.step(row(input.data, 0))).slice(), (await alone.step(row(input.data, 1))).slice()];
    using stream = gru.stream({ batchSize: 3, h0 });
    using other = gru.stream({ batchSize: 1 });
    expectSameBits('step 0', await stream.step(row(input.data, 0)), expected[0]!);
    await other.step(sample([I], 3).data);
    await gru.forward(input);
    expectSameBits('step 1', await stream.step(row(input.data, 1)), expected[1]!);
  }),
  check(GROUP, 'C16: a bidirectional GRU refuses stream with CONGRUENT_BIDIRECTIONAL_STREAM', async (subject) => {
    await expectNoStream(subject, { bidirectional: true }, 'CONGRUENT_BIDIRECTIONAL_STREAM', 'bidirectional');
  }),
  check(
    GROUP,
    'C17: stream in training mode with dropout is refused with CONGRUENT_TRAINING_STREAM',
    async (subject) => {
      const options = { numLayers: 2, dropout: 0.5 };
      await expectNoStream(subject, options, 'CONGRUENT_TRAINING_STREAM', 'eval()');
      using gru = await small(subject, options);
      using stream = gru.eval().stream();
      await stream.step(new Float32Array(I));
    },
  ),
  check(
    GROUP,
    'P9 C4: a stream refuses x and h0 of the wrong size with CONGRUENT_SHAPE, and goes on',
    async (subject) => {
      using gru = await small(subject);
      using stream = gru.stream({ batchSize: 2 });
      await expectRefusal(subject, 'CONGRUENT_SHAPE', 'batchSize', () => stream.step(new Float32Array(I)));
      await expectRefusal(subject, 'CONGRUENT_DTYPE', 'torch.float32', () => stream.step(new Float64Array(2 * I)));
      await expectRefusal(subject, 'CONGRUENT_SHAPE', 'Expected hidden size (1, 2, 5)', () =>
        stream.reset(sample([1, 3, H], 1)),
      );
      await expectRefusal(subject, 'CONGRUENT_SHAPE', 'Expected hidden size (1, 2, 5)', () =>
        gru.stream({ batchSize: 2, h0: sample([1, 2, H + 1], 1) }),
      );
      await expectRefusal(subject, 'CONGRUENT_OPTION', 'batch', () => gru.stream({ batchSize: 0 }));
      expectEqual('length of y', (await stream.step(new Float32Array(2 * I))).length, 2 * H);
    },
  ),
];

const spoilArray = (data: FloatArray): void => spoil({ data });

const row = (data: ArrayLike<number>, t: number): Float32Array =>
  Float32Array.from(data).subarray(t * example.batch * I, (t + 1) * example.batch * I);

async function expectSteps(subject: Subject, given: Example): Promise<void> {
  const tensors = tensorsOf(given);
  const { input, h0 } = tensors;
  using gru = await createExample(subject, given, tensors.stateDict);
  const { output, hn } = await gru.forward(input, h0);
  using stream = gru.stream({ batchSize: given.batch, h0 });
  const got: number[] = [];
  const width = given.batch * given.inputSize;
  for (let t = 0; t < given.steps; t++) {
    got.push(...(await stream.step(input.data.slice(t * width, (t + 1) * width))));
  }
  const enclosure = () => enclosureOf(subject, given, tensors);
  expectAgree(subject, 'steps', got, output.data, () => enclosure().output);
  expectAgree(subject, 'state', (await stream.state).data, hn.data, () => enclosure().hn);
}

async function expectNoStream(
  subject: Subject,
  options: Partial<GRUOptions>,
  code: 'CONGRUENT_BIDIRECTIONAL_STREAM' | 'CONGRUENT_TRAINING_STREAM',
  words: string,
): Promise<void> {
  using gru = await small(subject, options);
  await expectRefusal(subject, code, words, () => gru.stream());
}
