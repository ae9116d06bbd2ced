import { Analyser, type Analysis, energiesOf } from './analysis.ts';
import { atFrequencies, BANDS } from './bands.ts';
import type { Complex } from './fourier.ts';
import { HighPass } from './high-pass.ts';
import { FRAME, Spectra } from './spectrum.ts';

/** The network, for one frame after the other: from 65 features to the gains of the bands and the probability of a voice. */
export type Network = (features: Float32Array) => { readonly gains: ArrayLike<number>; readonly vad: number };

/** Gains fall to no less than this share from one frame to the next, as reverberation does. */
const DECAY = 0.6;

/** Removes noise from sound: RNNoise, with the network and what is around it. */
export class Denoiser {
  readonly #network: Network;
  readonly #spectra = new Spectra();
  readonly #analyser = new Analyser(this.#spectra);
  readonly #highPass = new HighPass();
  /** The frame before: the network hears the one after it, too, before it is made. */
  #before: Analysis | undefined;
  #gains: Float64Array = new Float64Array(BANDS);
  #overlap: Float64Array = new Float64Array(FRAME);

  constructor(network: Network) {
    this.#network = network;
  }

  /**
   * Takes the next 10 ms, and gives those 20 ms before them without noise.
   *
   * @param samples  [480] at 48 kHz, up to ±32768
   * @param result   [480]: overwritten
   * @returns the probability of a voice
   */
  process(samples: Float32Array, result: Float32Array): number {
    const now = this.#analyser.analyse(this.#highPass.filter(samples));
    const before = this.#before;
    this.#before = now;
    let vad = 0;
    let spectrum = before?.spectrum;
    if (!now.isSilent) {
      const heard = this.#network(now.features);
      vad = heard.vad;
      if (before) spectrum = this.#cleaned(before, Float64Array.from(heard.gains), now.energies);
    }
    this.#add(spectrum, result);
    return vad;
  }

  /** A frame with its bands' gains, its voice made clearer. */
  #cleaned(frame: Analysis, gains: Float64Array, next: Float64Array): Complex {
    const clear = clearer(frame, gains);
    const smooth = gains.map((gain, band) => Math.max(gain, DECAY * this.#gains[band]!));
    // Less is kept where the sound grows: what begins may be noise.
    this.#gains = smooth.map((gain, band) =>
      Math.min(1, (gain * (frame.energies[band]! + 0.001)) / (next[band]! + 0.001)),
    );
    return scaled(clear, atFrequencies(smooth));
  }

  /** Adds windows up where they overlap. */
  #add(spectrum: Complex | undefined, result: Float32Array): void {
    const window = spectrum && this.#spectra.samplesOf(spectrum);
    for (let i = 0; i < FRAME; i++) {
      result[i] = this.#overlap[i]! + (window?.[i] ?? 0);
      this.#overlap[i] = window?.[FRAME + i] ?? 0;
    }
  }
}

/**
 * A comb filter: where a band is less clear than the network wants it, the sound one period earlier is added, in which the
 * voice is the same and the noise another (J.-M. Valin, 2018, section 4). The bands keep their energies.
 */
function clearer(frame: Analysis, gains: Float64Array): Complex {
  const { spectrum, earlier, energies, earlierEnergies, correlations } = frame;
  const shares = gains.map((gain, band) => {
    const [g, c] = [gain ** 2, correlations[band]! ** 2];
    const share = correlations[band]! > gain ? 1 : Math.min(1, (c * (1 - g)) / (0.001 + g * (1 - c)));
    return Math.sqrt((Math.max(0, share) * energies[band]!) / (1e-8 + earlierEnergies[band]!));
  });
  const share = atFrequencies(shares);
  const added = {
    re: spectrum.re.map((value, k) => value + share[k]! * earlier.re[k]!),
    im: spectrum.im.map((value, k) => value + share[k]! * earlier.im[k]!),
  };
  const energiesNow = energiesOf(added);
  return scaled(added, atFrequencies(energies.map((energy, band) => Math.sqrt(energy / (1e-8 + energiesNow[band]!)))));
}

const scaled = ({ re, im }: Complex, by: Float64Array): Complex => ({
  re: re.map((value, k) => value * by[k]!),
  im: im.map((value, k) => value * by[k]!),
});
