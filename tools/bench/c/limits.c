/*
 * What no native code can pass on this machine: limits BYTES… prints the multiply-adds that the vector units do in a
 * microsecond, each a multiplication and an addition that is rounded for itself, and for each number of bytes the
 * microseconds in which they are read from whichever cache holds them. Compiled for the processor at hand.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if defined(__AVX512F__)
#define BYTES 64
#elif defined(__AVX__)
#define BYTES 32
#else
#define BYTES 16
#endif
typedef float vector __attribute__((vector_size(BYTES)));
typedef unsigned bits __attribute__((vector_size(BYTES)));

enum { SUMS = 12, TIMES = 200 };

static double microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

/* Keeps a value in a vector register, and the compiler from knowing it. */
#if defined(__aarch64__)
#define UNKNOWN(value) __asm__ volatile("" : "+w"(value))
#else
#define UNKNOWN(value) __asm__ volatile("" : "+v"(value))
#endif

/* As many sums side by side as it takes that none waits for the addition before. */
static double multiply_adds(void) {
  enum { TURNS = 4096 };
  vector factor = {0}, sums[SUMS] = {{0}};
  double fastest = 1e30;
  UNKNOWN(factor);
  for (int time = 0; time < TIMES; time++) {
    const double start = microseconds();
    for (int turn = 0; turn < TURNS; turn++) {
      vector weight = factor;
      UNKNOWN(weight);
#pragma GCC unroll 16
      for (int i = 0; i < SUMS; i++) {
        vector product = weight * factor;
        UNKNOWN(product);
        sums[i] += product;
      }
    }
    const double taken = microseconds() - start;
    if (taken < fastest) fastest = taken;
#pragma GCC unroll 16
    for (int i = 0; i < SUMS; i++) UNKNOWN(sums[i]);
  }
  return (double)TURNS * SUMS * (BYTES / sizeof(float)) / fastest;
}

static double reading(const bits *from, size_t bytes) {
  const size_t vectors = bytes / BYTES, reads = (1 << 20) / bytes + 1;
  bits a = {0}, b = {0}, c = {0}, d = {0};
  double fastest = 1e30;
  for (int time = 0; time < TIMES; time++) {
    const double start = microseconds();
    for (size_t read = 0; read < reads; read++) {
      for (size_t i = 0; i + 4 <= vectors; i += 4) {
        a |= from[i], b |= from[i + 1], c |= from[i + 2], d |= from[i + 3];
      }
      UNKNOWN(a);
      UNKNOWN(b);
      UNKNOWN(c);
      UNKNOWN(d);
    }
    const double taken = (microseconds() - start) / reads;
    if (taken < fastest) fastest = taken;
  }
  return fastest;
}

int main(int count, char **arguments) {
  printf("%.1f\n", multiply_adds());
  for (int i = 1; i < count; i++) {
    const size_t bytes = strtoull(arguments[i], NULL, 10);
    bits *const memory = aligned_alloc(BYTES, (bytes + BYTES) / BYTES * BYTES);
    if (memory == NULL) return 1;
    for (size_t at = 0; at < bytes / BYTES; at++) memory[at] = (bits){(unsigned)at};
    printf("%.4f\n", reading(memory, bytes));
    free(memory);
  }
  return 0;
}
