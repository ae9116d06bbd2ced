import type { GRUOptions, Tensor } from '@congruent/runtime';
import { BATCH, SIZES, STEPS, sample, small, smallCell, smallInput } from '../examples/samples.ts';
import { expectEqual, expectSameBits } from '../expect/expect.ts';
import type { Subject } from '../subject/subject.ts';
import { type Check, check } from './check.ts';
import { expectRefusal } from './refusal.ts';

const { inputSize: I, hiddenSize: H } = SIZES;

/** A check that an input, and perhaps an h0, is refused, and that the GRU still works afterwards. */
function refused(
  title: string,
  words: string,
  options: Partial<GRUOptions>,
  input: readonly number[],
  h0?: readonly number[],
): Check {
  return check('shapes', title, async (subject) => {
    using gru = await small(subject, options);
    const good = options.batchFirst ? sample([BATCH, STEPS, I], 1) : sample([STEPS, BATCH, I], 1);
    const before = await gru.forward(good);
    await expectRefusal(subject, 'CONGRUENT_SHAPE', words, () => gru.forward(sample(input, 1), h0 && sample(h0, 2)));
    const after = await gru.forward(good);
    expectSameBits('output after the refused call', after.output.data, before.output.data);
  });
}

function cellRefused(title: string, words: string, x: readonly number[], hx?: readonly number[]): Check {
  return check('shapes', title, async (subject) => {
    using cell = await smallCell(subject);
    await expectRefusal(subject, 'CONGRUENT_SHAPE', words, () => cell.forward(sample(x, 1), hx && sample(hx, 2)));
  });
}

const shapes = async (subject: Subject, options: Partial<GRUOptions>, input: Tensor, h0?: Tensor) => {
  using gru = await small(subject, options);
  const { output, hn } = await gru.forward(input, h0);
  return [output.shape, hn.shape];
};

const both = { numLayers: 2, bidirectional: true } as const;

/** Shapes that are right, and the refusal of those that are not. */
export const shapeChecks: readonly Check[] = [
  check('shapes', 'P1 P6: input [T, B, I] gives output [T, B, D·H] and hn [L·D, B, H]', async (subject) => {
    expectEqual('shapes', await shapes(subject, both, smallInput()), [
      [STEPS, BATCH, 2 * H],
      [4, BATCH, H],
    ]);
  }),
  check('shapes', 'P2 P5: batchFirst gives output [B, T, D·H], and hn [L·D, B, H] as ever', async (subject) => {
    const got = await shapes(subject, { ...both, batchFirst: true }, sample([BATCH, STEPS, I], 1));
    expectEqual('shapes', got, [
      [BATCH, STEPS, 2 * H],
      [4, BATCH, H],
    ]);
  }),
  check(
    'shapes',
    'P3: unbatched input [T, I] gives output [T, D·H] and hn [L·D, H], also with batchFirst',
    async (subject) => {
      for (const batchFirst of [false, true]) {
        const got = await shapes(subject, { ...both, batchFirst }, sample([STEPS, I], 1), sample([4, H], 2));
        expectEqual(`shapes with batchFirst ${batchFirst}`, got, [
          [STEPS, 2 * H],
          [4, H],
        ]);
      }
    },
  ),
  check('shapes', 'P1 C21: an empty batch gives empty results', async (subject) => {
    expectEqual('shapes', await shapes(subject, both, sample([STEPS, 0, I], 1)), [
      [STEPS, 0, 2 * H],
      [4, 0, H],
    ]);
  }),
  check('shapes', 'P8: GRUCell takes [B, I] and [I] and gives [B, H] and [H]', async (subject) => {
    using cell = await smallCell(subject);
    expectEqual('batched', (await cell.forward(sample([BATCH, I], 1), sample([BATCH, H], 2))).shape, [BATCH, H]);
    expectEqual('one row', (await cell.forward(sample([I], 1), sample([H], 2))).shape, [H]);
  }),
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
  refused(
    'C3: h0 [L·D, H] with a batched input is refused with CONGRUENT_SHAPE',
    'For batched 3-D input, hx should also be 3-D but got 2-D tensor',
    {},
    [STEPS, BATCH, I],
    [1, H],
  ),
  refused(
    'C3: h0 [L·D, 1, H] with an unbatched input is refused with CONGRUENT_SHAPE',
    'For unbatched 2-D input, hx should also be 2-D but got 3-D tensor',
    {},
    [STEPS, I],
    [1, 1, H],
  ),
  refused(
    'C4: h0 of the wrong batch size is refused with CONGRUENT_SHAPE',
    'Expected hidden size (1, 2, 5), got [1, 3, 5]',
    {},
    [STEPS, BATCH, I],
    [1, BATCH + 1, H],
  ),
  refused(
    'C4: h0 of the wrong hidden size is refused with CONGRUENT_SHAPE',
    'Expected hidden size (1, 2, 5), got [1, 2, 4]',
    {},
    [STEPS, BATCH, I],
    [1, BATCH, H - 1],
  ),
  refused(
    'C4: h0 of too few layers and directions is refused with CONGRUENT_SHAPE',
    'Expected hidden size (4, 2, 5), got [2, 2, 5]',
    both,
    [STEPS, BATCH, I],
    [2, BATCH, H],
  ),
  refused(
    'C4: h0 with the batch first is refused with CONGRUENT_SHAPE although batchFirst',
    'Expected hidden size (1, 2, 5), got [2, 1, 5]',
    { batchFirst: true },
    [BATCH, STEPS, I],
    [BATCH, 1, H],
  ),
  check(
    'shapes',
    'C4: h0 of the wrong batch size for a packed input is refused with CONGRUENT_SHAPE',
    async (subject) => {
      using gru = await small(subject);
      const packed = subject.packPaddedSequence(smallInput(), [STEPS, 1]);
      await expectRefusal(subject, 'CONGRUENT_SHAPE', 'Expected hidden size (1, 2, 5), got [1, 3, 5]', () =>
        gru.forward(packed, sample([1, 3, H], 2)),
      );
    },
  ),
  check('shapes', 'C1: an input that is no tensor is refused with CONGRUENT_SHAPE', async (subject) => {
    using gru = await small(subject);
    for (const input of [undefined, null, 5, [1, 2, 3], new Float32Array(I)]) {
      await expectRefusal(subject, 'CONGRUENT_SHAPE', 'must be a tensor', () =>
        gru.forward(input as unknown as Tensor),
      );
    }
  }),
  check(
    'shapes',
    'C1: a tensor whose data does not fill its shape is refused with CONGRUENT_SHAPE',
    async (subject) => {
      using gru = await small(subject);
      const broken = { data: new Float32Array(5), shape: [STEPS, BATCH, I] };
      await expectRefusal(subject, 'CONGRUENT_SHAPE', 'is invalid for input of size 5', () => gru.forward(broken));
      await expectRefusal(subject, 'CONGRUENT_SHAPE', 'is invalid for input of size 5', () =>
        subject.tensor(new Float32Array(5), [2, 3]),
      );
    },
  ),
  check('shapes', 'C5: an input or h0 of another element type is refused with CONGRUENT_DTYPE', async (subject) => {
    using gru = await small(subject);
    const words = ['torch.float32', 'torch.float64'];
    await expectRefusal(subject, 'CONGRUENT_DTYPE', words, () => gru.forward(smallInput('float64')));
    const h0 = sample([1, BATCH, H], 2, 'float64');
    await expectRefusal(subject, 'CONGRUENT_DTYPE', words, () => gru.forward(smallInput(), h0));
    await expectRefusal(subject, 'CONGRUENT_DTYPE', 'Int32Array', () =>
      subject.tensor(new Int32Array(4) as unknown as Float32Array),
    );
  }),
  check('shapes', 'C6: a sequence of no steps is refused with CONGRUENT_EMPTY_SEQUENCE', async (subject) => {
    using gru = await small(subject);
    const words = 'Expected sequence length to be larger than 0 in RNN';
    await expectRefusal(subject, 'CONGRUENT_EMPTY_SEQUENCE', words, () => gru.forward(sample([0, BATCH, I], 1)));
    await expectRefusal(subject, 'CONGRUENT_EMPTY_SEQUENCE', words, () => gru.forward(sample([0, I], 1)));
  }),
  cellRefused(
    'C7 P8: GRUCell refuses x of 3 dimensions with CONGRUENT_SHAPE',
    'Expected input to be 1D or 2D, got 3D',
    [1, 1, I],
  ),
  cellRefused(
    'C7 P8: GRUCell refuses x of the wrong size with CONGRUENT_SHAPE',
    'input has inconsistent input_size: got 4 expected 3',
    [2, I + 1],
  ),
  cellRefused(
    'C7 P8: GRUCell refuses hx of the wrong size with CONGRUENT_SHAPE',
    'hidden0 has inconsistent hidden_size: got 4, expected 5',
    [2, I],
    [2, H - 1],
  ),
  cellRefused(
    'C7 P8: GRUCell refuses hx of the wrong batch with CONGRUENT_SHAPE',
    "Input batch size 2 doesn't match hidden0 batch size 3",
    [2, I],
    [3, H],
  ),
];
