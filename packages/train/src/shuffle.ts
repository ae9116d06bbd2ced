import { positive, type Rule, SEED, shuffleRandom } from '@congruent/runtime';
import { resolve } from './option-rules.ts';

/** Options of `shuffledBatches`. */
export interface ShuffleOptions {
  /** Examples of a batch, at least 1; the last batch has what is left. */
  readonly batchSize: number;
  /** Which pass over the examples, from 0; each has an order of its own. */
  readonly epoch: number;
  /** Decides the orders: a safe integer. Default: 0. */
  readonly seed?: number | undefined;
}

/** As many as an array holds in the heap of an engine; more are shuffled in pieces. */
const MAX_EXAMPLES = 100_000_000;

const count = (expected: string, most = Number.MAX_SAFE_INTEGER): Rule => ({
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most,
  expected,
});

/**
 * The indices 0 to `length` − 1 in random order, in batches: those of one epoch. They follow from `seed` and `epoch`
 * alone, so training that was interrupted goes on with the same batches, and nothing random has to be saved.
 *
 * @returns arrays of indices; none where `length` is 0
 * @throws CONGRUENT_OPTION
 * @example
 * for (const rows of shuffledBatches(1437, { batchSize: 32, epoch })) console.log(rows.length); // 32, …, 29
 */
export function shuffledBatches(length: number, options: ShuffleOptions): number[][] {
  const { batchSize, epoch, seed } = resolve(
    'shuffledBatches',
    { batchSize: positive('batch_size'), epoch: count('an integer ≥ 0'), seed: SEED },
    options,
  ) as unknown as Required<ShuffleOptions>;
  resolve('shuffledBatches', { length: count('an integer ≥ 0, at most 100,000,000', MAX_EXAMPLES) }, { length });

  const next = shuffleRandom(seed as number, epoch);
  const order = Array.from({ length }, (_, index) => index);
  // Fisher and Yates: each of the orders is as likely as every other.
  for (let last = length - 1; last > 0; last--) {
    const chosen = Math.floor(next() * (last + 1));
    [order[last], order[chosen]] = [order[chosen]!, order[last]!];
  }
  return Array.from({ length: Math.ceil(length / batchSize) }, (_, batch) =>
    order.slice(batch * batchSize, (batch + 1) * batchSize),
  );
}
