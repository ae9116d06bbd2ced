import type { Tensor } from '@congruent/runtime';
import { expectSameStates } from '../examples/example.ts';
import { SIZES, sample, small, smallInput } from '../examples/samples.ts';
import { expect, expectEqual, expectSameBits } from '../expect/expect.ts';
import type { Kind } from '../kinds/kind.ts';
import { referenceModule } from '../reference/backend.ts';
import type { Options } from '../subject/classes.ts';
import type { LayersUnderTest } from '../subject/layers.ts';
import { backendOf, subjectOf } from '../subject/open.ts';
import type { Subject } from '../subject/subject.ts';
import { check, type KindCheck } from './check.ts';
import { expectRefusal } from './refusal.ts';

const GROUP = 'dropout';
const DROPPING: Options = { numLayers: 2, dropout: 0.5 };

/** Training and evaluation mode. */
export const dropoutChecks = ({ layerClass }: Kind): readonly KindCheck[] => [
  check(
    GROUP,
    `C18: training starts true; train() and eval() switch it and return the ${layerClass}`,
    async (subject) => {
      using layers = await small(subject);
      const gru = layers.made;
      expectEqual('training', gru.training, true);
      expect(gru.eval() === gru && !gru.training, 'eval() must return itself and switch training off');
      expect(gru.train() === gru && gru.training, 'train() must return itself and switch training on');
      gru.train(false);
      expectEqual('training after train(false)', gru.training, false);
      const wrong = 1 as unknown as boolean;
      await expectRefusal(subject, 'CONGRUENT_OPTION', 'training mode is expected to be boolean', () =>
        gru.train(wrong),
      );
    },
  ),
  check(GROUP, 'C18: in evaluation mode dropout does nothing', async (subject) => {
    using layers = await small(subject, DROPPING);
    using plain = await small(subject, { numLayers: 2 });
    const [got, expected] = [await layers.eval().forward(smallInput()), await plain.forward(smallInput())];
    expectSameBits('output', got.output.data, expected.output.data);
    expectSameStates(subject, '', got.last, expected.last);
  }),
  check(
    GROUP,
    'E8: dropout 1 gives zeros to the layer above, and leaves the output of the last layer alone',
    async (subject) => {
      using layers = await small(subject, { numLayers: 2, dropout: 1 });
      using blind = await small(subject, { numLayers: 2 });
      blind.loadStateDict(
        { weight_ih_l1: sample(blind.stateDict()['weight_ih_l1']!.shape, 1, 'float32', 0) },
        { strict: false },
      );
      const [got, expected] = [await layers.forward(smallInput()), await blind.forward(smallInput())];
      expectSameBits('output', got.output.data, expected.output.data);
      expectSameStates(subject, '', got.last, expected.last);
    },
  ),
  check(GROUP, 'E8: with one layer dropout does nothing', async (subject) => {
    using layers = await small(subject, { dropout: 0.9 });
    using plain = await small(subject);
    const [got, expected] = [await layers.forward(smallInput()), await plain.forward(smallInput())];
    expectSameBits('output', got.output.data, expected.output.data);
  }),
  check(GROUP, 'C19: a refused call and evaluation draw no mask', async (subject) => {
    using layers = await small(subject, DROPPING);
    using same = await small(subject, DROPPING);
    await expectRefusal(subject, 'CONGRUENT_SHAPE', 'input_size', () => layers.forward(sample([4, 2, 9], 1)));
    await layers.eval().forward(smallInput());
    const got = await layers.train().forward(smallInput());
    expectSameBits('output', got.output.data, (await same.forward(smallInput())).output.data);
  }),
];

/** Which elements are zeroed, as a GRU shows them that gives what it sees. */
export const maskChecks: readonly KindCheck[] = [
  check(GROUP, 'E8: an element is zeroed with probability p, else divided by 1 − p', async (subject) => {
    using gru = await transparent(subject, DROPPING, 1);
    using scaled = await transparent(subject, {}, 2);
    const input = sample([20, 3, SIZES.inputSize], 41);
    const got = (await gru.forward(input)).output.data;
    const kept = (await scaled.forward(input)).output.data;
    let zeros = 0;
    got.forEach((value, i) => {
      if (value === 0) zeros++;
      else expectEqual(`output[${i}] that is not zeroed`, value, kept[i]);
    });
    // The number of zeros of n elements has standard deviation √(n/4).
    const off = Math.abs(zeros - got.length / 2);
    expect(off < 6 * Math.sqrt(got.length / 4), `${zeros} of ${got.length} elements are zeroed with dropout 0.5`);
  }),
  check(
    GROUP,
    'C19: masks follow from the seed, differ from call to call, and are the same on every backend',
    async (subject) => {
      const input = sample([10, 2, SIZES.inputSize], 42);
      const zeros = async (gru: LayersUnderTest): Promise<boolean[]> =>
        Array.from((await gru.forward(input)).output.data, (value) => value === 0);
      using gru = await transparent(subject, DROPPING, 1);
      using same = await transparent(subject, DROPPING, 1);
      using other = await transparent(subject, { ...DROPPING, seed: 8 }, 1);
      const reference = subjectOf(backendOf(referenceModule(), {}, subject.random), subject.kind);
      using specified = await transparent(reference, DROPPING, 1);
      const [first, second] = [await zeros(gru), await zeros(gru)];
      expectEqual('mask of the same seed', await zeros(same), first);
      expectEqual('second mask of the same seed', await zeros(same), second);
      expectEqual('mask on every backend', await zeros(specified), first);
      expect(`${first}` !== `${second}`, 'the second call has the mask of the first');
      expect(`${first}` !== `${await zeros(other)}`, 'another seed has the same mask');
    },
  ),
];

/** A GRU of two layers whose second layer gives tanh(scale · x) of what it sees: z = 0 and W_in is diagonal. */
async function transparent(
  subject: Pick<Subject, 'createLayers'>,
  options: Options,
  scale: number,
): Promise<LayersUnderTest> {
  const H = SIZES.hiddenSize;
  const gru = await subject.createLayers({ ...SIZES, seed: 7, ...options, numLayers: 2 });
  const zeros = (shape: readonly number[]): Tensor => sample(shape, 0, 'float32', 0);
  const [weight_ih_l1, weight_hh_l1] = [zeros([3 * H, H]), zeros([3 * H, H])];
  const [bias_ih_l1, bias_hh_l1] = [zeros([3 * H]), zeros([3 * H])];
  for (let j = 0; j < H; j++) weight_ih_l1.data[(2 * H + j) * H + j] = scale;
  bias_ih_l1.data.fill(-1000, H, 2 * H);
  gru.loadStateDict({ weight_ih_l1, weight_hh_l1, bias_ih_l1, bias_hh_l1 }, { strict: false });
  return gru;
}
