import { SUM_BLOCK } from '@congruent/codegen';

/**
 * What the emitted code calls, in the order in which each needs only those before it. Nothing of it is in libm's hands:
 * the same operations give the same bits on every machine with IEEE 754 arithmetic in single precision.
 */
const HELPERS: readonly { readonly name: string; readonly text: string }[] = [
  {
    name: 'absolute',
    text: `
// |x|, also of -0.
static inline float MODEL_absolute(float x) {
  return x > 0.0f ? x : 0.0f - x;
}`,
  },
  {
    name: 'whole',
    text: `
// The largest whole number that is not above x. From 2^23 on every number is whole; NaN and -0 are themselves.
static inline float MODEL_whole(float x) {
  if (!(x > -8388608.0f && x < 8388608.0f)) return x;
  const float cut = (float)(int32_t)x;
  if (cut == x) return x;
  return cut > x ? cut - 1.0f : cut;
}`,
  },
  {
    name: 'pow2',
    text: `
// 2^k, exact, for a whole k from -126 to 127. For NaN it is 1: what follows multiplies with NaN again.
static inline float MODEL_pow2(float k) {
  const uint32_t bits = (uint32_t)((k > -127.0f ? (int32_t)k : 0) + 127) << 23;
  float power;
  memcpy(&power, &bits, sizeof power);
  return power;
}`,
  },
  {
    name: 'root',
    text: `
// The square root, correctly rounded: bit by bit, as in fdlibm's e_sqrtf.c. The root of 2^e m with m in [1, 4) and e even
// is 2^(e/2) times a number in [1, 2), whose bits are tried one after the other.
static inline float MODEL_root(float x) {
  if (!(x > 0.0f && x <= 3.40282347e+38f)) return x == 0.0f || x > 0.0f ? x : (x - x) / (x - x);
  const uint32_t scale = x < 1.17549435e-38f ? 12 : 0;
  if (scale > 0) x *= 16777216.0f;
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  const uint32_t exponent = bits >> 23;
  uint32_t tried = 0;
  uint32_t rest = ((bits & 0x7fffffu) | 0x800000u) << (exponent % 2u == 0u ? 2 : 1);
  for (uint32_t bit = 0x1000000u; bit != 0u; bit >>= 1) {
    const uint32_t with_bit = 2u * tried + bit;
    if (with_bit <= rest) {
      rest -= with_bit;
      tried += bit;
    }
    rest <<= 1;
  }
  if (rest != 0u) tried += tried & 1u;
  bits = (tried >> 1) + ((((exponent + 125u) >> 1) - scale) << 23);
  memcpy(&x, &bits, sizeof x);
  return x;
}`,
  },
  {
    name: 'larger',
    text: `
// The larger one; NaN where either is, and -0 is less than +0.
static inline float MODEL_larger(float a, float b) {
  if (a > b) return a;
  if (a < b) return b;
  return a == b && a != 0.0f ? a : a + b;
}`,
  },
  {
    name: 'smaller',
    text: `
// The smaller one; NaN where either is, and -0 is less than +0.
static inline float MODEL_smaller(float a, float b) {
  if (a < b) return a;
  if (a > b) return b;
  return a == b && a != 0.0f ? a : -(-a - b);
}`,
  },
  {
    name: 'product',
    text: `
// result = matrix @ vector: sums of ${SUM_BLOCK} products from the left, added from the left. Four rows at a time, so that their
// additions overlap and each element of the vector is loaded once for all.
static inline void MODEL_product(const float *matrix, int rows, int columns, const float *vector, float *result) {
  for (int start = 0; start < columns; start += ${SUM_BLOCK}) {
    const int end = columns - start > ${SUM_BLOCK} ? start + ${SUM_BLOCK} : columns;
    const float *row = matrix;
    float *to = result;
    int left = rows;
    for (; left >= 4; left -= 4) {
      const float *const row1 = row + columns;
      const float *const row2 = row1 + columns;
      const float *const row3 = row2 + columns;
      float sum0 = 0.0f, sum1 = 0.0f, sum2 = 0.0f, sum3 = 0.0f;
      for (int k = start; k < end; k++) {
        const float element = vector[k];
        sum0 += row[k] * element;
        sum1 += row1[k] * element;
        sum2 += row2[k] * element;
        sum3 += row3[k] * element;
      }
      to[0] = start == 0 ? sum0 : to[0] + sum0;
      to[1] = start == 0 ? sum1 : to[1] + sum1;
      to[2] = start == 0 ? sum2 : to[2] + sum2;
      to[3] = start == 0 ? sum3 : to[3] + sum3;
      row = row3 + columns;
      to += 4;
    }
    for (; left > 0; left--) {
      float sum = 0.0f;
      for (int k = start; k < end; k++) sum += row[k] * vector[k];
      to[0] = start == 0 ? sum : to[0] + sum;
      row += columns;
      to++;
    }
  }
}`,
  },
];

/** What the helpers are called, without the model's name. */
export const HELPER_NAMES: readonly string[] = HELPERS.map(({ name }) => name);

/** Those that code calls, each followed by an empty line. */
export const helpersFor = (model: string, words: ReadonlySet<string>): readonly string[] =>
  HELPERS.filter(({ name }) => words.has(`${model}_${name}`)).flatMap(({ text }) => [
    ...text.trim().replaceAll('MODEL', model).split('\n'),
    '',
  ]);
