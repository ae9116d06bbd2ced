/* What 64-bit ARM has instructions for. */
#ifndef CONGRUENT_VECTOR_NEON_H
#define CONGRUENT_VECTOR_NEON_H

#include <arm_neon.h>

#if CONGRUENT_DTYPE == 64
#define INTRINSIC(name) name##_f64
#else
#define INTRINSIC(name) name##_f32
#endif

INLINE vector square_root(vector x) { return INTRINSIC(vsqrtq)(x); }

#define HAS_FLOOR
INLINE vector floor_of(vector x) { return INTRINSIC(vrndmq)(x); }

/* fmax and fmin of ARM are IEEE 754-2019's maximum and minimum. */
#define HAS_IEEE_EXTREMA
INLINE vector maximum(vector left, vector right) { return INTRINSIC(vmaxq)(left, right); }
INLINE vector minimum(vector left, vector right) { return INTRINSIC(vminq)(left, right); }

#if CONGRUENT_RELAXED
INLINE vector fused_add(vector addend, vector left, vector right) { return INTRINSIC(vfmaq)(addend, left, right); }
INLINE vector fused_subtract(vector addend, vector left, vector right) { return INTRINSIC(vfmsq)(addend, left, right); }
#endif

#include "vector_choose.h"

#endif
