import { type Arithmetic, float32, float64 } from '@congruent/codegen';
import { arithmeticMutant, type Mutant } from './mutation.ts';

/** To 11 bits, as a float16 has, by Veltkamp's splitting. */
export const half = (value: number): number => {
  const scaled = value * (2 ** 42 + 1);
  return Number.isFinite(scaled) ? scaled - (scaled - value) : value;
};

const with32 = (change: Partial<Arithmetic<number>>): { arithmetic: { float32: Arithmetic<number> } } => ({
  arithmetic: { float32: { ...float32, ...change } },
});

const exact = (row: readonly number[], vector: readonly number[]): number =>
  row.reduce((sum, weight, k) => sum + weight * vector[k]!, 0);

/** Numbers computed wrongly. */
export const arithmeticMutants: readonly Mutant[] = [
  arithmeticMutant(
    'products summed in half precision',
    with32({ dot: (row, vector) => row.reduce((sum, weight, k) => half(sum + weight * vector[k]!), 0) }),
  ),
  arithmeticMutant('float64 computed in float32', { arithmetic: { float64: { ...float32, dtype: 'float64' } } }),
  arithmeticMutant(
    'NaN becomes 0 in the functions',
    with32({ call: (_, x, operations) => (Number.isNaN(x) ? 0 : operations(x)) }),
  ),
  arithmeticMutant(
    'operands of functions clamped to ±4',
    with32({ call: (_, x, operations) => operations(Math.max(-4, Math.min(4, x))) }),
  ),
  arithmeticMutant(
    'functions through e^x, which overflows',
    with32({ call: ({ name }, x) => (name === 'tanh' ? naiveTanh(x) : naiveSigmoid(x)) }),
  ),
  arithmeticMutant(
    'functions from a table of 256 steps',
    with32({ call: (_, x, operations) => operations(Math.round(x * 256) / 256) }),
  ),
  arithmeticMutant(
    'tanh by a rational approximation',
    with32({ call: ({ name }, x, operations) => (name === 'tanh' ? rationalTanh(x) : operations(x)) }),
  ),
  arithmeticMutant(
    'subnormal numbers become 0',
    with32({ binary: (operator, left, right) => flushed(float32.binary(operator, left, right)) }),
  ),
  arithmeticMutant('summed exactly, though said to be deterministic', {
    ...with32({ dot: (row, vector) => Math.fround(exact(row, vector)) }),
    supports: { deterministic: true },
  }),
  arithmeticMutant('summed from the right, though said to be deterministic', {
    ...with32({ dot: (row, vector) => float32.dot(row.toReversed(), vector.toReversed()) }),
    supports: { deterministic: true },
  }),
  arithmeticMutant('float64 summed from the right, though said to be deterministic', {
    arithmetic: { float64: { ...float64, dot: (row, vector) => float64.dot(row.toReversed(), vector.toReversed()) } },
    supports: { deterministic: true },
  }),
];

const { fround } = Math;
const flushed = (value: number): number => (Math.abs(value) < 2 ** -126 ? 0 : value);
const exponential = (x: number): number => fround(Math.exp(x));
const naiveTanh = (x: number): number => fround(fround(exponential(2 * x) - 1) / fround(exponential(2 * x) + 1));
const naiveSigmoid = (x: number): number => fround(exponential(x) / fround(1 + exponential(x)));
const rationalTanh = (x: number): number => {
  const v = Math.max(-4.97, Math.min(4.97, x));
  const s = v * v;
  return fround((v * (135135 + s * (17325 + s * (378 + s)))) / (135135 + s * (62370 + s * (3150 + s * 28))));
};
