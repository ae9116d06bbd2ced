import { formatError } from './format-error.ts';
import type { Table } from './tables.ts';

/** A matrix, row-major, and what is added to its product. In float64, which holds them exactly. */
export interface Affine {
  readonly weight: Float64Array;
  readonly bias: Float64Array;
}

/** What `rows` is a multiple of, and what begins at every fourth column: one block. */
const [BLOCK_ROWS, BLOCK_COLUMNS] = [8, 4];

/** RNNoise rounds 127 times its activations to integers, and divides its scales by that. */
const ACTIVATION_SCALE = 127;

/** How far a rounded sum may be from the sum of the dequantized weights; it is within 5e-7. */
const TOLERANCE = 2e-6;

/**
 * A layer whose weights are integers of 8 bits, each row with a scale of its own, in blocks of 8 rows by 4 columns, row by
 * row. For each 8 rows, `<name>_weights_idx` says how many blocks there are and at which columns; where there is no such
 * array all are there.
 *
 * @throws CongruentError MODEL_FORMAT where blocks are missing, left over or outside the matrix, and where the sums of rows
 *   are not what RNNoise has stored of them
 */
export function dequantized(tables: ReadonlyMap<string, Table>, name: string, rows: number, columns: number): Affine {
  const scale = floats(tables, `${name}_scale`, rows);
  const blocks = blocksOf(tables, name, rows, columns);
  const values = valuesOf(tables, `${name}_weights_int8`, Int8Array, blocks.length * BLOCK_ROWS * BLOCK_COLUMNS);
  const weight = new Float64Array(rows * columns);
  let at = 0;
  for (const { row, column } of blocks) {
    for (let r = row; r < row + BLOCK_ROWS; r++) {
      for (let c = column; c < column + BLOCK_COLUMNS; c++) {
        weight[r * columns + c] = values[at++]! * scale[r]! * ACTIVATION_SCALE;
      }
    }
  }
  const bias = floats(tables, `${name}_bias`, rows);
  checkSums(name, { weight, bias }, floats(tables, `${name}_subias`, rows));
  return { weight, bias };
}

interface Block {
  readonly row: number;
  readonly column: number;
}

/** Where the blocks of a matrix stand, in the order of their weights. */
function blocksOf(tables: ReadonlyMap<string, Table>, name: string, rows: number, columns: number): readonly Block[] {
  const everyColumn = Array.from({ length: columns / BLOCK_COLUMNS }, (_, index) => index * BLOCK_COLUMNS);
  const place = `${name}_weights_idx`;
  if (!tables.has(place)) return rowsOfBlocks(rows).flatMap((row) => everyColumn.map((column) => ({ row, column })));
  const indices = valuesOf(tables, place, Int32Array);
  let at = 0;
  const blocks = rowsOfBlocks(rows).flatMap((row) => {
    const count = indices[at] ?? -1;
    const first = at + 1;
    at = first + count;
    if (count < 0 || at > indices.length)
      throw formatError(place, `row ${row} has ${count} blocks, which are not there`);
    return Array.from(indices.subarray(first, at), (column) => ({ row, column }));
  });
  if (at !== indices.length) throw formatError(place, `${indices.length} numbers, of which ${at} are used`);
  const outside = blocks.find(({ column }) => !everyColumn.includes(column));
  if (outside) throw formatError(place, `column ${outside.column}, expected a multiple of 4 below ${columns}`);
  return blocks;
}

const rowsOfBlocks = (rows: number): readonly number[] =>
  Array.from({ length: rows / BLOCK_ROWS }, (_, index) => index * BLOCK_ROWS);

/** Holds weights to what RNNoise keeps for unsigned activations: the bias less the sum of the row. */
function checkSums(name: string, { weight, bias }: Affine, stored: Float64Array): void {
  const columns = weight.length / bias.length;
  stored.forEach((expected, row) => {
    const sum = weight.subarray(row * columns, (row + 1) * columns).reduce((total, value) => total + value, 0);
    const got = bias[row]! - sum;
    if (!(Math.abs(got - expected) <= TOLERANCE)) {
      throw formatError(`${name}_subias`, `the weights of row ${row} give ${got}, expected ${expected}`);
    }
  });
}

/** An array of float32, as float64. */
export const floats = (tables: ReadonlyMap<string, Table>, name: string, length: number): Float64Array =>
  Float64Array.from(valuesOf(tables, name, Float32Array, length));

/** An array of a type and, where one is given, a length. */
function valuesOf<A extends Table['values']>(
  tables: ReadonlyMap<string, Table>,
  name: string,
  type: new (length: number) => A,
  length?: number,
): A {
  const values = tables.get(name)?.values;
  if (!(values instanceof type)) {
    throw formatError(
      name,
      `${values ? `it is of the type ${values.constructor.name}` : 'missing'}, expected ${type.name}`,
    );
  }
  if (length !== undefined && values.length !== length) {
    throw formatError(name, `${values.length} values, expected ${length}`);
  }
  return values;
}
