/** Fixed-point numbers: an integer n stands for n · 2^-FRACTION. */
const FRACTION = 1300n;
const ONE = 1n << FRACTION;

const view = new DataView(new ArrayBuffer(8));

/** A float64 as significand and exponent: value = significand · 2^exponent. */
function parts(value: number): { readonly significand: bigint; readonly exponent: bigint } {
  view.setFloat64(0, value);
  const word = view.getBigUint64(0);
  const field = (word >> 52n) & 0x7ffn;
  const significand = (word & ((1n << 52n) - 1n)) | (field === 0n ? 0n : 1n << 52n);
  return { significand: value < 0 ? -significand : significand, exponent: (field || 1n) - 1075n };
}

/** A float64 in fixed point, without rounding. */
const fixed = (value: number): bigint => {
  const { significand, exponent } = parts(value);
  return significand << (FRACTION + exponent);
};

const times = (a: bigint, b: bigint): bigint => (a * b) >> FRACTION;

/** e^x for x ≤ 0 by its power series at x / 2^16, then squared 16 times. */
function exp(x: bigint): bigint {
  const reduced = x >> 16n;
  let sum = ONE;
  let term = ONE;
  for (let n = 1n; term > 1n || term < -1n; n++) {
    term = times(term, reduced) / n;
    sum += term;
  }
  for (let squaring = 0; squaring < 16; squaring++) sum = times(sum, sum);
  return sum;
}

/** 1 / (1 + e^-x) to hundreds of digits, in fixed point. */
export function exactSigmoid(x: number): bigint {
  const e = exp(-fixed(Math.abs(x)));
  return ((x < 0 ? e : ONE) << FRACTION) / (ONE + e);
}

/** tanh x to hundreds of digits, in fixed point; for |x| from 2^-200 on. */
export function exactTanh(x: number): bigint {
  const e = exp(-2n * fixed(Math.abs(x)));
  const positive = ((ONE - e) << FRACTION) / (ONE + e);
  return x < 0 ? -positive : positive;
}

/** How far a float64 lies from an exact value, in units of the last place of float64 at that value. */
export function ulpsFrom(value: number, exact: bigint): number {
  const magnitude = exact < 0n ? -exact : exact;
  const exponent = BigInt(magnitude.toString(2).length) - 1n - FRACTION;
  const ulp = (exponent < -1022n ? -1022n : exponent) - 52n;
  return Number(((fixed(value) - exact) * 1_000_000n) >> (FRACTION + ulp)) / 1e6;
}
