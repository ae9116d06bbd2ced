import { describe, expect, test } from 'vitest';
import {
  type PackedSequence,
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  padSequence,
  tensor,
} from '../src/index.ts';
import { expectCode } from './expect-code.ts';
import { INCONSISTENT } from './inconsistent.ts';

// Expected values: torch 1.13.1 (Debian python3-torch), torch.nn.utils.rnn on x = torch.arange(24.).reshape(4, 3, 2).
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const x = tensor(range(0, 24), [4, 3, 2]);

const packed = (p: PackedSequence) => ({ ...p, data: [...p.data.data], shape: p.data.shape });

describe('packPaddedSequence gives what torch gives', () => {
  test('lengths [4, 2, 1], sorted', () => {
    expect(packed(packPaddedSequence(x, [4, 2, 1]))).toEqual({
      data: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 18, 19],
      shape: [7, 2],
      batchSizes: [3, 2, 1, 1],
      sortedIndices: null,
      unsortedIndices: null,
    });
  });

  test('lengths [3, 1, 1], shorter than T', () => {
    const p = packPaddedSequence(x, [3, 1, 1]);
    expect([...p.data.data]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 12, 13]);
    expect(p.batchSizes).toEqual([3, 1, 1]);
  });

  test('lengths [2, 4, 1], unsorted', () => {
    expect(packed(packPaddedSequence(x, [2, 4, 1], { enforceSorted: false }))).toEqual({
      data: [2, 3, 0, 1, 4, 5, 8, 9, 6, 7, 14, 15, 20, 21],
      shape: [7, 2],
      batchSizes: [3, 2, 1, 1],
      sortedIndices: [1, 0, 2],
      unsortedIndices: [1, 0, 2],
    });
  });

  test('lengths [2, 3, 1, 2], unsorted with a tie, batchFirst', () => {
    expect(packed(packPaddedSequence(x, [2, 3, 1, 2], { batchFirst: true, enforceSorted: false }))).toEqual({
      data: [6, 7, 0, 1, 18, 19, 12, 13, 8, 9, 2, 3, 20, 21, 10, 11],
      shape: [8, 2],
      batchSizes: [4, 3, 1],
      sortedIndices: [1, 0, 3, 2],
      unsortedIndices: [1, 0, 3, 2],
    });
  });

  test('no feature dimension: lengths [1, 4, 2] of [4, 3], indices that are not their own inverse', () => {
    const p = packPaddedSequence(tensor(range(0, 12), [4, 3]), [1, 4, 2], { enforceSorted: false });
    expect(packed(p)).toEqual({
      data: [1, 2, 0, 4, 5, 7, 10],
      shape: [7],
      batchSizes: [3, 2, 1, 1],
      sortedIndices: [1, 2, 0],
      unsortedIndices: [2, 0, 1],
    });
  });

  test('two feature dimensions: [4, 3, 2, 2]', () => {
    const p = packPaddedSequence(tensor(range(0, 48), [4, 3, 2, 2]), [4, 2, 1]);
    expect(p.data.shape).toEqual([7, 2, 2]);
    expect([...p.data.data]).toEqual([...range(0, 20), 24, 25, 26, 27, 36, 37, 38, 39]);
  });
});

test('packPaddedSequence: 40 sequences of equal length keep their order', () => {
  const p = packPaddedSequence(tensor(range(0, 80), [2, 40]), new Array(40).fill(2), { enforceSorted: false });
  expect(p.sortedIndices).toEqual(range(0, 40));
});

test('packPaddedSequence: float64 stays float64, and the data is a copy', () => {
  const input = tensor(new Float64Array([1, 2]), [2, 1]);
  const p = packPaddedSequence(input, [2]);
  expect(p.data.data).toBeInstanceOf(Float64Array);
  input.data[0] = 99;
  expect(p.data.data[0]).toBe(1);
});

describe('packPaddedSequence refuses', () => {
  test('unsorted lengths with CONGRUENT_PACKED', () =>
    expectCode(
      () => packPaddedSequence(x, [2, 4, 1]),
      'CONGRUENT_PACKED',
      '`lengths` array must be sorted in decreasing order when `enforce_sorted` is True',
      'enforceSorted: false',
    ));
  for (const length of [0, -1, Number.NEGATIVE_INFINITY]) {
    test(`a length of ${length} with CONGRUENT_EMPTY_SEQUENCE`, () =>
      expectCode(
        () => packPaddedSequence(x, [4, 2, length]),
        'CONGRUENT_EMPTY_SEQUENCE',
        "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0",
      ));
  }
  for (const lengths of [[4, 2], [4, 3, 2, 1], undefined, 4, '421']) {
    test(`lengths ${JSON.stringify(lengths)} for 3 sequences with CONGRUENT_PACKED`, () =>
      expectCode(
        () => packPaddedSequence(x, lengths as number[]),
        'CONGRUENT_PACKED',
        'Expected `len(lengths)` to be equal to batch_size, but got',
        '(batch_size=3)',
      ));
  }
  for (const length of [5, 2.5, Number.NaN, Number.POSITIVE_INFINITY, '2', null]) {
    test(`a length of ${JSON.stringify(length)} (${String(length)}) of 4 steps with CONGRUENT_PACKED`, () =>
      expectCode(
        () => packPaddedSequence(x, [length as number, 2, 1]),
        'CONGRUENT_PACKED',
        'lengths[0] must be an integer from 1',
      ));
  }
  test('one dimension with CONGRUENT_SHAPE', () =>
    expectCode(() => packPaddedSequence(tensor([1, 2]), [2]), 'CONGRUENT_SHAPE', 'at least 2 dimensions'));
  for (const shape of [
    [0, 3, 2],
    [4, 0, 2],
    [4, 3, 0],
  ]) {
    test(`an empty input [${shape}] with CONGRUENT_EMPTY_SEQUENCE`, () =>
      expectCode(
        () => packPaddedSequence(tensor([], shape), [4, 2, 1]),
        'CONGRUENT_EMPTY_SEQUENCE',
        'Cannot pack empty tensors.',
      ));
  }
  test('an unknown option with CONGRUENT_OPTION', () =>
    expectCode(
      () => packPaddedSequence(x, [4, 2, 1], { batch_first: true } as object),
      'CONGRUENT_OPTION',
      'All: batchFirst',
    ));
  test('an input that is no tensor with CONGRUENT_SHAPE', () =>
    expectCode(
      () => packPaddedSequence([1, 2] as never, [2]),
      'CONGRUENT_SHAPE',
      'packPaddedSequence: input must be a tensor',
    ));
});

describe('padPackedSequence gives what torch gives', () => {
  const p = packPaddedSequence(x, [2, 4, 1], { enforceSorted: false });

  test('unsorted, defaults', () => {
    const { output, lengths } = padPackedSequence(p);
    expect([...output.data]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0, 0, 14, 15, 0, 0, 0, 0, 20, 21, 0, 0]);
    expect(output.shape).toEqual([4, 3, 2]);
    expect(lengths).toEqual([2, 4, 1]);
  });

  test('batchFirst, paddingValue -1.5, totalLength 5', () => {
    const { output, lengths } = padPackedSequence(p, { batchFirst: true, paddingValue: -1.5, totalLength: 5 });
    const pad = (n: number) => new Array(n).fill(-1.5);
    const rows = [
      [0, 1, 6, 7, ...pad(6)],
      [2, 3, 8, 9, 14, 15, 20, 21, ...pad(2)],
      [4, 5, ...pad(8)],
    ];
    expect([...output.data]).toEqual(rows.flat());
    expect(output.shape).toEqual([3, 5, 2]);
    expect(lengths).toEqual([2, 4, 1]);
  });

  test('an order that is not its own inverse comes back as it was', () => {
    const input = tensor(range(0, 12), [4, 3]);
    const { output, lengths } = padPackedSequence(packPaddedSequence(input, [1, 4, 2], { enforceSorted: false }));
    expect(lengths).toEqual([1, 4, 2]);
    expect([...output.data]).toEqual([0, 1, 2, 0, 4, 5, 0, 7, 0, 0, 10, 0]);
  });
});

describe('padPackedSequence refuses', () => {
  const p = packPaddedSequence(x, [4, 2, 1]);
  for (const totalLength of [3, -3, 4.5, Number.NaN]) {
    test(`totalLength ${totalLength} for 4 steps with CONGRUENT_PACKED`, () =>
      expectCode(
        () => padPackedSequence(p, { totalLength }),
        'CONGRUENT_PACKED',
        'Expected total_length to be at least the length of the longest sequence in input, but got ' +
          `total_length=${totalLength} and max sequence length being 4`,
      ));
  }
  test('a tensor with CONGRUENT_PACKED', () =>
    expectCode(() => padPackedSequence(x as never), 'CONGRUENT_PACKED', 'expected a PackedSequence'));
  test('paddingValue "0" with CONGRUENT_OPTION', () =>
    expectCode(
      () => padPackedSequence(p, { paddingValue: '0' } as object),
      'CONGRUENT_OPTION',
      'paddingValue must be a number',
    ));
  for (const [name, change] of Object.entries(INCONSISTENT)) {
    test(`${name} with CONGRUENT_PACKED`, () =>
      expectCode(
        () => padPackedSequence({ ...p, ...change } as PackedSequence),
        'CONGRUENT_PACKED',
        'Make a PackedSequence with packPaddedSequence or packSequence, never by hand.',
      ));
  }
});

const a = tensor(range(0, 6), [3, 2]);
const b = tensor([0, 1], [1, 2]);
const c = tensor(range(10, 14), [2, 2]);

describe('padSequence gives what torch gives', () => {
  test('lengths 3, 1, 2', () => {
    const padded = padSequence([a, b, c]);
    expect([...padded.data]).toEqual([0, 1, 0, 1, 10, 11, 2, 3, 0, 0, 12, 13, 4, 5, 0, 0, 0, 0]);
    expect(padded.shape).toEqual([3, 3, 2]);
  });
  test('lengths 3, 1, 2, batchFirst, paddingValue 9', () => {
    const padded = padSequence([a, b, c], { batchFirst: true, paddingValue: 9 });
    expect([...padded.data]).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 9, 9, 9, 9, 10, 11, 12, 13, 9, 9]);
    expect(padded.shape).toEqual([3, 3, 2]);
  });
  test("the first sequence's element type, as torch does", () => {
    expect(padSequence([tensor(new Float64Array([1])), tensor([2])]).data).toBeInstanceOf(Float64Array);
    expect(padSequence([tensor([2]), tensor(new Float64Array([1]))]).data).toBeInstanceOf(Float32Array);
  });
  test('an empty sequence among others is all padding', () => {
    expect([...padSequence([tensor([1, 2]), tensor([])]).data]).toEqual([1, 0, 2, 0]);
  });
});

describe('packSequence gives what torch gives', () => {
  const expected = { data: [0, 1, 10, 11, 0, 1, 2, 3, 12, 13, 4, 5], shape: [6, 2], batchSizes: [3, 2, 1] };
  test('lengths 3, 2, 1', () => {
    expect(packed(packSequence([a, c, b]))).toEqual({ ...expected, sortedIndices: null, unsortedIndices: null });
  });
  test('lengths 1, 3, 2, unsorted', () => {
    const order = { sortedIndices: [1, 2, 0], unsortedIndices: [2, 0, 1] };
    expect(packed(packSequence([b, a, c], { enforceSorted: false }))).toEqual({ ...expected, ...order });
  });
});

describe('packSequence and padSequence refuse', () => {
  test('no sequences with CONGRUENT_EMPTY_SEQUENCE', async () => {
    await expectCode(() => packSequence([]), 'CONGRUENT_EMPTY_SEQUENCE', 'received an empty list of sequences');
    await expectCode(() => padSequence([]), 'CONGRUENT_EMPTY_SEQUENCE', 'received an empty list of sequences');
  });
  test('unsorted sequences with CONGRUENT_PACKED', () =>
    expectCode(() => packSequence([b, a]), 'CONGRUENT_PACKED', '`lengths` array must be sorted'));
  test('an empty sequence in packSequence with CONGRUENT_EMPTY_SEQUENCE', () =>
    expectCode(
      () => packSequence([tensor([1]), tensor([])]),
      'CONGRUENT_EMPTY_SEQUENCE',
      'Length of all samples',
      'sequence 1',
    ));
  for (const shape of [[1, 3], [2], [1, 2, 1]]) {
    test(`a sequence of shape [${shape}] beside [3, 2] with CONGRUENT_SHAPE`, () =>
      expectCode(
        () =>
          padSequence([
            a,
            tensor(
              range(
                0,
                shape.reduce((p, q) => p * q),
              ),
              shape,
            ),
          ]),
        'CONGRUENT_SHAPE',
        '[L, 2]',
      ));
  }
  test('a scalar with CONGRUENT_SHAPE', () => expectCode(() => padSequence([tensor([1], [])]), 'CONGRUENT_SHAPE'));
});

test('rows of no values may be in a buffer that was transferred', () => {
  const data = new Float32Array(0);
  structuredClone(data.buffer, { transfer: [data.buffer] });
  expect(padSequence([{ data, shape: [2, 0] }]).shape).toEqual([2, 1, 0]);
  const packed = packPaddedSequence(tensor([1, 2, 3, 4, 5, 6], [2, 3, 1]), [2, 2, 1]);
  const moved = { ...packed, data: { data, shape: [5, 0] } };
  expect(padPackedSequence(moved).output.shape).toEqual([2, 3, 0]);
});
