import type { Tensor } from '@congruent/runtime';
import type { Rows } from '../oracle/forward.ts';

/** How a batch of sequences is laid out in a tensor. */
export interface BatchLayout {
  readonly layout: 'padded' | 'unbatched' | 'packed';
  readonly batchFirst: boolean;
  /** Steps of each sequence; null: all of them. */
  readonly lengths: readonly number[] | null;
}

/** A tensor [T, B, features], or as its layout says, as one list of steps for each sequence, without padding. */
export function sequencesOf({ data, shape }: Tensor, { layout, batchFirst, lengths }: BatchLayout): Rows<number>[] {
  const width = shape.at(-1)!;
  const swapped = batchFirst && layout !== 'unbatched';
  const steps = shape[swapped ? 1 : 0]!;
  const batch = layout === 'unbatched' ? 1 : shape[swapped ? 0 : 1]!;
  return Array.from({ length: batch }, (_, b) =>
    Array.from({ length: lengths?.[b] ?? steps }, (_, t) => {
      const row = swapped ? b * steps + t : t * batch + b;
      return Array.from(data.subarray(row * width, (row + 1) * width));
    }),
  );
}

/** States [L·D, B, …] for each sequence: of each state, in the cell's order, its numbers at layer·D + direction. */
export function sequenceStates(
  states: readonly Tensor[] | undefined,
  count: number,
  batch: number,
  widths: readonly number[],
): Rows<number>[][] {
  return Array.from({ length: batch }, (_, b) =>
    widths.map((width, index) =>
      Array.from({ length: count }, (_, k) => {
        const from = (k * batch + b) * width;
        return states ? Array.from(states[index]!.data.subarray(from, from + width)) : new Array<number>(width).fill(0);
      }),
    ),
  );
}
