/*
 * A recurrent layer's streamed step in plain C, timed: the loops of the scalar backend, in its order of summation (sums of
 * BLOCK products from the left, added from the left; four rows at a time), with the C library's expf and tanhf. A cell
 * says how many GATES and STATES it has, and of how many gates, the first ones, the two biases are FOLDED into one, then
 * includes this, and defines step.
 *
 *   PROGRAM FILE   as src/program.ts writes it, of one row, one layer and one direction
 *
 * Writes the outputs [steps, H] to standard output, then answers each line "n" with the nanoseconds that n steps took: of
 * the clock, or of the processor where that is less, as then others had it meanwhile.
 */
#define _POSIX_C_SOURCE 199309L
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BLOCK 64

struct layer {
  int I, H;
  const float *W_x, *W_h, *b_x, *b_h;
  float *Wx, *Wh;
  float *states[STATES]; /* the first is the output */
};

/* From the products with the input, its bias added, and with the state to the next states. */
static void step(const struct layer *layer);

static void product(const float *W, int rows, int columns, const float *v, float *out) {
  for (int start = 0; start < columns; start += BLOCK) {
    int end = start + BLOCK < columns ? start + BLOCK : columns;
    int i = 0;
    for (; i + 4 <= rows; i += 4) {
      const float *row = W + (size_t)i * columns;
      float sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
      for (int k = start; k < end; k++) {
        sum0 += row[k] * v[k];
        sum1 += row[columns + k] * v[k];
        sum2 += row[2 * columns + k] * v[k];
        sum3 += row[3 * columns + k] * v[k];
      }
      out[i] = start == 0 ? sum0 : out[i] + sum0;
      out[i + 1] = start == 0 ? sum1 : out[i + 1] + sum1;
      out[i + 2] = start == 0 ? sum2 : out[i + 2] + sum2;
      out[i + 3] = start == 0 ? sum3 : out[i + 3] + sum3;
    }
    for (; i < rows; i++) {
      float sum = 0;
      for (int k = start; k < end; k++) sum += W[(size_t)i * columns + k] * v[k];
      out[i] = start == 0 ? sum : out[i] + sum;
    }
  }
}

static float sigmoid(float x) { return 1 / (1 + expf(-x)); }

static void advance(const struct layer *layer, const float *x) {
  int rows = GATES * layer->H;
  product(layer->W_x, rows, layer->I, x, layer->Wx);
  product(layer->W_h, rows, layer->H, layer->states[0], layer->Wh);
  for (int j = 0; j < rows; j++) layer->Wx[j] += layer->b_x[j];
  step(layer);
}

static float *read_floats(FILE *file, size_t count) {
  float *values = malloc(count * sizeof *values);
  if (values == NULL || fread(values, sizeof *values, count, file) != count) exit(1);
  return values;
}

static long long now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv) {
  FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  int header[6]; /* I, H, T, B, layers, directions; the last three are 1 */
  if (file == NULL || fread(header, sizeof *header, 6, file) != 6) return 1;
  int I = header[0], H = header[1], steps = header[2], rows = GATES * H;
  struct layer layer = {.I = I, .H = H};
  layer.W_x = read_floats(file, (size_t)rows * I);
  layer.W_h = read_floats(file, (size_t)rows * H);
  float *bias_ih = read_floats(file, rows), *bias_hh = read_floats(file, rows);
  float *x = read_floats(file, (size_t)steps * I);
  for (int j = 0; j < FOLDED * H; j++) bias_ih[j] += bias_hh[j];
  layer.b_x = bias_ih;
  layer.b_h = bias_hh;
  layer.Wx = calloc(rows, sizeof(float));
  layer.Wh = calloc(rows, sizeof(float));
  for (int n = 0; n < STATES; n++) layer.states[n] = calloc(H, sizeof(float));

  for (int t = 0; t < steps; t++) {
    advance(&layer, x + (size_t)t * I);
    fwrite(layer.states[0], sizeof(float), H, stdout);
  }
  fflush(stdout);

  char line[32];
  while (fgets(line, sizeof line, stdin) != NULL) {
    int count = atoi(line);
    long long start = now(CLOCK_MONOTONIC), start_used = now(CLOCK_PROCESS_CPUTIME_ID);
    for (int n = 0; n < count; n++) advance(&layer, x + (size_t)(n % steps) * I);
    long long used = now(CLOCK_PROCESS_CPUTIME_ID) - start_used, elapsed = now(CLOCK_MONOTONIC) - start;
    printf("%lld\n", used < elapsed ? used : elapsed);
    fflush(stdout);
  }
  return 0;
}
