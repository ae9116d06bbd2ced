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

/** States [L·D, B, H] as one list for each sequence, of H numbers at layer·D + direction. */
export function statesOf(states: Tensor | undefined, count: number, batch: number, hiddenSize: number): Rows<number>[] {
  return Array.from({ length: batch }, (_, b) =>
    Array.from({ length: count }, (_, k) => {
      const from = (k * batch + b) * hiddenSize;
      return states ? Array.from(states.data.subarray(from, from + hiddenSize)) : new Array<number>(hiddenSize).fill(0);
    }),
  );
}
