/*
 * Every operation on vectors against the one on numbers of the C library, for numbers that are easily got wrong: zeros of
 * both signs, NaN, infinities, halves, and where floating-point numbers begin to be integers. Prints what differs.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "vector.h"

#if CONGRUENT_DTYPE == 64
#define OF(name) name
#else
#define OF(name) name##f
#endif

static const element numbers[] = {0,        0.3,       0.5,     0.999999,  1,         1.5,  2.5,      3,   100.7,
                                  127,      4194304.5, 8388607, 8388607.5, 8388608,   1e30, INFINITY, NAN, 1e-40,
                                  8388609., 4503599627370495.5, 4503599627370496.};
enum { COUNT = 2 * sizeof numbers / sizeof *numbers };

static element number(int at) { return at % 2 ? -numbers[at / 2] : numbers[at / 2]; }

static int different;

/* The bits, but for those of NaN, of which there are many. */
static void expect(const char *what, element x, element y, vector got, element wanted) {
  for (int lane = 0; lane < LANES; lane++) {
    const element value = got[lane];
    if (isnan(value) ? isnan(wanted) : memcmp(&value, &wanted, sizeof value) == 0) continue;
    printf("%s of %g, %g: %g instead of %g\n", what, (double)x, (double)y, (double)value, (double)wanted);
    different++;
    return;
  }
}

/* IEEE 754-2019: NaN where an operand is NaN, and -0 below +0. */
static element largest(element x, element y) { return isnan(x) || isnan(y) ? NAN : x == y ? (signbit(x) ? y : x) : x > y ? x : y; }
static element smallest(element x, element y) { return -largest(-x, -y); }

static void one_operand(element x) {
  const vector a = splat(x);
  expect("splat", x, x, a, x);
  expect("floor", x, x, floor_of(a), OF(floor)(x));
  expect("sqrt", x, x, square_root(a), OF(sqrt)(x));
  expect("abs", x, x, absolute(a), OF(fabs)(x));
  expect("negation", x, x, -a, -x);
  if (x == OF(floor)(x) && x >= -126 && x <= 127) expect("pow2", x, x, power_of_two(a), OF(ldexp)(1, (int)x));
}

static void two_operands(element x, element y) {
  const vector a = splat(x), b = splat(y);
  expect("max", x, y, maximum(a, b), largest(x, y));
  expect("min", x, y, minimum(a, b), smallest(x, y));
  expect("lesser", x, y, lesser(a, b), x < y ? x : y);
  expect("greater", x, y, greater(a, b), x < y ? y : x);
  expect("select", x, y, select_less(a, b, splat(1), splat(2)), x < y ? 1 : 2);
}

/* Nothing but the elements that are meant is read or written. */
static void parts(int64_t count) {
  element from[64], to[66];
  for (int i = 0; i < 64; i++) from[i] = (element)(i + 1);
  for (int i = 0; i < 66; i++) to[i] = -1;
  const vector value = load_first(from, count);
  for (int i = 0; i < LANES; i++) expect("load_first", (element)count, (element)i, splat(value[i]), i < count ? from[i] : 0);
  store_first(to + 1, value, count);
  for (int i = 0; i < 66; i++) {
    expect("store_first", (element)count, (element)i, splat(to[i]), i > 0 && i <= count ? from[i - 1] : -1);
  }
}

int main(void) {
  for (int x = 0; x < COUNT; x++) {
    one_operand(number(x));
    for (int y = 0; y < COUNT; y++) two_operands(number(x), number(y));
  }
  for (int64_t count = 0; count <= LANES; count++) parts(count);
  printf("%d different\n", different);
  return different > 0;
}
