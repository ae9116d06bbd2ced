import blocks from '../vectors/blocks.json' with { type: 'json' };
import type { BatchTruth } from './batch-oracle.ts';
import { digestOf } from './digest.ts';
import type { RecordedCase } from './vectors.ts';

/** Rows of a step: every remainder of blocks of up to 8, and one more than two and four of these. */
export const ROWS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 17, 33] as const;

/** Columns: around the blocks of a sum, and beyond the second, third and fourth of them. */
export const COLUMNS = [1, 63, 64, 65, 127, 129, 193, 257] as const;

const sizeCase = (rows: number, inputSize: number, hiddenSize: number): RecordedCase => ({
  name: `${rows} rows, I ${inputSize}, H ${hiddenSize}`,
  kind: 'gru',
  dtype: 'float32',
  config: { inputSize, hiddenSize, numLayers: 1, bias: true, bidirectional: false, batchFirst: false },
  layout: 'packed',
  steps: 2,
  batch: rows,
  lengths: [2, ...new Array<number>(rows - 1).fill(1)],
  enforceSorted: true,
  h0: true,
  seed: 1000 * rows + inputSize,
  scales: { parameters: 1 / Math.sqrt(hiddenSize), input: 1, h0: 1, g_output: 1, g_hn: 1 },
  set: [],
  cotangents: ['output', 'hn'],
});

/**
 * Sizes that cross every blocking of rows and columns, by rows: a Latin square, so that every pair of a number of rows,
 * of features and of hidden units meets, in as few cases as there are pairs of the two longest lists.
 *
 * Each is two steps: of all rows, and, as all but the first sequence have ended, of one. Products for all rows of all
 * steps then have one row more.
 */
export const sizeCases: readonly (readonly RecordedCase[])[] = ROWS.map((rows, i) =>
  COLUMNS.map((inputSize, j) => sizeCase(rows, inputSize, COLUMNS[(i + j) % COLUMNS.length]!)),
);

/** Digests of results and gradients. */
export interface Digests {
  readonly results: string;
  readonly gradients: string;
}

export const digestsOf = ({ dtype }: RecordedCase, { results, gradients }: BatchTruth<number>): Digests => ({
  results: digestOf(dtype, Object.values(results)),
  gradients: digestOf(dtype, Object.values(gradients)),
});

/** The name of a case in the file of digests. */
export const keyOf = ({ dtype, name }: RecordedCase): string => `${dtype}, ${name}`;

/**
 * What the interpreter gives, which is too slow to ask each time. A test does ask it, and with `vitest -u` writes the
 * file anew.
 */
export const recordedDigests = (vector: RecordedCase): Digests | undefined =>
  (blocks as Readonly<Record<string, Digests>>)[keyOf(vector)];
