/* Which variants the processor at hand runs, under its operating system: for each that any build has, has_<variant>(). */
#ifndef CONGRUENT_PROCESSOR_H
#define CONGRUENT_PROCESSOR_H

#include <stdbool.h>

static inline bool has_plain(void) { return true; }

#if defined(__x86_64__)

static inline bool has_sse2(void) { return true; } /* every x64 processor */
static inline bool has_sse41(void) { return __builtin_cpu_supports("sse4.1"); }
static inline bool has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
static inline bool has_avx512(void) {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
}
static inline bool has_avx2_relaxed(void) { return has_avx2(); }
static inline bool has_avx512_relaxed(void) { return has_avx512(); }

#elif defined(__aarch64__)

static inline bool has_neon(void) { return true; } /* every 64-bit ARM processor */
static inline bool has_neon_relaxed(void) { return true; }

#endif

#endif
