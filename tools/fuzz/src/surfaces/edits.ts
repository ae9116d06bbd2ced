import * as fc from 'fast-check';

/** A change of bytes: some are taken out at a place, a fraction of the length, and others put there. */
export interface Edit {
  readonly at: number;
  readonly removed: number;
  readonly put: readonly number[];
}

const place: fc.Arbitrary<number> = fc.nat(2 ** 24 - 1).map((value) => value / 2 ** 24);

/** Numbers that lengths and offsets go wrong at, in bytes of one size and another. */
const telling: fc.Arbitrary<readonly number[]> = fc
  .tuple(
    fc.constantFrom(1, 2, 4, 8),
    fc.oneof(
      fc.constantFrom(0, 1, -1, 2, 127, 128, 255, 256, 2 ** 15, 2 ** 16, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1),
      fc.nat(64),
    ),
    fc.boolean(),
  )
  .map(([width, value, littleEndian]) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigInt64(0, BigInt(value), littleEndian);
    const bytes = [...new Uint8Array(view.buffer)];
    return littleEndian ? bytes.slice(0, width) : bytes.slice(8 - width);
  });

const edit = (snippets: readonly Uint8Array[]): fc.Arbitrary<Edit> =>
  fc.oneof(
    // In place of as many, so that what follows keeps its place.
    telling.chain((put) => fc.record({ at: place, removed: fc.constant(put.length), put: fc.constant(put) })),
    fc.record({ at: place, removed: fc.constant(1), put: fc.tuple(fc.nat(255)) }),
    fc.record({ at: place, removed: fc.nat(9), put: fc.array(fc.nat(255), { maxLength: 9 }) }),
    ...snippets.map((snippet) => fc.record({ at: place, removed: fc.nat(9), put: fc.constant([...snippet]) })),
    // Cut off.
    fc.record({ at: place, removed: fc.constant(2 ** 30), put: fc.constant([]) }),
  );

/** @param snippets  what the format gives a meaning, to be put in anywhere */
export const editsWith = (snippets: readonly Uint8Array[]): fc.Arbitrary<readonly Edit[]> =>
  fc.array(edit(snippets), { minLength: 1, maxLength: 6 });

export const edits: fc.Arbitrary<readonly Edit[]> = editsWith([]);

/** A copy of bytes with these changes, from the first to the last. */
export function edited(bytes: Uint8Array, changes: readonly Edit[]): Uint8Array {
  return changes.reduce((from, { at, removed, put }) => {
    const start = Math.floor(at * (from.length + 1));
    const end = Math.min(from.length, start + removed);
    const to = new Uint8Array(start + put.length + from.length - end);
    to.set(from.subarray(0, start));
    to.set(put, start);
    to.set(from.subarray(end), start + put.length);
    return to;
  }, bytes.slice());
}
