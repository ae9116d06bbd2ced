import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Uniform numbers that are added up to one that is nearly normal: no logarithm, whose last bits engines differ in. */
const TERMS = 4;

/** Random numbers of mean 0 and standard deviation 1. They follow from seed and epoch alone, so none has to be saved. */
export function noise(length: number, seed: number, epoch: number): Float32Array {
  const generator = xoroshiro128plus(Math.imul(seed + 1, 0x9e3779b9) ^ Math.imul(epoch + 1, 0x85ebca6b));
  const scale = Math.sqrt(12 / TERMS);
  return Float32Array.from({ length }, () => {
    let sum = -TERMS / 2;
    for (let term = 0; term < TERMS; term++) sum += uniformFloat64(generator);
    return sum * scale;
  });
}
