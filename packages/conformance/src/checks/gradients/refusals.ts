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
import { type Kind, statesOf } from '../../kinds/kind.ts';
import type { Named } from '../../subject/classes.ts';
import type { LayerCotangents } from '../../subject/layers.ts';
import type { KindCheck } from '../check.ts';
import { expectRefusal } from '../refusal.ts';
import { gradientCheck } from './training.ts';

const GROUP = 'gradients';
const { inputSize: I } = SIZES;

/** What `vjp` and `pullback` refuse: operands, gradients, and calls after the end. */
export const gradientRefusalChecks = (kind: Kind): readonly KindCheck[] => [
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
