import { listOf } from '../dict.ts';
import { CongruentError, describe } from '../errors.ts';
import { shapeText } from '../tensor.ts';

/** A copy of lengths; refused where they are not one for each sequence, from 1 to the steps of the input. */
export function checkLengths(where: string, lengths: unknown, steps: number, batch: number): number[] {
  const list = listOf(lengths);
  if (list?.length !== batch) {
    const got = list ? list.length : describe(lengths);
    throw new CongruentError(
      'CONGRUENT_PACKED',
      `${where}: Expected \`len(lengths)\` to be equal to batch_size, but got ${got} (batch_size=${batch}). ` +
        'Give an array of one length per sequence, and batchFirst where the input is [B, T, …].',
    );
  }
  return list.map((length, b) => {
    if (Number.isSafeInteger(length) && (length as number) > 0 && (length as number) <= steps) return length as number;
    if (typeof length === 'number' && length <= 0) refuseEmpty(where, b, length);
    throw new CongruentError(
      'CONGRUENT_PACKED',
      `${where}: lengths[${b}] must be an integer from 1 to the input's ${steps} steps, got ${describe(length)}.`,
    );
  });
}

/** The error for a sequence of no steps, in torch's words. */
export function refuseEmpty(where: string, index: number, length: number): never {
  throw new CongruentError(
    'CONGRUENT_EMPTY_SEQUENCE',
    `${where}: Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0: ` +
      `sequence ${index} has length ${length}. Leave empty sequences out.`,
  );
}

/** The sequences longest first, equal ones in their order. */
export function sortedOrder(where: string, lengths: readonly number[], enforceSorted: boolean): number[] {
  const order = lengths.map((_, b) => b).sort((a, b) => lengths[b]! - lengths[a]!);
  if (enforceSorted && order.some((from, to) => from !== to)) {
    throw new CongruentError(
      'CONGRUENT_PACKED',
      `${where}: \`lengths\` array must be sorted in decreasing order when \`enforce_sorted\` is True. ` +
        `You can pass { enforceSorted: false } to sidestep this requirement. Got lengths ${shapeText(lengths)}.`,
    );
  }
  return order;
}
