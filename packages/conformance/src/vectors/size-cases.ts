import { type Kind, statesOf } from '../kinds/kind.ts';
import type { RecordedCase } from './vectors.ts';

/** Rows of a step: every remainder of blocks of up to 8, and one more than two and four of these. */
export const ROWS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 17, 33] as const;

/** Columns: around the blocks of a sum, and beyond the second, third and fourth of them. */
export const COLUMNS = [1, 63, 64, 65, 127, 129, 193, 257] as const;

const sizeCase = (rows: number, inputSize: number, hiddenSize: number): RecordedCase => ({
  name: `${rows} rows, I ${inputSize}, H ${hiddenSize}`,
  module: 'GRU',
  dtype: 'float32',
  config: { inputSize, hiddenSize, numLayers: 1, bias: true, bidirectional: false, batchFirst: false },
  layout: 'packed',
  steps: 2,
  batch: rows,
  lengths: [2, ...new Array<number>(rows - 1).fill(1)],
  enforceSorted: true,
  initial: true,
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

// One column of the square for each row: no cyclic square of even order has eight cells that meet all rows, columns and
// values once, so the last three fill in what eight leave out.
const PICKED = [0, 1, 2, 3, 5, 6, 7, 4, 7, 0, 1] as const;

/** One case of each number of rows, so that every number of features and of hidden units is met. */
export const enclosedCases: readonly RecordedCase[] = sizeCases.map((cases, i) => cases[PICKED[i]!]!);

/** The same sizes for another cell, one case for each number of rows. */
export const coveringCases = (kind: Kind): readonly RecordedCase[] =>
  enclosedCases.map((vector) => {
    const { hiddenSize } = vector.config;
    // A projection is smaller than what it projects.
    const projected = kind.options.projSize && { hiddenSize: hiddenSize + 1, projSize: hiddenSize };
    const last = statesOf(kind, 'n');
    const filled = [...statesOf(kind, '0'), 'g_output', ...last.map((name) => `g_${name}`)];
    return {
      ...vector,
      name: `${kind.cell.name}, ${vector.name}`,
      module: kind.layerClass,
      config: { ...vector.config, ...kind.options, ...projected },
      scales: { ...vector.scales, ...Object.fromEntries(filled.map((name) => [name, 1])) },
      cotangents: ['output', ...last],
    };
  });
