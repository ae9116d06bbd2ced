import type { PackedSequence, Tensor } from '@congruent/runtime';
import {
  BATCH,
  rowStateShapes,
  SIZES,
  STEPS,
  sample,
  samples,
  small,
  smallCell,
  smallInput,
  smallStateShapes,
  smallWidth,
} from '../../examples/samples.ts';
import { expect, expectSameBits } from '../../expect/expect.ts';
import { type Kind, statesOf } from '../../kinds/kind.ts';
import type { Named, Options } from '../../subject/classes.ts';
import type { LayerCotangents } from '../../subject/layers.ts';
import type { KindCheck } from '../check.ts';
import { expectRefusal } from '../refusal.ts';
import { cotangentsOf, expectSameGradients } from './run.ts';
import { gradientCheck } from './training.ts';

const GROUP = 'gradients';
const { inputSize: I } = SIZES;
const DEEP: Options = { numLayers: 2, bidirectional: true };
const DROPPING: Options = { ...DEEP, dropout: 0.5 };

/** Pullbacks over time: called twice, late, after others, in the wrong way, after the end. */
export const gradientLifecycleChecks = (kind: Kind): readonly KindCheck[] => [
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
  gradientCheck(GROUP, 'C2 C4 C5 C7: vjp refuses the operands that forward refuses', async (subject) => {
    using layers = await small(subject);
    const features = 'input.size(-1) must be equal to input_size. Expected 3, got 4';
    await expectRefusal(subject, 'CONGRUENT_SHAPE', features, () => layers.vjp(sample([STEPS, BATCH, I + 1], 1)));
    const initial = samples(smallStateShapes(subject, {}, [BATCH + 1]), 13);
    await expectRefusal(subject, 'CONGRUENT_SHAPE', 'Expected hidden', () => layers.vjp(smallInput(), initial));
    await expectRefusal(subject, 'CONGRUENT_DTYPE', 'float64', () => layers.vjp(smallInput('float64')));
    if (!kind.cellClass) return;
    using cell = await smallCell(subject);
    const rows = 'input has inconsistent input_size: got 4 expected 3';
    await expectRefusal(subject, 'CONGRUENT_SHAPE', rows, () => cell.vjp(sample([BATCH, I + 1], 1)));
  }),
  gradientCheck(
    GROUP,
    'C26: nothing to go back from, and unknown names, are refused with CONGRUENT_OPTION',
    async (subject) => {
      using layers = await small(subject);
      const { pullback } = await layers.made.vjp(smallInput());
      const output = sample([STEPS, BATCH, smallWidth(subject)], 31);
      const refuse = (words: string, given: Named) =>
        expectRefusal(subject, 'CONGRUENT_OPTION', words, () => pullback(given));
      await refuse('no gradient', {});
      await refuse('All: output', { ouput: output });
      for (const name of statesOf(kind, '0')) await refuse(name, { output, [name]: output });
      await pullback({ output });
    },
  ),
  gradientCheck(GROUP, 'C27: a gradient of the wrong shape is refused with CONGRUENT_SHAPE', async (subject) => {
    using layers = await small(subject);
    const { pullback } = await layers.vjp(smallInput());
    const words = ['Mismatch in shape: grad_output has a shape of', 'and output has a shape of'];
    const width = smallWidth(subject);
    const wrong = [
      [STEPS, BATCH, width + 1],
      [STEPS, BATCH * width],
      [BATCH, STEPS, width],
      [STEPS - 1, BATCH, width],
    ];
    for (const shape of wrong) {
      await expectRefusal(subject, 'CONGRUENT_SHAPE', words, () => pullback({ output: sample(shape, 31) }));
    }
    for (const [index, [count, batch, of]] of smallStateShapes(subject).entries()) {
      for (const shape of [
        [batch!, of!],
        [count!, batch!, of! + 1],
        [count! + 1, batch!, of!],
      ]) {
        const last = statesOf(kind, 'n').map((_, i) => (i === index ? sample(shape, 31) : undefined));
        await expectRefusal(subject, 'CONGRUENT_SHAPE', words, () => pullback({ last }));
      }
    }
    await pullback({ output: sample([STEPS, BATCH, width], 31) });
    if (!kind.cellClass) return;
    using cell = await smallCell(subject);
    const step = await cell.vjp(sample([BATCH, I], 14));
    const row = samples(rowStateShapes(subject, []), 31);
    await expectRefusal(subject, 'CONGRUENT_SHAPE', words, () => step.pullback(row));
  }),
  gradientCheck(GROUP, 'C27: a gradient of the wrong element type is refused with CONGRUENT_DTYPE', async (subject) => {
    using layers = await small(subject);
    const { pullback } = await layers.vjp(smallInput());
    const output = sample([STEPS, BATCH, smallWidth(subject)], 31, 'float64');
    await expectRefusal(subject, 'CONGRUENT_DTYPE', 'float64', () => pullback({ output }));
    const last = samples(smallStateShapes(subject), 31, 'float64');
    await expectRefusal(subject, 'CONGRUENT_DTYPE', 'float64', () => pullback({ last }));
    if (!kind.cellClass) return;
    using cell = await smallCell(subject);
    const step = await cell.vjp(sample([I], 14));
    const row = samples(rowStateShapes(subject, []), 31, 'float64');
    await expectRefusal(subject, 'CONGRUENT_DTYPE', 'float64', () => step.pullback(row));
  }),
  gradientCheck(
    GROUP,
    'C27: a gradient that is not packed as its result is refused with CONGRUENT_PACKED',
    async (subject) => {
      using layers = await small(subject);
      const pack = (tensor: Tensor, lengths: readonly number[]): PackedSequence =>
        subject.packPaddedSequence(tensor, lengths, { enforceSorted: false });
      const input = sample([STEPS, 3, I], 21);
      const given = sample([STEPS, 3, smallWidth(subject)], 31);
      const { pullback } = await layers.vjp(pack(input, [2, 4, 1]));
      const wrong = [given, pack(given, [1, 4, 2]), pack(given, [4, 4, 1])];
      for (const output of wrong) {
        await expectRefusal(subject, 'CONGRUENT_PACKED', 'PackedSequence', () =>
          pullback({ output } as LayerCotangents<PackedSequence>),
        );
      }
      await pullback({ output: pack(given, [2, 4, 1]) });
      const padded = await layers.vjp(input);
      const packed = { output: pack(given, [4, 4, 4]) } as unknown as LayerCotangents;
      await expectRefusal(subject, 'CONGRUENT_SHAPE', [], () => padded.pullback(packed));
    },
  ),
  gradientCheck(
    GROUP,
    `C30: after dispose of the ${kind.layerClass} or the pullback, pullback is refused with CONGRUENT_DISPOSED`,
    async (subject) => {
      const layers = await small(subject);
      const [{ pullback }, other] = [await layers.vjp(smallInput()), await layers.vjp(smallInput())];
      const given = { output: sample([STEPS, BATCH, smallWidth(subject)], 31) };
      pullback.dispose();
      pullback.dispose();
      await expectRefusal(subject, 'CONGRUENT_DISPOSED', 'dispose', () => pullback(given));
      await other.pullback(given);
      await layers.forward(smallInput());
      layers.dispose();
      await expectRefusal(subject, 'CONGRUENT_DISPOSED', 'dispose', () => other.pullback(given));
      other.pullback.dispose();
      await expectRefusal(subject, 'CONGRUENT_DISPOSED', 'dispose', () => layers.vjp(smallInput()));
      if (!kind.cellClass) return;
      const cell = await smallCell(subject);
      const step = await cell.vjp(sample([I], 14));
      cell.dispose();
      const row = samples(rowStateShapes(subject, []), 31);
      await expectRefusal(subject, 'CONGRUENT_DISPOSED', 'dispose', () => step.pullback(row));
      await expectRefusal(subject, 'CONGRUENT_DISPOSED', 'dispose', () => cell.vjp(sample([I], 14)));
      step.pullback[Symbol.dispose]();
    },
  ),
];
