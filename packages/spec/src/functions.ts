import { parseFunction } from './parser.ts';
import type { FunctionSyntax } from './syntax.ts';
import { dedent } from './text.ts';

/**
 * A function of one number, as a sequence of basic operations: + - * /, abs, floor (towards −∞), pow2 (2^k for an
 * integer k, exact), horner (a polynomial, lowest coefficient first), and `if a < b then … else …`.
 * Every operation is rounded to the element type, so the same operations give the same bits everywhere. The derivative
 * is in terms of the result, which a backward pass has at hand.
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

const sigmoid = define`
  sigmoid(x) -> s   within 2.5 ulp   derivative s * (1 - s)

  y = -abs(x)
  v = if y < UNDERFLOW then UNDERFLOW else y                  # e^v rounds to 0 there; NaN passes
  k = floor(v * LOG2E + 0.5)
  t = v - k * LN2_HI - k * LN2_LO                             # v = k ln 2 + t, |t| ≤ ln 2 / 2
  p = 1 + (t + t * t * horner(t, EXPM1))                      # e^t
  i = floor(k * 0.5)
  e = p * pow2(i) * pow2(k - i)                               # e^v, subnormal results rounded once
  s = (if x < 0 then e else 1) / (1 + e)                      # no cancellation, no overflow

  float32
    UNDERFLOW = -104   ${EXP32}
  float64
    UNDERFLOW = -746   ${EXP64}
`;

const tanh = define`
  tanh(x) -> u   within 2.5 ulp   derivative 1 - u * u

  y = -2 * abs(x)
  v = if y < SATURATION then SATURATION else y                # e^v - 1 rounds to -1 there; NaN passes
  k = floor(v * LOG2E + 0.5)
  t = v - k * LN2_HI - k * LN2_LO                             # v = k ln 2 + t, |t| ≤ ln 2 / 2
  p = t + t * t * horner(t, EXPM1)                            # e^t - 1
  q = pow2(k)
  m = q * p + (q - 1)                                         # e^v - 1, full relative accuracy for tiny v
  w = m / (m + 2)                                             # -tanh(|x|)
  u = if x < 0 then w else (if x > 0 then -w else x)          # ±0 and NaN are themselves

  float32
    SATURATION = -20   ${EXP32}
  float64
    SATURATION = -40   ${EXP64}
`;

/** The functions a cell may call, by name. */
export const functions: Readonly<Record<string, SpecFunction>> = { sigmoid, tanh };
