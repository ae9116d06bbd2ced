/* For processors that nothing is known of: the compiler takes vectors apart where there are none. */
#ifndef CONGRUENT_VECTOR_PLAIN_H
#define CONGRUENT_VECTOR_PLAIN_H

#if CONGRUENT_DTYPE == 64
#define LIBRARY(name) __builtin_##name
#else
#define LIBRARY(name) __builtin_##name##f
#endif

/* IEEE 754 asks for correctly rounded roots; with -fno-math-errno they are an instruction where there is one. */
INLINE vector square_root(vector x) {
  for (int lane = 0; lane < LANES; lane++) x[lane] = LIBRARY(sqrt)(x[lane]);
  return x;
}

#if CONGRUENT_RELAXED
INLINE vector fused_add(vector addend, vector left, vector right) { return addend + left * right; }
INLINE vector fused_subtract(vector addend, vector left, vector right) { return addend - left * right; }
#endif

#include "vector_choose.h"

#endif
