import type { DType, FloatArray } from '@congruent/runtime';

// The numbers of tools/vectors/fill.py, to the last bit: integers are uint32 and wrap, real arithmetic is float64.

/** lowbias32 of Chris Wellons' hash-prospector: a bijection of uint32. */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** The seed of one tensor of a case. */
export const tensorSeed = (caseSeed: number, ordinal: number): number => mix(mix(caseSeed) + ordinal);

const word = (seed: number, index: number): number => mix(Math.imul(index, 0x9e3779b9) + seed);

/** `count` values in (-scale, scale) from a tensor's seed. */
export function fill(seed: number, count: number, scale: number, dtype: DType): FloatArray {
  const values = dtype === 'float64' ? new Float64Array(count) : new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const k =
      dtype === 'float64' ? (word(seed, 2 * i) >>> 6) * 2 ** 27 + (word(seed, 2 * i + 1) >>> 5) : word(seed, i) >>> 8;
    values[i] = (((k + 0.5) / (dtype === 'float64' ? 2 ** 53 : 2 ** 24)) * 2 - 1) * scale;
  }
  return values;
}
