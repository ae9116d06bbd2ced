/*
 * What generated code computes on the host, once for a set of parameters: in float32, every operation rounded, in the
 * order of summation of the specification.
 */

export { concatenate, stack } from './planes.ts';

/** As many terms are summed before they are added to the total. */
const SUM_BLOCK = 64;

/** 2^k for an integer k from -126 to 127. */
export const pow2 = (k: number): number => 2 ** k;

/**
 * The matrices, all of `columns` columns, one below the other, and that transposed: threads side by side compute
 * elements side by side, and then read numbers side by side.
 */
export function interleave(into: Float32Array, columns: number, matrices: readonly Float32Array[]): void {
  const rows = into.length / columns;
  let row = 0;
  for (const matrix of matrices) {
    for (let at = 0; at < matrix.length; row++) {
      for (let k = 0; k < columns; k++) into[k * rows + row] = matrix[at++]!;
    }
  }
}

/** A packed matrix times a vector, plus a bias where there is one. */
export function multiply(into: Float32Array, matrix: Float32Array, vector: Float32Array, bias?: Float32Array): void {
  const rows = into.length;
  for (let j = 0; j < rows; j++) {
    let sum = 0;
    for (let start = 0; start < vector.length; start += SUM_BLOCK) {
      let part = 0;
      for (let k = start; k < Math.min(start + SUM_BLOCK, vector.length); k++) {
        part = Math.fround(part + Math.fround(matrix[k * rows + j]! * vector[k]!));
      }
      sum = Math.fround(sum + part);
    }
    into[j] = bias ? sum + bias[j]! : sum;
  }
}

/** The outer product of two vectors, or the left one alone, as the sum of one term. */
export function outer(into: Float32Array, left: Float32Array, right: Float32Array = Float32Array.of(1)): void {
  for (let i = 0; i < left.length; i++) {
    for (let k = 0; k < right.length; k++) into[i * right.length + k] = 0 + left[i]! * right[k]!;
  }
}
