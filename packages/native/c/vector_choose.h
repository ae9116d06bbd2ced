/* Choices by masks of bits, and what follows from them: for processors without instructions of their own for it. */
#ifndef CONGRUENT_VECTOR_CHOOSE_H
#define CONGRUENT_VECTOR_CHOOSE_H

#ifndef HAS_SELECT
/* left < right ? when_true : when_false */
INLINE vector select_less(vector left, vector right, vector when_true, vector when_false) {
  const vector_bits mask = (vector_bits)(left < right);
  return (vector)((mask & (vector_bits)when_true) | (~mask & (vector_bits)when_false));
}
#endif

#ifndef HAS_EXTREMA
INLINE vector lesser(vector left, vector right) { return select_less(left, right, left, right); }
INLINE vector greater(vector left, vector right) { return select_less(left, right, right, left); }
#endif

#ifndef HAS_FLOOR
/* Adding and subtracting 2^23 rounds to an integer; one is taken off where that went up. The sign of zero is kept. */
INLINE vector floor_of(vector x) {
  const vector_bits sign = (vector_bits)x & SIGN;
  const vector whole = (vector)((vector_bits)splat(WHOLE) | sign);
  const vector near = (x + whole) - whole;
  const vector low = select_less(x, near, near - 1, near);
  return select_less(absolute(x), splat(WHOLE), (vector)(((vector_bits)low & ~SIGN) | sign), x);
}
#endif

#ifndef HAS_IEEE_EXTREMA
/* Equal numbers differ at most in the sign of zero; what cannot be compared becomes NaN in the sum. */
INLINE vector maximum(vector left, vector right) {
  const vector_bits equal = (vector_bits)(left == right);
  const vector both = (vector)((vector_bits)left & (vector_bits)right);
  const vector other = (vector)((equal & (vector_bits)both) | (~equal & (vector_bits)(left + right)));
  return select_less(left, right, right, select_less(right, left, left, other));
}
INLINE vector minimum(vector left, vector right) {
  const vector_bits equal = (vector_bits)(left == right);
  const vector both = (vector)((vector_bits)left | (vector_bits)right);
  const vector other = (vector)((equal & (vector_bits)both) | (~equal & (vector_bits)(left + right)));
  return select_less(left, right, left, select_less(right, left, right, other));
}
#endif

#ifndef HAS_PARTS
INLINE vector load_some(const element *from, int64_t count) {
  vector value = {0};
  __builtin_memcpy(&value, from, (size_t)count * sizeof(element));
  return value;
}
INLINE void store_some(element *to, vector value, int64_t count) {
  __builtin_memcpy(to, &value, (size_t)count * sizeof(element));
}
#endif

#endif
