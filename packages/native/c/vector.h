/*
 * Vectors of elements, as wide as the processor that is compiled for has them, and what maps and micro-kernels do with
 * them. Every operation is rounded to the element type, lane by lane, so all widths give the same bits. Operators are those
 * of GCC's and Clang's vector extensions; intrinsics stand only where there is no operator.
 *
 * CONGRUENT_DTYPE: 32 for float, 64 for double. CONGRUENT_RELAXED: products may be fused with the sum they go into.
 */
#ifndef CONGRUENT_VECTOR_H
#define CONGRUENT_VECTOR_H

#include "cell.h"

#if defined(__AVX512F__)
#define VECTOR_BYTES 64
#elif defined(__AVX__)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif

#if CONGRUENT_DTYPE == 64
typedef double element;
typedef uint64_t element_bits;
#define FRACTION_BITS 52
#define EXPONENT_BIAS 1023
#define WHOLE 4503599627370496.0 /* from 2^52 on every number is an integer */
#else
typedef float element;
typedef uint32_t element_bits;
#define FRACTION_BITS 23
#define EXPONENT_BIAS 127
#define WHOLE 8388608.0f /* from 2^23 on every number is an integer */
#endif

typedef element vector __attribute__((vector_size(VECTOR_BYTES)));
typedef element vector_anywhere __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(element)), may_alias));
typedef element_bits vector_bits __attribute__((vector_size(VECTOR_BYTES)));

#define LANES ((int64_t)(VECTOR_BYTES / sizeof(element)))
/* Elements that regions, and rows of working memory, are filled up to: those of the widest vector there is. */
#define LINE ((int64_t)(64 / sizeof(element)))
#define SIGN ((element_bits)1 << (8 * sizeof(element) - 1))

#define INLINE static inline __attribute__((always_inline, unused))

/* Subtracting +0 changes no number, not even -0. */
INLINE vector splat(element value) { return value - (vector){0}; }

INLINE vector load(const element *from) { return *(const vector_anywhere *)from; }
INLINE void store(element *to, vector value) { *(vector_anywhere *)to = value; }

INLINE vector absolute(vector x) { return (vector)((vector_bits)x & ~SIGN); }

/* 2^k: k + 1.5 * 2^23 + 127 has its exponent in the low bits. Gives some number where k is NaN. */
INLINE vector power_of_two(vector k) {
  return (vector)((vector_bits)(k + (WHOLE * (element)1.5 + EXPONENT_BIAS)) << FRACTION_BITS);
}

#if defined(__SSE2__)
#include "vector_x86.h"
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include "vector_neon.h"
#else
#include "vector_plain.h"
#endif

/* addend + left * right, and addend - left * right: rounded once where that is allowed. */
#if CONGRUENT_RELAXED
INLINE vector add_product(vector addend, vector left, vector right) { return fused_add(addend, left, right); }
INLINE vector subtract_product(vector addend, vector left, vector right) { return fused_subtract(addend, left, right); }
#else
INLINE vector add_product(vector addend, vector left, vector right) { return addend + left * right; }
INLINE vector subtract_product(vector addend, vector left, vector right) { return addend - left * right; }
#endif

/* The first `count` elements, at most a vector; nothing behind them is touched, and the other lanes are zeros. */
INLINE vector load_first(const element *from, int64_t count) { return count >= LANES ? load(from) : load_some(from, count); }
INLINE void store_first(element *to, vector value, int64_t count) {
  if (count >= LANES) store(to, value);
  else store_some(to, value, count);
}

#endif
