import type { Arithmetic } from '@congruent/codegen';
import type { Call, FloatArray } from '@congruent/runtime';

/** Buffers that are plain arrays, and what stands between layers. */
export const referenceCall = ({ binary }: Pick<Arithmetic<number>, 'binary'>): Call<'sync', FloatArray> => {
  const masked = (values: FloatArray, mask: FloatArray | undefined): FloatArray =>
    mask ? values.map((value, i) => binary('*', value, mask[i]!)) : values;
  return {
    upload: (data) => data.slice(),
    download: (buffer) => buffer.slice(),
    join(parts, rows, mask) {
      const widths = parts.map((part) => part.length / rows);
      const joined = like(
        parts[0]!,
        parts.reduce((n, { length }) => n + length, 0),
      );
      let at = 0;
      for (let row = 0; row < rows; row++) {
        parts.forEach((part, i) => {
          joined.set(part.subarray(row * widths[i]!, (row + 1) * widths[i]!), at);
          at += widths[i]!;
        });
      }
      return masked(joined, mask);
    },
    split(whole, count, rows, mask) {
      const width = whole.length / rows / count;
      const values = masked(whole, mask);
      return Array.from({ length: count }, (_, part) =>
        like(whole, rows * width).map((_, i) => {
          const row = Math.floor(i / width);
          return values[(row * count + part) * width + (i % width)]!;
        }),
      );
    },
    add: (left, right) => left.map((value, i) => binary('+', value, right[i]!)),
    end: () => {},
  };
};

const like = (array: FloatArray, length: number): FloatArray =>
  array instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
