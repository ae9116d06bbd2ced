import { parseFunction } from './parser.ts';
import type { FunctionSyntax } from './syntax.ts';
import { dedent } from './text.ts';

/**
 * A function of one number, as a sequence of basic operations: + - * / and sqrt, as IEEE 754 rounds them, abs, max, min,
 * floor (towards −∞), pow2 (2^k for an integer k, exact), horner(x, C) (a polynomial, lowest coefficient first), also
 * horner(x, x², C) (two coefficients at a time, so that fewer operations wait for each other), and
 * `if a < b then … else …`. Every operation is rounded to the element type, so the same operations give the same bits
 * everywhere. The derivative is in terms of the result, which a backward pass has at hand, or of the operand; it may
 * choose, and call functions.
 */
export interface SpecFunction extends FunctionSyntax {
  readonly source: string;
}

const define = (text: TemplateStringsArray, ...constants: readonly string[]): SpecFunction => {
  const source = dedent(String.raw(text, ...constants));
  return { ...parseFunction(source), source };
};

/**
 * What e^v needs. The coefficients of EXPM1 are minimax fits of (e^r − 1 − r) / r² for |r| ≤ ln 2 / 2 (Lawson's
 * algorithm, relative error 2^-26 and 2^-55 of e^r − 1). LN2_HI has so few bits that k * LN2_HI is exact (W. J. Cody
 * and W. Waite, "Software Manual for the Elementary Functions", 1980).
 */
const EXP32 = `LOG2E = 1.44269502   LN2_HI = 0.693145751953125   LN2_LO = 1.42860677e-6
    EXPM1 = [0.49999997, 0.166665435, 0.0416672006, 0.00836654752, 0.00138825143]`;

const EXP64 = `LOG2E = 1.4426950408889634   LN2_HI = 0.693147180559663   LN2_LO = 2.8235290563031577e-13
    EXPM1 = [0.5000000000000006, 0.16666666666666588, 0.041666666666576466, 0.008333333333389734,
             0.0013888888931667918, 0.0001984126971871166, 2.4801505141880353e-5, 2.7557407684312353e-6,
             2.762609311280371e-7, 2.5053776497551877e-8]`;

/**
 * With |x| = t - k ln 2, sigmoid(-|x|) is 2^k / d for d = 2^k + e^t. What rounding takes from d is known, as the terms
 * of a sum and their order are (T. J. Dekker, "A Floating-Point Technique for Extending the Available Precision", 1971),
 * and goes into its reciprocal. sigmoid(|x|) is the rest to 1: no cancellation, no overflow.
 */
const sigmoid = define`
  sigmoid(x) -> s   within 1.5 ulp   derivative s * (1 - s)

  y = abs(x)
  v = if y > UNDERFLOW then UNDERFLOW else y                  # e^-v rounds to 0 there; NaN passes
  k = floor(0.5 - v * LOG2E)
  t = v + k * LN2_HI + k * LN2_LO                             # v = t - k ln 2, |t| ≤ ln 2 / 2
  q = pow2(k + 64) * 5.421010862427522e-20                    # 2^k, which may be subnormal
  z = t * t
  r = q + (t + z * horner(t, z, EXPM1))                       # 2^k + e^t - 1
  d = 1 + r
  c = 1 / d
  g = q * c
  w = g - g * (c * (r - (d - 1)))                             # sigmoid(-|x|)
  m = 1 - w
  n = x + 0.5                                                 # below w for x < 0, above 1 - w for x > 0
  u = if n < m then n else m
  s = if w < u then u else w

  float32
    UNDERFLOW = 104   ${EXP32}
  float64
    UNDERFLOW = 746   ${EXP64}
`;

/**
 * Near 0 by a minimax fit (Remez's algorithm) of (tanh x / x - 1) / x². Beyond, 1 - 2 / (1 + e^2|x|): what is rounded is
 * small beside 1, so that 1 - u², by which gradients are multiplied, is as near as u is. EXPM1 is scaled to half of
 * e^2t - 1.
 */
const tanh = define`
  tanh(x) -> u   within 1.5 ulp   derivative 1 - u * u

  y = abs(x)
  v = if y > SATURATION then SATURATION else y                # 1 - tanh v rounds to 0 there; NaN passes
  k = floor(0.5 - v * LOG2E_2)
  t = v + k * LN2_HALF                                        # 2 v = 2 t - k ln 2, |t| ≤ ln 2 / 4
  z = t * t
  p = t + z * horner(t, z, EXPM1)                             # (e^2t - 1) / 2
  q = pow2(k)
  w = 1 - q / (0.5 * q + 0.5 + p)                             # tanh v
  g = if x < w then x else w                                  # x is beyond w, or -w, where w is the result
  b = if -w < g then g else -w
  f = x * x
  m = x * (1 + f * horner(f, TANH))                           # ±0 are themselves
  u = if y < 0.58 then m else b

  float32
    SATURATION = 10   LOG2E_2 = 2.88539004   LN2_HALF = 0.34657359
    EXPM1 = [0.99999994, 0.66666174, 0.3333376, 0.13386476, 0.044424046]
    TANH = [-0.333333075, 0.133322315, -0.0538141716, 0.0209123064, -0.00604716518]
  float64
    SATURATION = 20   LOG2E_2 = 2.8853900817779268   LN2_HALF = 0.34657359027997264
    EXPM1 = [1.000000000000001, 0.6666666666666635, 0.3333333333326117, 0.13333333333423575, 0.04444444458133734,
             0.012698412619975463, 0.003174592658160685, 0.0007054696367183962, 0.00014144559673755498,
             2.5655067133493122e-5]
    TANH = [-0.3333333333333323, 0.13333333333315325, -0.05396825395740835, 0.02186948820967377,
            -0.008863229803443522, 0.003592064628345026, -0.001455371734976695, 0.0005877616041936605,
            -0.00023169578572676785, 8.097165334801853e-5, -1.8089612073258402e-5]
`;

const exp = define`
  exp(x) -> y   within 1.1 ulp   derivative y

  u = if x < UNDERFLOW then UNDERFLOW else x                  # e^u rounds to 0 there; NaN passes
  v = if u > OVERFLOW then OVERFLOW else u                    # and to Infinity there
  k = floor(v * LOG2E + 0.5)
  t = v - k * LN2_HI - k * LN2_LO                             # v = k ln 2 + t, |t| ≤ ln 2 / 2
  p = 1 + (t + t * t * horner(t, EXPM1))                      # e^t
  i = floor(k * 0.5)
  y = p * pow2(i) * pow2(k - i)                               # subnormal results rounded once

  float32
    UNDERFLOW = -104   OVERFLOW = 89   ${EXP32}
  float64
    UNDERFLOW = -746   OVERFLOW = 710   ${EXP64}
`;

/**
 * ln(1 + f) = f - (h - s (h + r)) with h = f²/2, s = f / (2 + f) and r = s² P(s²), as in FreeBSD's e_log.c: what is
 * rounded is small beside f. P is a minimax fit (Remez's algorithm) of (2 artanh(s) - 2 s) / s³.
 */
const log = define`
  log(x) -> y   within 1 ulp   derivative 1 / x

  a = sqrt(sqrt(sqrt(sqrt(x))))
  b = sqrt(sqrt(sqrt(sqrt(a))))
  c = sqrt(sqrt(sqrt(sqrt(b))))                               # x^(1/4096), near 1 for any x
  d = (c - 1) / (c + 1)
  k = floor(d * (2 + d * d * 0.6666667) * ROOTS_LOG2E + 0.5)  # log2 x, rounded: near a half, either way
  i = floor(k * 0.5)
  f = x * pow2(-i) * pow2(i - k) - 1                          # x = 2^k (1 + f), |f| < 0.42
  s = f / (2 + f)
  z = s * s
  h = 0.5 * f * f
  l = k * LN2_HI - ((h - (s * (h + z * horner(z, ARTANH)) + k * LN2_LO)) - f)
  g = if x > LARGEST then x else l                            # Infinity is itself
  n = if x < 0 then 0 / (x - x) else -1 / abs(x)              # no number, or -Infinity at 0; NaN is itself
  y = if x > 0 then g else n

  float32
    ROOTS_LOG2E = 5909.279   LARGEST = 3.4028234663852886e38   LN2_HI = 0.693145751953125   LN2_LO = 1.42860677e-6
    ARTANH = [0.66666776, 0.39977528, 0.29872281]
  float64
    ROOTS_LOG2E = 5909.278887481194   LARGEST = 1.7976931348623157e308
    LN2_HI = 0.693147180559663   LN2_LO = 2.8235290563031577e-13
    ARTANH = [0.66666666666667346, 0.39999999999412799, 0.28571428742887943, 0.22222198513814109, 0.18183567809068498,
              0.15313951725527554, 0.14797031737939077]
`;

/** max(x, 0) + ln(1 + e^-|x|), the logarithm as above with a fit for s up to 1/3: exact also beyond PyTorch's threshold. */
const softplus = define`
  softplus(x) -> y   within 2.1 ulp   derivative sigmoid(x)

  u = -abs(x)
  v = if u < UNDERFLOW then UNDERFLOW else u                  # e^v rounds to 0 there; NaN passes
  k = floor(v * LOG2E + 0.5)
  t = v - k * LN2_HI - k * LN2_LO                             # v = k ln 2 + t, |t| ≤ ln 2 / 2
  p = 1 + (t + t * t * horner(t, EXPM1))                      # e^t
  i = floor(k * 0.5)
  f = p * pow2(i) * pow2(k - i)                               # e^v
  s = f / (2 + f)
  z = s * s
  h = 0.5 * f * f
  y = max(x, 0) + (f - (h - s * (h + z * horner(z, ARTANH))))

  float32
    UNDERFLOW = -104   ${EXP32}
    ARTANH = [0.66666416, 0.40021534, 0.2800168, 0.28012666]
  float64
    UNDERFLOW = -746   ${EXP64}
    ARTANH = [0.66666666666666309, 0.40000000000155265, 0.28571428548097935, 0.22222223954962815, 0.18181744430481931,
              0.15386549471241417, 0.13301106688334656, 0.12105065052772879, 0.083444302357286, 0.17010788590796765]
`;

const sqrt = define`
  sqrt(x) -> y   within 0.5 ulp   derivative 1 / (2 * y)

  y = sqrt(x)

  float32
  float64
`;

/** Its derivative is PyTorch's: 0 where the result is at most 0, so 1 where it is NaN, which no comparison holds of. */
const relu = define`
  relu(x) -> y   within 0 ulp   derivative if y > 0 then 1 else if y < 1 then 0 else 1

  y = if x < 0 then 0 else x                                  # -0 and NaN are themselves

  float32
  float64
`;

/** The functions a cell may call, by name. */
export const functions: Readonly<Record<string, SpecFunction>> = {
  sigmoid,
  tanh,
  relu,
  exp,
  log,
  softplus,
  sqrt,
};

/** The basic operations a cell may call by name, and how many operands each takes. */
export const operations: Readonly<Record<string, number>> = { abs: 1, max: 2, min: 2 };
