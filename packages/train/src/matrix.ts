import { dtypeOf, type FloatArray, zeros } from '@congruent/runtime';
import { roundingOf } from './rounding.ts';

/** A matrix over an array, which may be that of its transpose. */
export interface Matrix {
  readonly data: FloatArray;
  readonly rows: number;
  readonly columns: number;
  /** From an element to the one below it. */
  readonly rowStride: number;
  /** From an element to the one right of it. */
  readonly columnStride: number;
}

/** The matrix of a row-major array. */
export const matrix = (data: FloatArray, rows: number, columns: number): Matrix => ({
  data,
  rows,
  columns,
  rowStride: columns,
  columnStride: 1,
});

export const transposed = ({ data, rows, columns, rowStride, columnStride }: Matrix): Matrix => ({
  data,
  rows: columns,
  columns: rows,
  rowStride: columnStride,
  columnStride: rowStride,
});

/** Terms that are added up before they are added to the total; docs/numerics.md, order of summation. */
const BLOCK = 64;

/** left @ right, row-major, each operation rounded, in the order of summation that all congruent products have. */
export function product(left: Matrix, right: Matrix): FloatArray {
  const f = roundingOf(left.data);
  const result = zeros(dtypeOf(left.data), left.rows * right.columns);
  for (let row = 0; row < left.rows; row++) {
    for (let column = 0; column < right.columns; column++) {
      let total = 0;
      for (let start = 0; start < left.columns; start += BLOCK) {
        const end = Math.min(start + BLOCK, left.columns);
        let sum = 0;
        for (let k = start; k < end; k++) {
          const a = left.data[row * left.rowStride + k * left.columnStride]!;
          const b = right.data[k * right.rowStride + column * right.columnStride]!;
          sum = f(sum + f(a * b));
        }
        total = f(total + sum);
      }
      result[row * right.columns + column] = total;
    }
  }
  return result;
}
