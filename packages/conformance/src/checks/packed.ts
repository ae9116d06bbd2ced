import type { PackedSequence } from '@congruent/runtime';
import { SIZES, sample, small, smallWidth } from '../examples/samples.ts';
import { expectEqual, expectSameBits } from '../expect/expect.ts';
import type { Subject } from '../subject/subject.ts';
import { check, type KindCheck } from './check.ts';
import { expectRefusal } from './refusal.ts';

const GROUP = 'packed sequences';
const { inputSize: I } = SIZES;
const LENGTHS = [2, 4, 1] as const;
const input = () => sample([4, 3, I], 21);

/** The packing helpers themselves, which know no cell. */
export const packingChecks: readonly KindCheck[] = [
  check(
    GROUP,
    "P4: packPaddedSequence, padPackedSequence, packSequence and padSequence are torch's",
    async (subject) => {
      const { tensor } = subject;
      const padded = tensor([1, 2, 0, 3, 0, 0, 4, 5, 6], [3, 3]);
      const packed = subject.packPaddedSequence(padded, [2, 1, 3], { batchFirst: true, enforceSorted: false });
      expectEqual('data', Array.from(packed.data.data), [4, 1, 3, 5, 2, 6]);
      expectEqual('batchSizes', packed.batchSizes, [3, 2, 1]);
      expectEqual('sortedIndices', packed.sortedIndices, [2, 0, 1]);
      expectEqual('unsortedIndices', packed.unsortedIndices, [1, 2, 0]);
      const { output, lengths } = subject.padPackedSequence(packed, {
        batchFirst: true,
        paddingValue: -1,
        totalLength: 4,
      });
      expectEqual('padded', Array.from(output.data), [1, 2, -1, -1, 3, -1, -1, -1, 4, 5, 6, -1]);
      expectEqual('shape', output.shape, [3, 4]);
      expectEqual('lengths', lengths, [2, 1, 3]);
      const sequences = [tensor([1, 2, 3]), tensor([4, 5]), tensor([6])];
      expectEqual('packSequence', Array.from(subject.packSequence(sequences).data.data), [1, 4, 6, 2, 5, 3]);
      const together = subject.padSequence(sequences, { batchFirst: true, paddingValue: 9 });
      expectEqual('padSequence', Array.from(together.data), [1, 2, 3, 4, 5, 9, 6, 9, 9]);
    },
  ),
  check(GROUP, 'C14: lengths out of order are refused with CONGRUENT_PACKED', async (subject) => {
    const words = ['`lengths` array must be sorted in decreasing order when `enforce_sorted` is True', 'enforceSorted'];
    await expectRefusal(subject, 'CONGRUENT_PACKED', words, () => subject.packPaddedSequence(input(), LENGTHS));
  }),
  check(GROUP, 'C14: a wrong number of lengths is refused with CONGRUENT_PACKED', async (subject) => {
    const words = 'Expected `len(lengths)` to be equal to batch_size, but got 2 (batch_size=3)';
    await expectRefusal(subject, 'CONGRUENT_PACKED', words, () => subject.packPaddedSequence(input(), [4, 2]));
  }),
  check(GROUP, 'C14: a length above T is refused with CONGRUENT_PACKED', async (subject) => {
    await expectRefusal(subject, 'CONGRUENT_PACKED', 'lengths[0]', () =>
      subject.packPaddedSequence(input(), [5, 2, 1]),
    );
  }),
  check(GROUP, 'C6: a length 0 is refused with CONGRUENT_EMPTY_SEQUENCE', async (subject) => {
    const words = 'Length of all samples has to be greater than 0';
    await expectRefusal(subject, 'CONGRUENT_EMPTY_SEQUENCE', words, () =>
      subject.packPaddedSequence(input(), [4, 2, 0]),
    );
  }),
  check(GROUP, 'C14: totalLength below the longest sequence is refused with CONGRUENT_PACKED', async (subject) => {
    const packed = subject.packPaddedSequence(input(), [4, 2, 1]);
    const words = 'Expected total_length to be at least the length of the longest sequence in input';
    await expectRefusal(subject, 'CONGRUENT_PACKED', words, () =>
      subject.padPackedSequence(packed, { totalLength: 3 }),
    );
  }),
];

/** Sequences of different lengths. */
export const packedChecks: readonly KindCheck[] = [
  check(GROUP, 'P4: the reverse direction of each sequence starts at its own end', expectReverse),
  check(GROUP, 'C14: the indices of a packed input come back unchanged', async (subject) => {
    using layers = await small(subject);
    const packed = subject.packPaddedSequence(input(), LENGTHS, { enforceSorted: false });
    const before = structure(packed);
    const { output } = await layers.forward(packed);
    expectEqual('indices', structure(output), before);
    expectEqual('indices of the input', structure(packed), before);
    expectEqual('shape', output.data.shape, [7, smallWidth(subject)]);
  }),
  check(
    GROUP,
    'C15: a packed sequence that does not hold together is refused with CONGRUENT_PACKED',
    async (subject) => {
      using layers = await small(subject);
      const packed = subject.packPaddedSequence(input(), LENGTHS, { enforceSorted: false });
      const broken: Partial<Record<keyof PackedSequence, unknown>>[] = [
        { batchSizes: [] },
        { batchSizes: [1, 2, 2, 2] },
        { batchSizes: [3, 2, 1] },
        { sortedIndices: [0, 0, 1] },
        { sortedIndices: null },
        { unsortedIndices: [0, 1, 2] },
      ];
      for (const wrong of broken) {
        await expectRefusal(subject, 'CONGRUENT_PACKED', 'PackedSequence', () =>
          layers.forward({ ...packed, ...wrong } as PackedSequence),
        );
      }
      await layers.forward(packed);
    },
  ),
  check(
    GROUP,
    'C2: a packed input of the wrong number of features is refused with CONGRUENT_SHAPE',
    async (subject) => {
      using layers = await small(subject);
      const packed = subject.packPaddedSequence(sample([4, 3, I + 1], 1), [4, 2, 1]);
      const words = 'input.size(-1) must be equal to input_size. Expected 3, got 4';
      await expectRefusal(subject, 'CONGRUENT_SHAPE', words, () => layers.forward(packed));
    },
  ),
];

async function expectReverse(subject: Subject): Promise<void> {
  const width = smallWidth(subject);
  using layers = await small(subject, { bidirectional: true });
  const packed = subject.packPaddedSequence(input(), LENGTHS, { enforceSorted: false });
  const { output, last } = await layers.forward(packed);
  const padded = subject.padPackedSequence(output).output;
  for (const [b, length] of LENGTHS.entries()) {
    const alone = sample([4, 3, I], 21);
    const rows = Array.from({ length }, (_, t) =>
      Array.from(alone.data.subarray((t * 3 + b) * I, (t * 3 + b + 1) * I)),
    );
    const own = await layers.forward(subject.tensor(rows.flat(), [length, I]));
    const got = rows.flatMap((_, t) =>
      Array.from(padded.data.subarray((t * 3 + b) * 2 * width, (t * 3 + b + 1) * 2 * width)),
    );
    expectSameBits(`output of sequence ${b}`, got, own.output.data);
    for (const [index, { data, shape }] of last.entries()) {
      const of = shape.at(-1)!;
      const reverse = data.subarray((3 + b) * of, (4 + b) * of);
      expectSameBits(`reverse state ${index} of sequence ${b}`, reverse, own.last[index]!.data.subarray(of));
    }
  }
}

export const structure = ({ batchSizes, sortedIndices, unsortedIndices }: PackedSequence): unknown[] => [
  [...batchSizes],
  sortedIndices && [...sortedIndices],
  unsortedIndices && [...unsortedIndices],
];
