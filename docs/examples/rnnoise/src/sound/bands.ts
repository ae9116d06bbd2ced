import { FREQUENCIES } from './spectrum.ts';

/** Bands of frequency. */
export const BANDS = 32;

/**
 * Where they have their middles, in steps of 50 Hz, on a scale of equal perception, between two ends: as RNNoise was
 * trained. A band's weight falls linearly to 0 at the middles of its neighbours.
 */
const MIDDLES = [
  0, 2, 4, 6, 8, 10, 12, 15, 18, 21, 24, 28, 32, 36, 41, 47, 53, 60, 68, 77, 87, 98, 110, 124, 140, 157, 176, 198, 223,
  251, 282, 317, 356, 400,
] as const;

/** The sum over each band of what frequencies have, with the band's weights. */
export function bandSums(of: (frequency: number) => number): Float64Array {
  const sums = new Float64Array(BANDS + 2);
  for (let band = 0; band <= BANDS; band++) {
    const [from, to] = [MIDDLES[band]!, MIDDLES[band + 1]!];
    for (let frequency = from; frequency < to; frequency++) {
      const upper = (frequency - from) / (to - from);
      const value = of(frequency);
      sums[band]! += (1 - upper) * value;
      sums[band + 1]! += upper * value;
    }
  }
  // The first and the last take in what is beyond them.
  sums[1] = (2 / 3) * (sums[0]! + sums[1]!);
  sums[BANDS] = (2 / 3) * (sums[BANDS]! + sums[BANDS + 1]!);
  return sums.slice(1, BANDS + 1);
}

/** For each frequency what the bands have there, between the middles in proportion; 0 from 20 kHz on. */
export function atFrequencies(bands: Float64Array): Float64Array {
  const values = new Float64Array(FREQUENCIES);
  for (let band = 0; band <= BANDS; band++) {
    const [from, to] = [MIDDLES[band]!, MIDDLES[band + 1]!];
    const [lower, upper] = [bands[Math.max(0, band - 1)]!, bands[Math.min(BANDS - 1, band)]!];
    for (let frequency = from; frequency < to; frequency++) {
      values[frequency] = lower + ((upper - lower) * (frequency - from)) / (to - from);
    }
  }
  return values;
}

/** The type-II cosine transform, orthogonal but for the factor √(2/22), which RNNoise has kept of its 22 bands. */
const COSINES = Float64Array.from({ length: BANDS * BANDS }, (_, at) => {
  const [order, band] = [Math.floor(at / BANDS), at % BANDS];
  const cosine = Math.cos((Math.PI * order * (band + 0.5)) / BANDS);
  return Math.sqrt(2 / 22) * (order === 0 ? Math.SQRT1_2 : cosine);
});

/** How the values of bands vary: their mean first, then ever finer waves over them. */
export function cosineTransform(bands: Float64Array): Float64Array {
  const result = new Float64Array(BANDS);
  for (let at = 0; at < COSINES.length; at++) result[Math.floor(at / BANDS)]! += bands[at % BANDS]! * COSINES[at]!;
  return result;
}
