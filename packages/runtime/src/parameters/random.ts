import { type DType, type FloatArray, zeros } from '../tensor.ts';

/** The next number, uniform in [0, 1), a multiple of 2⁻⁵³. */
export type Random = () => number;

// What random numbers are drawn for; part of the key, so that no purpose sees another's numbers.
const PARAMETERS = 0;
const DROPOUT = 1;
const LINEAR = 2;
const SHUFFLE = 3;

/**
 * Numbers for the initial parameters: one sequence for all of them, in the order of `stateDict()`, each row-major.
 * The same for every backend and, but for rounding, for both element types.
 */
export const parameterRandom = (seed: number): Random => random(seed, PARAMETERS);

/** Numbers for the initial parameters of a linear layer: unrelated to those of a GRU of the same seed. */
export const linearRandom = (seed: number): Random => random(seed, LINEAR);

/** Numbers for the order of an epoch's examples; every epoch has its own, so that none depends on those before. */
export const shuffleRandom = (seed: number, epoch: number): Random => random(seed, SHUFFLE, epoch);

/** Fills with values uniform in [-bound, bound), computed in float64 as (2u − 1)·bound. */
export function fillUniform(values: FloatArray, bound: number, next: Random): FloatArray {
  for (let i = 0; i < values.length; i++) values[i] = (2 * next() - 1) * bound;
  return values;
}

/**
 * Inverted dropout: element i is 0 where the i-th number is below `probability`, else 1 / (1 − probability).
 *
 * @param call   how many training calls of this instance came before
 * @param layer  the layer whose output is masked
 * @param length elements, in the order of the packed rows: by step, then by row of the batch, then by feature
 */
export function dropoutMask(
  dtype: DType,
  length: number,
  probability: number,
  key: { readonly seed: number; readonly call: number; readonly layer: number },
): FloatArray {
  const next = random(key.seed, DROPOUT, key.call, key.layer);
  const mask = zeros(dtype, length);
  const kept = 1 / (1 - probability);
  for (let i = 0; i < length; i++) if (next() >= probability) mask[i] = kept;
  return mask;
}

/** xoroshiro128+ whose 128 bits of state are the hashed key, so that neighbouring seeds have nothing in common. */
function random(seed: number, ...key: readonly number[]): Random {
  const words = [seed, Math.floor(seed / 2 ** 32), ...key];
  const lanes = [1, 2, 3, 4].map((lane) => words.reduce((hash, word) => mix(hash ^ word) + 0x9e3779b9, mix(lane)) | 0);
  lanes[3]! |= 1; // a state of zeros would stay zeros
  const next = xoroshiro128plus(lanes as [number, number, number, number]);
  return () => (next() & 0x3ffffff) * 2 ** -26 + (next() & 0x7ffffff) * 2 ** -53;
}

/**
 * The low halves of the sums of xoroshiro128+ with the constants 24, 16, 37 (Blackman and Vigna, 2018), on halves of 32 bits.
 *
 * @see https://prng.di.unimi.it/xoroshiro128plus.c
 */
function xoroshiro128plus([high0, low0, high1, low1]: [number, number, number, number]): () => number {
  return () => {
    const sum = low0 + low1;
    const low = low1 ^ low0;
    const high = high1 ^ high0;
    const rotated = (low0 << 24) ^ (high0 >>> 8);
    high0 = (high0 << 24) ^ (low0 >>> 8) ^ high ^ ((high << 16) | (low >>> 16));
    low0 = rotated ^ low ^ (low << 16);
    low1 = (high << 5) ^ (low >>> 27);
    high1 = (low << 5) ^ (high >>> 27);
    return sum;
  };
}

/** A bijection of 32-bit integers in which every bit depends on every bit: MurmurHash3's finalizer. */
function mix(word: number): number {
  let w = word | 0;
  w = Math.imul(w ^ (w >>> 16), 0x85ebca6b);
  w = Math.imul(w ^ (w >>> 13), 0xc2b2ae35);
  return w ^ (w >>> 16);
}
