/** ln 2 in two parts; the products of the high one with the exponents of a float64 are exact. */
const LN2_HI = 0.6931471803691238;
const LN2_LO = 1.9082149292705877e-10;

/** Below, e^x is less than half of the smallest float64. */
const UNDERFLOW = -746;

/**
 * e^x for x ≤ 0, within an ulp, of basic operations alone: the last bits of Math.exp differ between engines.
 * x = k ln 2 + t with |t| ≤ ½ ln 2, and a rational approximation of e^t: fdlibm's e_exp.c (Sun Microsystems, 1993).
 */
export function exp(x: number): number {
  if (x < UNDERFLOW) return 0;
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const high = x - k * LN2_HI;
  const low = k * LN2_LO;
  const t = high - low;
  const c = t - polynomial(EXP, t * t);
  const power = 1 - (low - (t * c) / (2 - c) - high);
  // In two halves: 2^k alone is 0 where a result is subnormal.
  const half = Math.floor(k / 2);
  return power * 2 ** half * 2 ** (k - half);
}

/**
 * ln x for finite x ≥ 1, within an ulp, likewise. x = 2^k (1 + f) with 1 + f from √½ to √2, and a series in
 * s = f / (2 + f): fdlibm's e_log.c (Sun Microsystems, 1993).
 */
export function log(x: number): number {
  let [k, reduced] = [0, x];
  for (; reduced > Math.SQRT2; reduced /= 2) k++;
  const f = reduced - 1;
  const s = f / (2 + f);
  const half = 0.5 * f * f;
  return k * LN2_HI - (half - (s * (half + polynomial(LOG, s * s)) + k * LN2_LO) - f);
}

/** z (c₀ + z (c₁ + …)) */
const polynomial = (coefficients: readonly number[], z: number): number =>
  coefficients.reduceRight((sum, coefficient) => z * (coefficient + sum), 0);

const EXP = [
  0.16666666666666602, -0.0027777777777015593, 0.00006613756321437934, -0.0000016533902205465252, 4.1381367970572385e-8,
];

const LOG = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
  0.15313837699209373, 0.14798198605116586,
];
