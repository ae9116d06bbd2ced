import type { DType } from '@congruent/runtime';

/** 64 bits that follow from the bits of all numbers, in order; a sign of zero counts. For finding differences, no more. */
export function digestOf(dtype: DType, arrays: readonly ArrayLike<number>[]): string {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (const array of arrays) {
    const typed = dtype === 'float64' ? new Float64Array(array) : new Float32Array(array);
    const words = new Uint32Array(typed.buffer);
    for (let i = 0; i < words.length; i++) {
      a = Math.imul(a ^ words[i]!, 0x01000193);
      b = Math.imul(b ^ words[i]! ^ (a >>> 15), 0x85ebca6b);
    }
  }
  return [a, b].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
