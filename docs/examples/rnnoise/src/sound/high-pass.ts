/** Removes what is below hearing, as RNNoise's filter does: (1 − z⁻¹)² / (1 − 1.99599 z⁻¹ + 0.996 z⁻²). */
export class HighPass {
  #first = 0;
  #second = 0;

  filter(samples: Float32Array): Float64Array {
    const result = new Float64Array(samples.length);
    for (let i = 0; i < samples.length; i++) {
      const x = samples[i]!;
      const y = x + this.#first;
      this.#first = this.#second - 2 * x + 1.99599 * y;
      this.#second = x - 0.996 * y;
      result[i] = y;
    }
    return result;
  }
}
