import { SIZES, STEPS, sample, samples, small, smallInput, smallStateShapes } from '../../examples/samples.ts';
import { expect, expectSameBits } from '../../expect/expect.ts';
import type { Options } from '../../subject/classes.ts';
import type { KindCheck } from '../check.ts';
import { expectRefusal } from '../refusal.ts';
import { cotangentsOf, expectSameGradients } from './run.ts';
import { gradientCheck } from './training.ts';

const GROUP = 'gradients';
const { inputSize: I } = SIZES;
const DEEP: Options = { numLayers: 2, bidirectional: true };
const DROPPING: Options = { ...DEEP, dropout: 0.5 };

/** Pullbacks over time: called twice, late, after others, in another mode. */
export const gradientLifecycleChecks: readonly KindCheck[] = [
  gradientCheck(
    GROUP,
    'C28: pullback twice gives the same bits in fresh arrays, whatever came between',
    async (subject) => {
      using layers = await small(subject, DEEP);
      const { pullback, ...result } = await layers.vjp(smallInput());
      const given = cotangentsOf(result, 31);
      const first = await pullback(given);
      const kept = structuredClone(first);
      await pullback(cotangentsOf(result, 33));
      const other = await layers.vjp(sample([9, 3, I], 34));
      await other.pullback(cotangentsOf(other, 35));
      const second = await pullback(given);
      expectSameGradients(subject, 'first, after the others', first, kept);
      expectSameGradients(subject, 'second', second, kept);
      expect(first.input.data !== second.input.data, 'the gradient of input must be a fresh array');
    },
  ),
  gradientCheck(GROUP, 'C28: a pullback has the parameters of its call, whatever was loaded since', async (subject) => {
    using layers = await small(subject, DEEP);
    using same = await small(subject, DEEP);
    using other = await small(subject, { ...DEEP, seed: 8 });
    const { pullback, ...result } = await layers.vjp(smallInput());
    layers.loadStateDict(other.stateDict());
    const given = cotangentsOf(result, 31);
    const [got, expected] = [await pullback(given), await (await same.vjp(smallInput())).pullback(given)];
    expectSameGradients(subject, 'after loadStateDict', got, expected);
    const [late, others] = [await layers.vjp(smallInput()), await other.vjp(smallInput())];
    expectSameGradients(subject, 'a later call', await late.pullback(given), await others.pullback(given));
  }),
  gradientCheck(GROUP, 'C21: vjp and pullback leave operands, gradients and results alone', async (subject) => {
    using layers = await small(subject, DEEP);
    const [input, initial] = [smallInput(), samples(smallStateShapes(subject, DEEP), 13)];
    const { pullback, ...result } = await layers.vjp(input, initial);
    const given = cotangentsOf(result, 31);
    const own = [input, ...initial, given.output, ...given.last, result.output, ...result.last];
    const before = [...own, ...Object.values(layers.stateDict())].map(({ data }) => data.slice());
    await pullback(given);
    const after = [...own, ...Object.values(layers.stateDict())];
    after.forEach(({ data }, i) => {
      expectSameBits(`tensor ${i}`, data, before[i]!);
    });
    for (const { data } of [result.output, ...result.last]) data.fill(Number.NaN);
    using same = await small(subject, DEEP);
    const expected = await (await same.vjp(input, initial)).pullback(given);
    expectSameGradients(subject, 'after the results were overwritten', await pullback(given), expected);
  }),
  gradientCheck(
    GROUP,
    'C23: vjp and pullback read their operands before they return, and keep their order',
    async (subject) => {
      using layers = await small(subject, DEEP);
      using same = await small(subject, DEEP);
      using other = await small(subject, { ...DEEP, seed: 8 });
      const initial = () => samples(smallStateShapes(subject, DEEP), 13);
      const expected = await same.vjp(smallInput(), initial());
      const given = () => cotangentsOf(expected, 31);
      const [operands, cotangents] = [{ input: smallInput(), initial: initial() }, given()];
      const call = layers.vjp(operands.input, operands.initial);
      for (const { data } of [operands.input, ...operands.initial]) data.fill(0);
      layers.loadStateDict(other.stateDict());
      const late = layers.vjp(smallInput(), initial());
      const { pullback, output } = await call;
      expectSameBits('output of the first call', output.data, expected.output.data);
      const backs = [pullback(cotangents), (await late).pullback(given())];
      for (const { data } of [cotangents.output, ...cotangents.last]) data.fill(0);
      layers.loadStateDict(same.stateDict());
      const [first, second] = await Promise.all(backs);
      expectSameGradients(subject, 'first', first!, await expected.pullback(given()));
      expectSameGradients(
        subject,
        'second',
        second!,
        await (await other.vjp(smallInput(), initial())).pullback(given()),
      );
    },
  ),
  gradientCheck(
    GROUP,
    'C29: vjp draws the masks of one training call, and every pullback has those of its own',
    async (subject) => {
      using layers = await small(subject, DROPPING);
      using same = await small(subject, DROPPING);
      const first = await layers.vjp(smallInput());
      const given = cotangentsOf(first, 31);
      const before = await first.pullback(given);
      await expectRefusal(subject, 'CONGRUENT_SHAPE', 'input_size', () => layers.vjp(sample([STEPS, 2, 9], 1)));
      expectSameBits('output of vjp', first.output.data, (await same.forward(smallInput())).output.data);
      const [second, expected] = [await layers.forward(smallInput()), await same.vjp(smallInput())];
      expectSameBits('output of the second call', second.output.data, expected.output.data);
      expectSameGradients(subject, 'pullback of the first call', await first.pullback(given), before);
      const own = await expected.pullback(given);
      expect(own.input.data.join() !== before.input.data.join(), 'the second call has the masks of the first');
    },
  ),
  gradientCheck(GROUP, 'C18 C29: in evaluation mode gradients know no dropout', async (subject) => {
    using layers = await small(subject, DROPPING);
    using plain = await small(subject, DEEP);
    const [got, expected] = [await layers.eval().vjp(smallInput()), await plain.vjp(smallInput())];
    const given = cotangentsOf(expected, 31);
    layers.train();
    expectSameGradients(subject, 'eval()', await got.pullback(given), await expected.pullback(given));
  }),
  gradientCheck(GROUP, 'E12: with dropout 1 nothing goes back to the layers below', async (subject) => {
    using layers = await small(subject, { ...DEEP, dropout: 1 });
    const { pullback, output } = await layers.vjp(smallInput());
    const { input, parameters } = await pullback({ output: sample(output.shape, 31) });
    for (const [name, { data }] of Object.entries({ input, ...parameters })) {
      const dead = name === 'input' || name.includes('_l0') || name.startsWith('weight_ih');
      expect(data.every((value) => value === 0) === dead, `the gradient of ${name} must${dead ? '' : ' not'} be zeros`);
    }
  }),
];
