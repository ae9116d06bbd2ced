import { type Complex, complex, Fourier } from './fourier.ts';

/** Samples of a frame, 10 ms at 48 kHz. */
export const FRAME = 480;

/** Two frames, which is what a spectrum is of. */
export const WINDOW: number = 2 * FRAME;

/** From 0 to 24 kHz, in steps of 50 Hz. */
export const FREQUENCIES: number = FRAME + 1;

/** Vorbis's window: its square and that of the other half add up to 1, so that overlapping windows give back the sound. */
const SHAPE = Float64Array.from({ length: WINDOW }, (_, i) =>
  Math.sin((Math.PI / 2) * Math.sin((Math.PI * (i + 0.5)) / WINDOW) ** 2),
);

/** From sound to spectra, and back. */
export class Spectra {
  readonly #fourier = new Fourier(WINDOW);
  readonly #from = complex(WINDOW);
  readonly #to = complex(WINDOW);

  /**
   * Those of twice [960] samples, as fresh arrays, divided by 960, as RNNoise has them. Of a real sound the spectrum's upper
   * half is the lower one's conjugate, so that one transform, of one sound and i times another, has both.
   */
  spectraOf(first: Float64Array, second: Float64Array): readonly [Complex, Complex] {
    for (let i = 0; i < WINDOW; i++) {
      this.#from.re[i] = (first[i]! * SHAPE[i]!) / WINDOW;
      this.#from.im[i] = (second[i]! * SHAPE[i]!) / WINDOW;
    }
    this.#fourier.transform(this.#from, this.#to);
    const { re, im } = this.#to;
    const [one, other] = [complex(FREQUENCIES), complex(FREQUENCIES)];
    for (let k = 0; k < FREQUENCIES; k++) {
      const mirrored = (WINDOW - k) % WINDOW;
      one.re[k] = (re[k]! + re[mirrored]!) / 2;
      one.im[k] = (im[k]! - im[mirrored]!) / 2;
      other.re[k] = (im[k]! + im[mirrored]!) / 2;
      other.im[k] = (re[mirrored]! - re[k]!) / 2;
    }
    return [one, other];
  }

  /** The samples of a spectrum, in the window again; overwritten by the next. */
  samplesOf({ re, im }: Complex): Float64Array {
    // The whole spectrum's conjugate: that turns the transform back.
    for (let k = 0; k < WINDOW; k++) {
      const at = k < FREQUENCIES ? k : WINDOW - k;
      this.#from.re[k] = re[at]!;
      this.#from.im[k] = k < FREQUENCIES ? -im[at]! : im[at]!;
    }
    this.#fourier.transform(this.#from, this.#to);
    const samples = this.#to.re;
    for (let i = 0; i < WINDOW; i++) samples[i]! *= SHAPE[i]!;
    return samples;
  }
}
