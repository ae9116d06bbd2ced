import type { FloatArray } from '@congruent/runtime';

/** Rows of numbers in the memory of the host, row-major. */
export interface HostPlane {
  readonly data: Float32Array;
  /** Elements of each row. */
  readonly width: number;
}

/** The block of `length` elements at `index` of a stacked parameter. */
export function block(parameter: FloatArray | undefined, index: number, length: number): Float32Array {
  return (parameter as Float32Array).subarray(index * length, (index + 1) * length);
}

/** One row: the vectors one after the other. */
export function row(...vectors: readonly Float32Array[]): HostPlane {
  const data = concatenate(vectors);
  return { data, width: data.length };
}

/**
 * The matrices, all of `columns` columns, stacked by rows and transposed: threads side by side compute elements side by
 * side, and then read numbers side by side.
 */
export function transposed(columns: number, ...matrices: readonly Float32Array[]): HostPlane {
  const stacked = concatenate(matrices);
  const width = stacked.length / columns;
  const data = new Float32Array(stacked.length);
  for (let j = 0; j < width; j++) {
    for (let k = 0; k < columns; k++) data[k * width + j] = stacked[j * columns + k]!;
  }
  return { data, width };
}

/** The matrices, all of `columns` columns, one below the other. */
export const stacked = (columns: number, ...matrices: readonly Float32Array[]): HostPlane => ({
  data: concatenate(matrices),
  width: columns,
});

/** The arrays of these lengths that follow each other. */
export function parts<const L extends readonly number[]>(
  data: Float32Array,
  ...lengths: L
): { readonly [index in keyof L]: Float32Array } {
  let end = 0;
  return lengths.map((length) => {
    end += length;
    return data.subarray(end - length, end);
  }) as { readonly [index in keyof L]: Float32Array };
}

/** Arrays one after the other. */
export function concatenate(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
