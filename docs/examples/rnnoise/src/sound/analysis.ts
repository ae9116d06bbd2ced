import { bandSums, cosineTransform } from './bands.ts';
import type { Complex } from './fourier.ts';
import { periodOf, REMEMBERED } from './period.ts';
import { FRAME, type Spectra, WINDOW } from './spectrum.ts';

/** What a frame of sound is made of. */
export interface Analysis {
  readonly spectrum: Complex;
  /** That of the sound one period earlier. */
  readonly earlier: Complex;
  /** Energies of the bands of both, and the correlation of the two, -1 to 1. */
  readonly energies: Float64Array;
  readonly earlierEnergies: Float64Array;
  readonly correlations: Float64Array;
  /** [65]: what the network takes. */
  readonly features: Float32Array;
  readonly isSilent: boolean;
}

/** The energy of all bands below which RNNoise calls a frame silent. */
const SILENCE = 0.04;

/** Extracts the features of sound, frame by frame, as RNNoise defines them. */
export class Analyser {
  readonly #spectra: Spectra;
  readonly #sound = new Float64Array(REMEMBERED);

  constructor(spectra: Spectra) {
    this.#spectra = spectra;
  }

  /** @param frame  [480] samples, up to ±32768 */
  analyse(frame: Float64Array): Analysis {
    const sound = this.#sound;
    sound.copyWithin(0, FRAME);
    sound.set(frame, REMEMBERED - FRAME);
    const period = periodOf(sound);
    const start = REMEMBERED - WINDOW;
    const [spectrum, earlier] = this.#spectra.spectraOf(
      sound.subarray(start),
      sound.subarray(start - Math.min(period, start)),
    );
    const [energies, earlierEnergies] = [energiesOf(spectrum), energiesOf(earlier)];
    const correlations = bandSums((k) => spectrum.re[k]! * earlier.re[k]! + spectrum.im[k]! * earlier.im[k]!).map(
      (product, band) => product / Math.sqrt(0.001 + energies[band]! * earlierEnergies[band]!),
    );
    const features = Float32Array.of(
      ...cosineTransform(levelsOf(energies)),
      ...cosineTransform(correlations),
      0.01 * (period - 300),
    );
    // About what they are on average.
    features[0]! -= 12;
    features[1]! -= 4;
    const isSilent = energies.reduce((sum, energy) => sum + energy, 0) < SILENCE;
    return { spectrum, earlier, energies, earlierEnergies, correlations, features, isSilent };
  }
}

export const energiesOf = ({ re, im }: Complex): Float64Array => bandSums((k) => re[k]! ** 2 + im[k]! ** 2);

/** Logarithms of energies, at most 1.5 below the one before, and 7 below the highest so far: as far as one can hear. */
function levelsOf(energies: Float64Array): Float64Array {
  let [highest, last] = [-2, -2];
  return energies.map((energy) => {
    const level = Math.max(Math.log10(0.01 + energy), highest - 7, last - 1.5);
    highest = Math.max(highest, level);
    last = Math.max(last - 1.5, level);
    return level;
  });
}
