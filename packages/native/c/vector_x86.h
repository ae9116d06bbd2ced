/* What x86-64 has instructions for, from SSE2 to AVX-512. */
#ifndef CONGRUENT_VECTOR_X86_H
#define CONGRUENT_VECTOR_X86_H

#include <immintrin.h>

#if CONGRUENT_DTYPE == 64
#define TYPED(name) name##_pd
#define TYPED_MASK(name) name##_pd_mask
#else
#define TYPED(name) name##_ps
#define TYPED_MASK(name) name##_ps_mask
#endif

#if VECTOR_BYTES == 64
#define INTRINSIC(name) TYPED(_mm512_##name)
#elif VECTOR_BYTES == 32
#define INTRINSIC(name) TYPED(_mm256_##name)
#else
#define INTRINSIC(name) TYPED(_mm_##name)
#endif

INLINE vector square_root(vector x) { return INTRINSIC(sqrt)(x); }

/* minps and maxps give their second operand where neither is less: left < right ? left : right, and with the right one. */
#define HAS_EXTREMA
INLINE vector lesser(vector left, vector right) { return INTRINSIC(min)(left, right); }
INLINE vector greater(vector left, vector right) { return INTRINSIC(max)(right, left); }

#if VECTOR_BYTES == 64
#define HAS_SELECT
INLINE vector select_less(vector left, vector right, vector when_true, vector when_false) {
  return INTRINSIC(mask_blend)(TYPED_MASK(_mm512_cmp)(left, right, _CMP_LT_OQ), when_false, when_true);
}
#define HAS_FLOOR
INLINE vector floor_of(vector x) { return INTRINSIC(roundscale)(x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC); }
#define HAS_PARTS
INLINE vector load_some(const element *from, int64_t count) {
  return INTRINSIC(maskz_loadu)((__typeof__(TYPED_MASK(_mm512_cmp)((vector){0}, (vector){0}, 0)))((1u << count) - 1), from);
}
INLINE void store_some(element *to, vector value, int64_t count) {
  INTRINSIC(mask_storeu)(to, (__typeof__(TYPED_MASK(_mm512_cmp)(value, value, 0)))((1u << count) - 1), value);
}
#elif defined(__SSE4_1__)
#define HAS_SELECT
INLINE vector select_less(vector left, vector right, vector when_true, vector when_false) {
  return INTRINSIC(blendv)(when_false, when_true, (vector)(left < right));
}
#define HAS_FLOOR
INLINE vector floor_of(vector x) { return INTRINSIC(floor)(x); }
#endif

#if CONGRUENT_RELAXED
INLINE vector fused_add(vector addend, vector left, vector right) { return INTRINSIC(fmadd)(left, right, addend); }
INLINE vector fused_subtract(vector addend, vector left, vector right) { return INTRINSIC(fnmadd)(left, right, addend); }
#endif

#include "vector_choose.h"

#endif
