/** Complex numbers, in two arrays. */
export interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export const complex = (length: number): Complex => ({ re: new Float64Array(length), im: new Float64Array(length) });

/**
 * A Fourier transform of any length: X[k] = Σ x[n]·e^(−2πikn/N). A length that is p·m is p transforms of m, of every p-th
 * element (J. W. Cooley, J. W. Tukey, 1965). The libraries that run in an AudioWorklet have powers of two alone, and here
 * windows have 960 samples.
 */
export class Fourier {
  readonly length: number;
  readonly #factors: readonly number[];
  readonly #cosine: Float64Array;
  readonly #sine: Float64Array;
  readonly #scratch: Complex;

  constructor(length: number) {
    this.length = length;
    this.#factors = primeFactors(length);
    const angle = (k: number): number => (2 * Math.PI * k) / length;
    this.#cosine = Float64Array.from({ length }, (_, k) => Math.cos(angle(k)));
    this.#sine = Float64Array.from({ length }, (_, k) => Math.sin(angle(k)));
    this.#scratch = complex(length);
  }

  /** Writes the transform of x to y, another array. */
  transform(x: Complex, y: Complex): void {
    this.#part(x, 0, 1, y, 0, this.length, 0);
  }

  /** That of the elements of x at `from`, `from + stride`, …, `length` of them. */
  #part(x: Complex, from: number, stride: number, y: Complex, to: number, length: number, depth: number): void {
    const factor = this.#factors[depth] ?? 1;
    const part = length / factor;
    for (let r = 0; r < factor; r++) {
      if (part > 1) this.#part(x, from + r * stride, stride * factor, y, to + r * part, part, depth + 1);
      else {
        y.re[to + r] = x.re[from + r * stride]!;
        y.im[to + r] = x.im[from + r * stride]!;
      }
    }
    if (factor === 2) this.#joinTwo(y, to, part, stride);
    else this.#join(y, to, factor, part, stride);
  }

  /** From the transforms of two parts, which lie one after the other, that of the whole, in their place. */
  #joinTwo({ re, im }: Complex, to: number, part: number, stride: number): void {
    for (let k = 0; k < part; k++) {
      const [even, odd] = [to + k, to + k + part];
      const cosine = this.#cosine[k * stride]!;
      const sine = this.#sine[k * stride]!;
      const turnedRe = re[odd]! * cosine + im[odd]! * sine;
      const turnedIm = im[odd]! * cosine - re[odd]! * sine;
      re[odd] = re[even]! - turnedRe;
      im[odd] = im[even]! - turnedIm;
      re[even]! += turnedRe;
      im[even]! += turnedIm;
    }
  }

  /** The same of any number of parts. */
  #join(y: Complex, to: number, factor: number, part: number, stride: number): void {
    const { re, im } = this.#scratch;
    const length = factor * part;
    for (let k = 0; k < length; k++) {
      re[k] = 0;
      im[k] = 0;
      // e^(−2πikr/length), in a table for the whole transform.
      for (let r = 0, at = to + (k % part), turn = 0; r < factor; r++, at += part) {
        re[k]! += y.re[at]! * this.#cosine[turn]! + y.im[at]! * this.#sine[turn]!;
        im[k]! += y.im[at]! * this.#cosine[turn]! - y.re[at]! * this.#sine[turn]!;
        turn = (turn + k * stride) % this.length;
      }
    }
    for (let k = 0; k < length; k++) {
      y.re[to + k] = re[k]!;
      y.im[to + k] = im[k]!;
    }
  }
}

/** The smallest first. */
function primeFactors(of: number): readonly number[] {
  const factors: number[] = [];
  let rest = of;
  for (let factor = 2; rest > 1; ) {
    if (rest % factor === 0) {
      factors.push(factor);
      rest /= factor;
    } else factor++;
  }
  return factors;
}
