import type { FloatArray } from '@congruent/runtime';
import {
  createExample,
  dataOf,
  type Example,
  enclosureOf,
  expectAgree,
  expectSameStates,
  expectStatesAgree,
  tensorsOf,
} from '../examples/example.ts';
import { SIZES, sample, samples, small, smallStateShapes, smallWidth } from '../examples/samples.ts';
import { expect, expectEqual, expectSameBits } from '../expect/expect.ts';
import { type Kind, statesText } from '../kinds/kind.ts';
import { stateWidths } from '../kinds/sizes.ts';
import type { Options } from '../subject/classes.ts';
import type { Subject } from '../subject/subject.ts';
import { check, type KindCheck } from './check.ts';
import { spoil } from './ownership.ts';
import { expectRefusal } from './refusal.ts';
import { expectedStates } from './states.ts';

const GROUP = 'streams';
const { inputSize: I } = SIZES;
const exampleOf = ({ options }: Kind): Example => ({
  ...SIZES,
  ...(options.projSize && { projSize: options.projSize }),
  numLayers: 2,
  bias: true,
  bidirectional: false,
  steps: 4,
  batch: 3,
  seed: 31,
});

/** One step at a time. */
export const streamChecks = (kind: Kind): readonly KindCheck[] => [
  ...[1, 3].flatMap((numLayers) =>
    [1, 3].map((batch) =>
      check(GROUP, `P9: ${numLayers} layers stepped ${batch} rows at a time give what forward gives`, (subject) =>
        expectSteps(subject, { ...exampleOf(kind), numLayers, batch }),
      ),
    ),
  ),
  check(GROUP, `P9: stream.state is a copy ${shapesText(kind)}, and goes on where it was taken`, expectState),
  check(GROUP, 'P9 C21: what step gives may be written to and transferred: no later result changes', expectStepsOwned),
  check(GROUP, 'P9: streams are independent of each other and of forward', expectIndependent),
  check(
    GROUP,
    `C16: a bidirectional ${kind.layerClass} refuses stream with CONGRUENT_BIDIRECTIONAL_STREAM`,
    async (subject) => {
      await expectNoStream(subject, { bidirectional: true }, 'CONGRUENT_BIDIRECTIONAL_STREAM', 'bidirectional');
    },
  ),
  check(
    GROUP,
    'C17: stream in training mode with dropout is refused with CONGRUENT_TRAINING_STREAM',
    async (subject) => {
      const options = { numLayers: 2, dropout: 0.5 };
      await expectNoStream(subject, options, 'CONGRUENT_TRAINING_STREAM', 'eval()');
      using layers = await small(subject, options);
      using stream = layers.eval().stream();
      await stream.step(new Float32Array(I));
    },
  ),
  check(
    GROUP,
    `P9 C4: a stream refuses x and ${statesText(kind, '0')} of the wrong size with CONGRUENT_SHAPE, and goes on`,
    expectSizes,
  ),
];

/** `[L, B, H]`, or of several states. */
const shapesText = ({ cell }: Kind): string => {
  const shapes = cell.states.map(({ shape }) => `[L, B, ${shape.join(', ')}]`);
  return shapes.length === 1 ? shapes[0]! : `of ${shapes.join(' and ')}`;
};

async function expectState(subject: Subject): Promise<void> {
  const example = exampleOf(subject.kind);
  const { stateDict, input, initial } = tensorsOf(subject.kind, example);
  using layers = await createExample(subject, example, stateDict);
  using stream = layers.stream({ batchSize: 3, initial });
  await stream.step(row(input.data, 0));
  const state = await stream.state();
  const shapes = stateWidths(subject.kind, example).map((width) => [2, 3, width]);
  expectEqual(
    'shapes',
    state.map(({ shape }) => shape),
    shapes,
  );
  const kept = state.map(({ data, shape }) => ({ data: data.slice(), shape }));
  const expected = (await stream.step(row(input.data, 1))).slice();
  expectSameStates(subject, ' after a later step', state, kept);
  stream.reset(state);
  expectSameBits('step after reset(state)', await stream.step(row(input.data, 1)), expected);
  using other = layers.stream({ batchSize: 3, initial: state });
  expectSameBits('step of a stream from state', await other.step(row(input.data, 1)), expected);
  stream.reset();
  using fresh = layers.stream({ batchSize: 3 });
  expectSameBits('step after reset()', await stream.step(row(input.data, 0)), await fresh.step(row(input.data, 0)));
}

async function expectStepsOwned(subject: Subject): Promise<void> {
  const example = exampleOf(subject.kind);
  const { stateDict, input, initial } = tensorsOf(subject.kind, example);
  using layers = await createExample(subject, example, stateDict);
  using stream = layers.stream({ batchSize: 3, initial });
  using other = layers.stream({ batchSize: 3, initial });
  const whole = (await layers.forward(input, initial)).output.data.slice();
  for (const [t, use] of [(y: FloatArray) => y.fill(9), spoilArray, () => {}, spoilArray].entries()) {
    const x = row(input.data, t);
    const y = await stream.step(x);
    const expected = (await other.step(x)).slice();
    expectSameBits(`step ${t}`, y, expected);
    expect(y.buffer !== x.buffer, 'step gives the buffer of its input');
    use(y);
    expectSameStates(subject, ` after step ${t}`, await stream.state(), await other.state());
  }
  expectSameBits('forward after the steps', (await layers.forward(input, initial)).output.data, whole);
  const state = await stream.state();
  const kept = state.map(({ data, shape }) => ({ data: data.slice(), shape }));
  for (const tensor of state) spoil(tensor);
  expectSameStates(subject, ' after what state gave was overwritten', await stream.state(), kept);
}

async function expectIndependent(subject: Subject): Promise<void> {
  const example = exampleOf(subject.kind);
  const { stateDict, input, initial } = tensorsOf(subject.kind, example);
  using layers = await createExample(subject, example, stateDict);
  using alone = layers.stream({ batchSize: 3, initial });
  const expected = [(await alone.step(row(input.data, 0))).slice(), (await alone.step(row(input.data, 1))).slice()];
  using stream = layers.stream({ batchSize: 3, initial });
  using other = layers.stream({ batchSize: 1 });
  expectSameBits('step 0', await stream.step(row(input.data, 0)), expected[0]!);
  await other.step(sample([I], 3).data);
  await layers.forward(input);
  expectSameBits('step 1', await stream.step(row(input.data, 1)), expected[1]!);
}

async function expectSizes(subject: Subject): Promise<void> {
  using layers = await small(subject);
  using stream = layers.stream({ batchSize: 2 });
  await expectRefusal(subject, 'CONGRUENT_SHAPE', `[2, ${I}]`, () => stream.step(new Float32Array(I)));
  await expectRefusal(subject, 'CONGRUENT_DTYPE', 'torch.float32', () => stream.step(new Float64Array(2 * I)));
  const right = smallStateShapes(subject);
  for (const [index, words] of expectedStates(subject.kind, right).entries()) {
    const wrong = (change: (shape: readonly number[]) => number[]) =>
      samples(
        right.map((shape, i) => (i === index ? change(shape) : shape)),
        1,
      );
    const rows = wrong(([layer, , width]) => [layer!, 3, width!]);
    const features = wrong(([layer, batch, width]) => [layer!, batch!, width! + 1]);
    await expectRefusal(subject, 'CONGRUENT_SHAPE', words, () => stream.reset(rows));
    const options = { batchSize: 2, initial: features };
    await expectRefusal(subject, 'CONGRUENT_SHAPE', words, () => layers.stream(options));
  }
  await expectRefusal(subject, 'CONGRUENT_OPTION', 'batch', () => layers.stream({ batchSize: 0 }));
  expectEqual('length of y', (await stream.step(new Float32Array(2 * I))).length, 2 * smallWidth(subject));
}

const spoilArray = (data: FloatArray): void => spoil({ data });

const row = (data: ArrayLike<number>, t: number): Float32Array =>
  Float32Array.from(data).subarray(t * 3 * I, (t + 1) * 3 * I);

async function expectSteps(subject: Subject, given: Example): Promise<void> {
  const tensors = tensorsOf(subject.kind, given);
  const { input, initial } = tensors;
  using layers = await createExample(subject, given, tensors.stateDict);
  const { output, last } = await layers.forward(input, initial);
  using stream = layers.stream({ batchSize: given.batch, initial });
  const got: number[] = [];
  const width = given.batch * given.inputSize;
  for (let t = 0; t < given.steps; t++) {
    got.push(...(await stream.step(input.data.slice(t * width, (t + 1) * width))));
  }
  const enclosure = () => enclosureOf(subject, given, tensors);
  expectAgree(subject, 'steps', got, output.data, () => enclosure().output);
  expectStatesAgree(subject, '', dataOf(await stream.state()), dataOf(last), () => enclosure().last);
}

async function expectNoStream(
  subject: Subject,
  options: Options,
  code: 'CONGRUENT_BIDIRECTIONAL_STREAM' | 'CONGRUENT_TRAINING_STREAM',
  words: string,
): Promise<void> {
  using layers = await small(subject, options);
  await expectRefusal(subject, code, words, () => layers.stream());
}
