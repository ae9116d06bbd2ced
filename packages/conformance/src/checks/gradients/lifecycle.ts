import type { GRUCotangents, GRUOptions, PackedSequence, Tensor } from '@congruent/runtime';
import { BATCH, SIZES, STEPS, sample, small, smallCell, smallInput } from '../../examples/samples.ts';
import { expect, expectSameBits } from '../../expect/expect.ts';
import type { Check } from '../check.ts';
import { expectRefusal } from '../refusal.ts';
import { cotangentsOf, expectSameGradients } from './run.ts';
import { gradientCheck } from './training.ts';

const GROUP = 'gradients';
const { inputSize: I, hiddenSize: H } = SIZES;
const DEEP: Partial<GRUOptions> = { numLayers: 2, bidirectional: true };
const DROPPING: Partial<GRUOptions> = { ...DEEP, dropout: 0.5 };

/** Pullbacks over time: called twice, late, after others, in the wrong way, after the end. */
export const gradientLifecycleChecks: readonly Check[] = [
  gradientCheck(
    GROUP,
    'C28: pullback twice gives the same bits in fresh arrays, whatever came between',
    async (subject) => {
      using gru = await small(subject, DEEP);
      const { pullback, ...result } = await gru.vjp(smallInput());
      const given = cotangentsOf(result, 31);
      const first = await pullback(given);
      const kept = structuredClone(first);
      await pullback(cotangentsOf(result, 33));
      const other = await gru.vjp(sample([9, 3, I], 34));
      await other.pullback(cotangentsOf(other, 35));
      const second = await pullback(given);
      expectSameGradients('first, after the others', first, kept);
      expectSameGradients('second', second, kept);
      expect(first.input.data !== second.input.data, 'the gradient of input must be a fresh array');
    },
  ),
  gradientCheck(GROUP, 'C28: a pullback has the parameters of its call, whatever was loaded since', async (subject) => {
    using gru = await small(subject, DEEP);
    using same = await small(subject, DEEP);
    using other = await small(subject, { ...DEEP, seed: 8 });
    const { pullback, ...result } = await gru.vjp(smallInput());
    gru.loadStateDict(other.stateDict());
    const given = cotangentsOf(result, 31);
    const [got, expected] = [await pullback(given), await (await same.vjp(smallInput())).pullback(given)];
    expectSameGradients('after loadStateDict', got, expected);
    const [late, others] = [await gru.vjp(smallInput()), await other.vjp(smallInput())];
    expectSameGradients('a later call', await late.pullback(given), await others.pullback(given));
  }),
  gradientCheck(GROUP, 'C21: vjp and pullback leave operands, gradients and results alone', async (subject) => {
    using gru = await small(subject, DEEP);
    const [input, h0] = [smallInput(), sample([4, BATCH, H], 13)];
    const { pullback, ...result } = await gru.vjp(input, h0);
    const given = cotangentsOf(result, 31);
    const all = [input, h0, given.output, given.hn, result.output, result.hn, ...Object.values(gru.stateDict())];
    const before = all.map(({ data }) => data.slice());
    await pullback(given);
    const after = [...all.slice(0, 6), ...Object.values(gru.stateDict())];
    after.forEach(({ data }, i) => {
      expectSameBits(`tensor ${i}`, data, before[i]!);
    });
    result.output.data.fill(Number.NaN);
    result.hn.data.fill(Number.NaN);
    using same = await small(subject, DEEP);
    const expected = await (await same.vjp(input, h0)).pullback(given);
    expectSameGradients('after the results were overwritten', await pullback(given), expected);
  }),
  gradientCheck(
    GROUP,
    'C23: vjp and pullback read their operands before they return, and keep their order',
    async (subject) => {
      using gru = await small(subject, DEEP);
      using same = await small(subject, DEEP);
      using other = await small(subject, { ...DEEP, seed: 8 });
      const h0 = () => sample([4, BATCH, H], 13);
      const expected = await same.vjp(smallInput(), h0());
      const given = () => cotangentsOf(expected, 31);
      const [operands, cotangents] = [{ input: smallInput(), h0: h0() }, given()];
      const call = gru.vjp(operands.input, operands.h0);
      for (const { data } of Object.values(operands)) data.fill(0);
      gru.loadStateDict(other.stateDict());
      const late = gru.vjp(smallInput(), h0());
      const { pullback, output } = await call;
      expectSameBits('output of the first call', output.data, expected.output.data);
      const backs = [pullback(cotangents), (await late).pullback(given())];
      for (const { data } of Object.values(cotangents)) data.fill(0);
      gru.loadStateDict(same.stateDict());
      const [first, second] = await Promise.all(backs);
      expectSameGradients('first', first!, await expected.pullback(given()));
      expectSameGradients('second', second!, await (await other.vjp(smallInput(), h0())).pullback(given()));
    },
  ),
  gradientCheck(
    GROUP,
    'C29: vjp draws the masks of one training call, and every pullback has those of its own',
    async (subject) => {
      using gru = await small(subject, DROPPING);
      using same = await small(subject, DROPPING);
      const first = await gru.vjp(smallInput());
      const given = cotangentsOf(first, 31);
      const before = await first.pullback(given);
      await expectRefusal(subject, 'CONGRUENT_SHAPE', 'input_size', () => gru.vjp(sample([STEPS, 2, 9], 1)));
      expectSameBits('output of vjp', first.output.data, (await same.forward(smallInput())).output.data);
      const [second, expected] = [await gru.forward(smallInput()), await same.vjp(smallInput())];
      expectSameBits('output of the second call', second.output.data, expected.output.data);
      expectSameGradients('pullback of the first call', await first.pullback(given), before);
      const own = await expected.pullback(given);
      expect(own.input.data.join() !== before.input.data.join(), 'the second call has the masks of the first');
    },
  ),
  gradientCheck(GROUP, 'C18 C29: in evaluation mode gradients know no dropout', async (subject) => {
    using gru = await small(subject, DROPPING);
    using plain = await small(subject, DEEP);
    const [got, expected] = [await gru.eval().vjp(smallInput()), await plain.vjp(smallInput())];
    const given = cotangentsOf(expected, 31);
    gru.train();
    expectSameGradients('eval()', await got.pullback(given), await expected.pullback(given));
  }),
  gradientCheck(GROUP, 'E12: with dropout 1 nothing goes back to the layers below', async (subject) => {
    using gru = await small(subject, { ...DEEP, dropout: 1 });
    const { pullback, output } = await gru.vjp(smallInput());
    const { input, parameters } = await pullback({ output: sample(output.shape, 31) });
    for (const [name, { data }] of Object.entries({ input, ...parameters })) {
      const dead = name === 'input' || name.includes('_l0') || name.startsWith('weight_ih');
      expect(data.every((value) => value === 0) === dead, `the gradient of ${name} must${dead ? '' : ' not'} be zeros`);
    }
  }),
  gradientCheck(GROUP, 'C2 C4 C5 C7: vjp refuses the operands that forward refuses', async (subject) => {
    using gru = await small(subject);
    const features = 'input.size(-1) must be equal to input_size. Expected 3, got 4';
    await expectRefusal(subject, 'CONGRUENT_SHAPE', features, () => gru.vjp(sample([STEPS, BATCH, I + 1], 1)));
    const h0 = sample([1, BATCH + 1, H], 13);
    await expectRefusal(subject, 'CONGRUENT_SHAPE', 'Expected hidden size', () => gru.vjp(smallInput(), h0));
    await expectRefusal(subject, 'CONGRUENT_DTYPE', 'float64', () => gru.vjp(smallInput('float64')));
    using cell = await smallCell(subject);
    const rows = 'input has inconsistent input_size: got 4 expected 3';
    await expectRefusal(subject, 'CONGRUENT_SHAPE', rows, () => cell.vjp(sample([BATCH, I + 1], 1)));
  }),
  gradientCheck(
    GROUP,
    'C26: nothing to go back from, and unknown names, are refused with CONGRUENT_OPTION',
    async (subject) => {
      using gru = await small(subject);
      const { pullback } = await gru.vjp(smallInput());
      const output = sample([STEPS, BATCH, H], 31);
      await expectRefusal(subject, 'CONGRUENT_OPTION', 'no gradient', () => pullback({}));
      await expectRefusal(subject, 'CONGRUENT_OPTION', "'output'", () => pullback({ ouput: output } as GRUCotangents));
      await expectRefusal(subject, 'CONGRUENT_OPTION', 'h0', () => pullback({ output, h0: output } as GRUCotangents));
      await pullback({ output });
    },
  ),
  gradientCheck(GROUP, 'C27: a gradient of the wrong shape is refused with CONGRUENT_SHAPE', async (subject) => {
    using gru = await small(subject);
    const { pullback } = await gru.vjp(smallInput());
    const words = ['Mismatch in shape: grad_output has a shape of', 'and output has a shape of'];
    const wrong = [
      [STEPS, BATCH, H + 1],
      [STEPS, BATCH * H],
      [BATCH, STEPS, H],
      [STEPS - 1, BATCH, H],
    ];
    for (const shape of wrong) {
      await expectRefusal(subject, 'CONGRUENT_SHAPE', words, () => pullback({ output: sample(shape, 31) }));
    }
    for (const shape of [
      [BATCH, H],
      [1, BATCH, H + 1],
      [2, BATCH, H],
    ]) {
      await expectRefusal(subject, 'CONGRUENT_SHAPE', words, () => pullback({ hn: sample(shape, 31) }));
    }
    using cell = await smallCell(subject);
    const step = await cell.vjp(sample([BATCH, I], 14));
    await expectRefusal(subject, 'CONGRUENT_SHAPE', words, () => step.pullback(sample([H], 31)));
    await pullback({ output: sample([STEPS, BATCH, H], 31) });
  }),
  gradientCheck(GROUP, 'C27: a gradient of the wrong element type is refused with CONGRUENT_DTYPE', async (subject) => {
    using gru = await small(subject);
    const { pullback } = await gru.vjp(smallInput());
    const output = sample([STEPS, BATCH, H], 31, 'float64');
    await expectRefusal(subject, 'CONGRUENT_DTYPE', 'float64', () => pullback({ output }));
    await expectRefusal(subject, 'CONGRUENT_DTYPE', 'float64', () =>
      pullback({ hn: sample([1, BATCH, H], 31, 'float64') }),
    );
    using cell = await smallCell(subject);
    const step = await cell.vjp(sample([I], 14));
    await expectRefusal(subject, 'CONGRUENT_DTYPE', 'float64', () => step.pullback(sample([H], 31, 'float64')));
  }),
  gradientCheck(
    GROUP,
    'C27: a gradient that is not packed as its result is refused with CONGRUENT_PACKED',
    async (subject) => {
      using gru = await small(subject);
      const pack = (tensor: Tensor, lengths: readonly number[]): PackedSequence =>
        subject.packPaddedSequence(tensor, lengths, { enforceSorted: false });
      const input = sample([STEPS, 3, I], 21);
      const given = sample([STEPS, 3, H], 31);
      const { pullback } = await gru.vjp(pack(input, [2, 4, 1]));
      const wrong = [given, pack(given, [1, 4, 2]), pack(given, [4, 4, 1])];
      for (const output of wrong) {
        await expectRefusal(subject, 'CONGRUENT_PACKED', 'PackedSequence', () =>
          pullback({ output } as GRUCotangents<PackedSequence>),
        );
      }
      await pullback({ output: pack(given, [2, 4, 1]) });
      const padded = await gru.vjp(input);
      const packed = { output: pack(given, [4, 4, 4]) } as unknown as GRUCotangents;
      await expectRefusal(subject, 'CONGRUENT_SHAPE', [], () => padded.pullback(packed));
    },
  ),
  gradientCheck(
    GROUP,
    'C30: after dispose of the GRU or the pullback, pullback is refused with CONGRUENT_DISPOSED',
    async (subject) => {
      const gru = await small(subject);
      const [{ pullback }, other] = [await gru.vjp(smallInput()), await gru.vjp(smallInput())];
      const given = { output: sample([STEPS, BATCH, H], 31) };
      pullback.dispose();
      pullback.dispose();
      await expectRefusal(subject, 'CONGRUENT_DISPOSED', 'dispose', () => pullback(given));
      await other.pullback(given);
      await gru.forward(smallInput());
      gru.dispose();
      await expectRefusal(subject, 'CONGRUENT_DISPOSED', 'dispose', () => other.pullback(given));
      other.pullback.dispose();
      await expectRefusal(subject, 'CONGRUENT_DISPOSED', 'dispose', () => gru.vjp(smallInput()));
      const cell = await smallCell(subject);
      const step = await cell.vjp(sample([I], 14));
      cell.dispose();
      await expectRefusal(subject, 'CONGRUENT_DISPOSED', 'dispose', () => step.pullback(sample([H], 31)));
      await expectRefusal(subject, 'CONGRUENT_DISPOSED', 'dispose', () => cell.vjp(sample([I], 14)));
      step.pullback[Symbol.dispose]();
    },
  ),
];
