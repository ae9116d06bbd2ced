import type { Tensor } from '@congruent/runtime';
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
} from '../examples/samples.ts';
import { expectEqual, expectSameBits } from '../expect/expect.ts';
import { type Kind, statesText } from '../kinds/kind.ts';
import type { Options } from '../subject/classes.ts';
import type { Subject } from '../subject/subject.ts';
import { check, type KindCheck } from './check.ts';
import { expectRefusal } from './refusal.ts';
import { expectedDimensions, expectedStates } from './states.ts';

const { inputSize: I } = SIZES;
type Shape = readonly number[];

/** A check that an input is refused, and that the layers still work afterwards. */
const refused = (title: string, words: string, options: Options, input: Shape): KindCheck =>
  check('shapes', title, (subject) => expectRefused(subject, [words], options, sample(input, 1)));

/** The same for each of the initial states in turn, changed where the others are right. */
const stateRefused = (title: string, options: Options, input: Shape, change: (shape: number[]) => Shape): KindCheck =>
  check('shapes', title, async (subject) => {
    const right = smallStateShapes(subject, options);
    for (const [index, words] of expectedStates(subject.kind, right).entries()) {
      const shapes = right.map((shape, i) => (i === index ? change([...shape]) : shape));
      const got = `got [${shapes[index]!.join(', ')}]`;
      await expectRefused(subject, [words, got], options, sample(input, 1), samples(shapes, 2));
    }
  });

async function expectRefused(
  subject: Subject,
  words: readonly string[],
  options: Options,
  input: Tensor,
  initial?: readonly Tensor[],
): Promise<void> {
  using layers = await small(subject, options);
  const good = options.batchFirst ? sample([BATCH, STEPS, I], 1) : sample([STEPS, BATCH, I], 1);
  const before = await layers.forward(good);
  await expectRefusal(subject, 'CONGRUENT_SHAPE', words, () => layers.forward(input, initial));
  const after = await layers.forward(good);
  expectSameBits('output after the refused call', after.output.data, before.output.data);
}

function cellRefused(title: string, words: string, x: Shape, change?: (shape: number[]) => Shape): KindCheck {
  return check('shapes', title, async (subject) => {
    using cell = await smallCell(subject);
    const states = change && samples(rowStateShapes(subject, x.slice(0, -1)).map(change), 2);
    await expectRefusal(subject, 'CONGRUENT_SHAPE', words, () => cell.forward(sample(x, 1), states));
  });
}

async function expectShapes(
  subject: Subject,
  options: Options,
  input: Shape,
  expected: { readonly output: (width: number) => Shape; readonly rows: Shape },
  given = false,
): Promise<void> {
  using layers = await small(subject, options);
  const states = smallStateShapes(subject, options, expected.rows);
  const { output, last } = await layers.forward(sample(input, 1), given ? samples(states, 2) : undefined);
  const what = `shapes with batchFirst ${options.batchFirst ?? false}`;
  const got = [output, ...last].map(({ shape }) => shape);
  expectEqual(what, got, [expected.output(2 * smallWidth(subject)), ...states]);
}

const both = { numLayers: 2, bidirectional: true } as const;

/** `hn [L·D, B, H]`, or of several states. */
function lastText({ cell }: Kind, batch = 'B, '): string {
  return cell.states.map(({ name, shape }) => `${name}n [L·D, ${batch}${shape.join(', ')}]`).join(' and ');
}

/** `D·H`, or with a projection `D·P`. */
const outputText = ({ cell }: Kind): string => `D·${cell.states[0]!.shape.join('·')}`;

/** Shapes that are right, and the refusal of those that are not. */
export const shapeChecks = (kind: Kind): readonly KindCheck[] => [
  check('shapes', `P1 P6: input [T, B, I] gives output [T, B, ${outputText(kind)}] and ${lastText(kind)}`, (subject) =>
    expectShapes(subject, both, [STEPS, BATCH, I], { output: (width) => [STEPS, BATCH, width], rows: [BATCH] }),
  ),
  check(
    'shapes',
    `P2 P5: batchFirst gives output [B, T, ${outputText(kind)}], and ${lastText(kind)} as ever`,
    (subject) =>
      expectShapes(subject, { ...both, batchFirst: true }, [BATCH, STEPS, I], {
        output: (width) => [BATCH, STEPS, width],
        rows: [BATCH],
      }),
  ),
  check(
    'shapes',
    `P3: unbatched input [T, I] gives output [T, ${outputText(kind)}] and ${lastText(kind, '')}, also with batchFirst`,
    async (subject) => {
      for (const batchFirst of [false, true]) {
        const expected = { output: (width: number) => [STEPS, width], rows: [] };
        await expectShapes(subject, { ...both, batchFirst }, [STEPS, I], expected, true);
      }
    },
  ),
  check('shapes', 'P1 C21: an empty batch gives empty results', (subject) =>
    expectShapes(subject, both, [STEPS, 0, I], { output: (width) => [STEPS, 0, width], rows: [0] }),
  ),
  check('shapes', 'P1 C21: an empty batch gives empty results at once, whatever number of steps it claims', (subject) =>
    expectShapes(subject, both, [2 ** 32, 0, I], { output: (width) => [2 ** 32, 0, width], rows: [0] }),
  ),
  refused('C1: an input of 1 dimension is refused with CONGRUENT_SHAPE', 'Expected input to be 2D or 3D, got 1D', {}, [
    I,
  ]),
  refused('C1: an input of 4 dimensions is refused with CONGRUENT_SHAPE', 'Expected input to be 2D or 3D, got 4D', {}, [
    1,
    2,
    3,
    I,
  ]),
  refused(
    'C2: an input of the wrong number of features is refused with CONGRUENT_SHAPE',
    'input.size(-1) must be equal to input_size. Expected 3, got 4',
    {},
    [STEPS, BATCH, I + 1],
  ),
  refused(
    'C2: an unbatched input of the wrong number of features is refused with CONGRUENT_SHAPE',
    'input.size(-1) must be equal to input_size. Expected 3, got 2',
    { batchFirst: true },
    [STEPS, I - 1],
  ),
  ...stateRefusals(kind),
  check(
    'shapes',
    `C4: ${statesText(kind, '0')} of the wrong batch size for a packed input is refused with CONGRUENT_SHAPE`,
    async (subject) => {
      using layers = await small(subject);
      const packed = subject.packPaddedSequence(smallInput(), [STEPS, 1]);
      const [words] = expectedStates(kind, smallStateShapes(subject));
      const wrong = samples(smallStateShapes(subject, {}, [3]), 2);
      await expectRefusal(subject, 'CONGRUENT_SHAPE', words!, () => layers.forward(packed, wrong));
    },
  ),
  check('shapes', 'C1: an input that is no tensor is refused with CONGRUENT_SHAPE', async (subject) => {
    using layers = await small(subject);
    for (const input of [undefined, null, 5, [1, 2, 3], new Float32Array(I)]) {
      await expectRefusal(subject, 'CONGRUENT_SHAPE', 'must be a tensor', () =>
        layers.forward(input as unknown as Tensor),
      );
    }
  }),
  check(
    'shapes',
    'C1: a tensor whose data does not fill its shape is refused with CONGRUENT_SHAPE',
    async (subject) => {
      using layers = await small(subject);
      const broken = { data: new Float32Array(5), shape: [STEPS, BATCH, I] };
      await expectRefusal(subject, 'CONGRUENT_SHAPE', 'is invalid for input of size 5', () => layers.forward(broken));
      await expectRefusal(subject, 'CONGRUENT_SHAPE', 'is invalid for input of size 5', () =>
        subject.tensor(new Float32Array(5), [2, 3]),
      );
    },
  ),
  check(
    'shapes',
    `C5: an input or ${statesText(kind, '0')} of another element type is refused with CONGRUENT_DTYPE`,
    async (subject) => {
      using layers = await small(subject);
      const words = ['torch.float32', 'torch.float64'];
      await expectRefusal(subject, 'CONGRUENT_DTYPE', words, () => layers.forward(smallInput('float64')));
      const initial = samples(smallStateShapes(subject), 2, 'float64');
      await expectRefusal(subject, 'CONGRUENT_DTYPE', words, () => layers.forward(smallInput(), initial));
      await expectRefusal(subject, 'CONGRUENT_DTYPE', 'Int32Array', () =>
        subject.tensor(new Int32Array(4) as unknown as Float32Array),
      );
    },
  ),
  check('shapes', 'C6: a sequence of no steps is refused with CONGRUENT_EMPTY_SEQUENCE', async (subject) => {
    using layers = await small(subject);
    const words = 'Expected sequence length to be larger than 0 in RNN';
    await expectRefusal(subject, 'CONGRUENT_EMPTY_SEQUENCE', words, () => layers.forward(sample([0, BATCH, I], 1)));
    await expectRefusal(subject, 'CONGRUENT_EMPTY_SEQUENCE', words, () => layers.forward(sample([0, I], 1)));
  }),
  ...(kind.cellClass ? cellChecks(kind.cellClass) : []),
];

/** Initial states of the wrong shape, one after the other. */
function stateRefusals(kind: Kind): KindCheck[] {
  const initial = statesText(kind, '0');
  const refusal = 'is refused with CONGRUENT_SHAPE';
  const all = [STEPS, BATCH, I];
  return [
    check('shapes', `C3: ${initial} [L·D, H] with a batched input ${refusal}`, async (subject) => {
      const shapes = smallStateShapes(subject, {}, []);
      await expectRefused(subject, [expectedDimensions(kind, true)], {}, sample(all, 1), samples(shapes, 2));
    }),
    check('shapes', `C3: ${initial} [L·D, 1, H] with an unbatched input ${refusal}`, async (subject) => {
      const shapes = smallStateShapes(subject, {}, [1]);
      await expectRefused(subject, [expectedDimensions(kind, false)], {}, sample([STEPS, I], 1), samples(shapes, 2));
    }),
    stateRefused(`C4: ${initial} of the wrong batch size ${refusal}`, {}, all, ([count, batch, width]) => [
      count!,
      batch! + 1,
      width!,
    ]),
    stateRefused(`C4: ${initial} of the wrong hidden size ${refusal}`, {}, all, ([count, batch, width]) => [
      count!,
      batch!,
      width! - 1,
    ]),
    stateRefused(`C4: ${initial} of too few layers and directions ${refusal}`, both, all, ([, batch, width]) => [
      2,
      batch!,
      width!,
    ]),
    stateRefused(
      `C4: ${initial} with the batch first ${refusal} although batchFirst`,
      { batchFirst: true },
      [BATCH, STEPS, I],
      ([count, batch, width]) => [batch!, count!, width!],
    ),
  ];
}

/** Shapes of single steps. */
function cellChecks(cellClass: string): KindCheck[] {
  return [
    check('shapes', `P8: ${cellClass} takes [B, I] and [I] and gives [B, H] and [H]`, async (subject) => {
      using cell = await smallCell(subject);
      for (const rows of [[BATCH], []]) {
        const shapes = rowStateShapes(subject, rows);
        const next = await cell.forward(sample([...rows, I], 1), samples(shapes, 2));
        expectEqual(
          rows.length === 0 ? 'one row' : 'batched',
          next.map(({ shape }) => shape),
          shapes,
        );
      }
    }),
    cellRefused(
      `C7 P8: ${cellClass} refuses x of 3 dimensions with CONGRUENT_SHAPE`,
      'Expected input to be 1D or 2D, got 3D',
      [1, 1, I],
    ),
    cellRefused(
      `C7 P8: ${cellClass} refuses x of the wrong size with CONGRUENT_SHAPE`,
      'input has inconsistent input_size: got 4 expected 3',
      [2, I + 1],
    ),
    cellRefused(
      `C7 P8: ${cellClass} refuses hx of the wrong size with CONGRUENT_SHAPE`,
      'hidden0 has inconsistent hidden_size: got 4, expected 5',
      [2, I],
      ([batch, width]) => [batch!, width! - 1],
    ),
    cellRefused(
      `C7 P8: ${cellClass} refuses hx of the wrong batch with CONGRUENT_SHAPE`,
      "Input batch size 2 doesn't match hidden0 batch size 3",
      [2, I],
      ([batch, width]) => [batch! + 1, width!],
    ),
  ];
}
