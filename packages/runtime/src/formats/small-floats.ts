/** Kinds of floats of one byte, as PyTorch names them. */
export type Float8 = 'e4m3fn' | 'e4m3fnuz' | 'e5m2' | 'e5m2fnuz' | 'e8m0fnu';

/** IEEE 754 binary16: 1 sign bit, 5 bits of exponent with bias 15, 10 bits of fraction. */
export const half = (bits: number): number => ieee(bits, 5, 10, 15);

/** bfloat16: the upper half of a float32. */
export function upperHalf(bits: number): number {
  WORD[0] = bits << 16;
  return WORD_AS_FLOAT[0]!;
}

const WORD = new Uint32Array(1);
const WORD_AS_FLOAT = new Float32Array(WORD.buffer);

/**
 * A float of one byte.
 *
 * @see https://arxiv.org/abs/2209.05433 for e4m3fn (no infinities, NaN is all ones) and e5m2 (as IEEE 754)
 * @see https://arxiv.org/abs/2206.02915 for fnuz: a bias larger by one, no infinities, NaN is what −0 would be
 * @see https://www.opencompute.org/documents/ocp-microscaling-formats-mx-v1-0-spec-final-pdf for e8m0fnu: powers of two
 */
export function float8(kind: Float8, bits: number): number {
  switch (kind) {
    case 'e4m3fn':
      return (bits & 127) === 127 ? Number.NaN : finite(bits, 4, 3, 7);
    case 'e5m2':
      return ieee(bits, 5, 2, 15);
    case 'e4m3fnuz':
      return bits === 128 ? Number.NaN : finite(bits, 4, 3, 8);
    case 'e5m2fnuz':
      return bits === 128 ? Number.NaN : finite(bits, 5, 2, 16);
    case 'e8m0fnu':
      return bits === 255 ? Number.NaN : 2 ** (bits - 127);
  }
}

/** With infinities and NaN where the exponent is all ones. */
function ieee(bits: number, exponentBits: number, fractionBits: number, bias: number): number {
  const magnitude = bits & ((1 << (exponentBits + fractionBits)) - 1);
  const infinity = ((1 << exponentBits) - 1) << fractionBits;
  if (magnitude > infinity) return Number.NaN;
  if (magnitude < infinity) return finite(bits, exponentBits, fractionBits, bias);
  return magnitude === bits ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

/** Subnormal where the exponent is 0. */
function finite(bits: number, exponentBits: number, fractionBits: number, bias: number): number {
  const sign = bits >> (exponentBits + fractionBits) ? -1 : 1;
  const exponent = (bits >> fractionBits) & ((1 << exponentBits) - 1);
  const one = 1 << fractionBits;
  const fraction = bits & (one - 1);
  const ulp = 2 ** (Math.max(exponent, 1) - bias - fractionBits);
  return sign * (exponent === 0 ? fraction : one + fraction) * ulp;
}
