/** Fixed point: integers in units of 2^-BITS, enough for the smallest float64 with 200 bits to spare. */
const BITS = 1280n;
const ONE = 1n << BITS;

/**
 * The error of `value` for sigmoid(x) or tanh(x) in units in the last place of float64 at the true value,
 * by integer arithmetic.
 */
export function exactly(name: string, x: number, value: number): number {
  const exact = name === 'tanh' ? tanh(x) : sigmoid(x);
  const magnitude = exact < 0n ? -exact : exact;
  const exponent = BigInt(magnitude.toString(2).length - 1) - BITS;
  const ulp = ONE >> -((exponent < -1022n ? -1022n : exponent) - 52n);
  const difference = fixed(value) - exact;
  return Math.abs(Number((difference << 32n) / ulp)) / 2 ** 32;
}

function sigmoid(x: number): bigint {
  const e = exp(-fixed(Math.abs(x)));
  return ((x < 0 ? e : ONE) << BITS) / (ONE + e);
}

function tanh(x: number): bigint {
  const e = exp(-2n * fixed(Math.abs(x)));
  const magnitude = ((ONE - e) << BITS) / (ONE + e);
  return x < 0 ? -magnitude : magnitude;
}

/** e^v for v ≤ 0: the Taylor series of e^(v / 2^halvings), squared so often. */
function exp(v: bigint): bigint {
  if (v < -800n * ONE) return 0n;
  const halvings = 32n;
  const small = v >> halvings;
  let [sum, term] = [ONE, ONE];
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    term = (term * small) >> BITS;
    term /= n;
    sum += term;
  }
  for (let n = 0n; n < halvings; n++) sum = (sum * sum) >> BITS;
  return sum;
}

/** A float64, exactly. */
function fixed(value: number): bigint {
  const [view, bits] = [new Float64Array([value]), 52n];
  const word = new BigUint64Array(view.buffer)[0]!;
  const exponent = (word >> bits) & 2047n;
  const fraction = word & ((1n << bits) - 1n);
  const digits = exponent === 0n ? fraction : fraction | (1n << bits);
  const magnitude = digits << (BITS - 1074n + (exponent === 0n ? 0n : exponent - 1n));
  return value < 0 ? -magnitude : magnitude;
}
