/*
 * Runs recorded cases through the kernels of one variant, without Node, and compares all results to the bit:
 *
 *   harness CASES
 *
 * ../cases.ts writes the file and says what is in it. Prints what differs, then how many cases there were.
 * Exit code: 0 all have the bits that were recorded, 1 some do not, 2 the file cannot be read, 3 this processor does not
 * run the variant.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addon/processor.h"
#include "cell.h"
#include "cells.h"

#ifndef GUARD
#define GUARD 64 /* bytes on both sides of a buffer, which nobody may write to; 0 where a sanitizer looks after that */
#endif
#define MOST 16  /* operands of a kind */

/* Both element types of each cell, in the order of the list. */
#define DECLARE(cell) extern const congruent_kernels CONGRUENT_KERNELS(cell, float32), CONGRUENT_KERNELS(cell, float64);
CONGRUENT_CELLS(DECLARE)
#define ENTRY(cell) {#cell, {&CONGRUENT_KERNELS(cell, float32), &CONGRUENT_KERNELS(cell, float64)}},
static const struct {
  const char *name;
  const congruent_kernels *kernels[2];
} CELLS[] = {CONGRUENT_CELLS(ENTRY)};

typedef struct {
  int64_t count;
  int64_t lengths[MOST];
  const void *data[MOST];
} arrays;

typedef struct {
  const char *name;
  const congruent_kernels *kernels;
  int64_t bytes; /* of an element */
  const int64_t *sizes;
  congruent_rows rows;
  int64_t batch; /* rows of the first step */
  arrays tensors, inputs, states, outputs, lasts;
  arrays output_adjoints, last_adjoints, input_adjoints, state_adjoints, gradients;
} recorded;

static const int64_t *at; /* what is read next */
static int different;

/* Memory, aligned to 64 bytes, between guards; released all at once. */
static char *buffers[1024];
static size_t buffer_bytes[1024];
static int buffer_count;

static void *allocate(int64_t elements, int64_t bytes) {
  size_t size = (size_t)(elements * bytes);
  void *place;
  if (posix_memalign(&place, 64, size + 2 * GUARD) != 0 || buffer_count == 1024) abort();
  char *memory = place;
  memset(memory, 0xa5, size + 2 * GUARD);
  buffers[buffer_count] = memory;
  buffer_bytes[buffer_count++] = size;
  return memory + GUARD;
}

static void release_all(const recorded *c) {
  for (int i = 0; i < buffer_count; i++) {
    for (int j = 0; j < GUARD; j++) {
      if (buffers[i][j] == (char)0xa5 && buffers[i][GUARD + buffer_bytes[i] + j] == (char)0xa5) continue;
      printf("%s: written outside of a buffer of %zu bytes\n", c->name, buffer_bytes[i]);
      different++;
      break;
    }
    free(buffers[i]);
  }
  buffer_count = 0;
}

static arrays read_arrays(int64_t bytes) {
  arrays all = {.count = *at++};
  for (int64_t i = 0; i < all.count; i++) {
    all.lengths[i] = *at++;
    all.data[i] = at;
    at += (all.lengths[i] * bytes + 7) / 8;
  }
  return all;
}

/* Appends copies of arrays, or buffers of their lengths, to operands. */
static int copy(void **operands, int count, const arrays *from, int64_t bytes) {
  for (int64_t i = 0; i < from->count; i++) {
    operands[count] = allocate(from->lengths[i], bytes);
    memcpy(operands[count++], from->data[i], (size_t)(from->lengths[i] * bytes));
  }
  return count;
}
static int make(void **operands, int count, const arrays *like, int64_t bytes) {
  for (int64_t i = 0; i < like->count; i++) operands[count++] = allocate(like->lengths[i], bytes);
  return count;
}

static void compare(const recorded *c, const char *what, void *const *got, const arrays *expected) {
  for (int64_t i = 0; i < expected->count; i++) {
    const char *a = got[i], *b = expected->data[i];
    for (int64_t j = 0; j < expected->lengths[i]; j++) {
      if (memcmp(a + j * c->bytes, b + j * c->bytes, (size_t)c->bytes) == 0) continue;
      double x = c->bytes == 4 ? ((const float *)a)[j] : ((const double *)a)[j];
      double y = c->bytes == 4 ? ((const float *)b)[j] : ((const double *)b)[j];
      printf("%s, float%d: %s %d, element %d: ", c->name, (int)c->bytes * 8, what, (int)i, (int)j);
      printf("got %a, expected %a\n", x, y);
      different++;
      return;
    }
  }
}

/* The rows of one of so many shares. */
static congruent_rows share_of(const recorded *c, int share, int shares) {
  congruent_rows rows = c->rows;
  rows.from = c->batch * share / shares;
  rows.to = c->batch * (share + 1) / shares;
  return rows;
}

typedef void sequence(const int64_t *, const void *, congruent_scratch, congruent_rows, void *const *);

typedef congruent_scratch_size sizer(const int64_t *, int64_t, int64_t);

/* Runs a sequence in shares, each with working memory of its own beside what they share; gives the last share's. */
static congruent_scratch in_shares(const recorded *c, sequence *run, sizer *size, const void *weights,
                                   void *const *operands, int shares) {
  congruent_scratch scratch = {.shared = allocate(size(c->sizes, c->rows.rows, c->batch).shared, c->bytes)};
  for (int share = 0; share < shares; share++) {
    congruent_rows rows = share_of(c, share, shares);
    scratch.own = allocate(size(c->sizes, c->rows.rows, rows.to - rows.from).own, c->bytes);
    run(c->sizes, weights, scratch, rows, operands);
  }
  return scratch;
}

static void forwards(const recorded *c, const void *weights, int shares) {
  void *operands[3 * MOST];
  int states = copy(operands, 0, &c->inputs, c->bytes);
  int outputs = copy(operands, states, &c->states, c->bytes);
  make(operands, outputs, &c->outputs, c->bytes);
  in_shares(c, c->kernels->run, c->kernels->scratch, weights, operands, shares);
  compare(c, "output", operands + outputs, &c->outputs);
  compare(c, "last state", operands + states, &c->lasts);
}

/* The same one step after the other, where all have the same rows. */
static void stepwise(const recorded *c, const void *weights) {
  if (c->rows.reverse || c->rows.rows != c->batch * c->rows.steps) return;
  void *operands[3 * MOST], *all[MOST];
  arrays rows = c->inputs, results = c->outputs;
  for (int64_t i = 0; i < rows.count; i++) rows.lengths[i] /= c->rows.steps;
  for (int64_t i = 0; i < results.count; i++) results.lengths[i] /= c->rows.steps;
  make(all, 0, &c->outputs, c->bytes);
  int states = make(operands, 0, &rows, c->bytes);
  int outputs = copy(operands, states, &c->states, c->bytes);
  make(operands, outputs, &results, c->bytes);
  congruent_scratch_size size = c->kernels->scratch(c->sizes, c->batch, c->batch);
  congruent_scratch scratch = {allocate(size.shared, c->bytes), allocate(size.own, c->bytes)};
  for (int64_t step = 0; step < c->rows.steps; step++) {
    for (int64_t i = 0; i < rows.count; i++) {
      size_t length = (size_t)(rows.lengths[i] * c->bytes);
      memcpy(operands[i], (const char *)c->inputs.data[i] + (size_t)step * length, length);
    }
    c->kernels->step(c->sizes, weights, scratch, c->batch, operands);
    for (int64_t i = 0; i < results.count; i++) {
      size_t length = (size_t)(results.lengths[i] * c->bytes);
      memcpy((char *)all[i] + (size_t)step * length, operands[outputs + i], length);
    }
  }
  compare(c, "output of steps", all, &c->outputs);
  compare(c, "state after all steps", operands + states, &c->lasts);
}

static void backwards(const recorded *c, const void *weights, void *const *tensors, int shares) {
  const congruent_kernels *k = c->kernels;
  void *operands[6 * MOST];
  int states = copy(operands, 0, &c->inputs, c->bytes);
  int outputs = copy(operands, states, &c->states, c->bytes);
  int kept = make(operands, outputs, &c->outputs, c->bytes);
  void *residuals = operands[kept] = allocate(c->rows.rows * k->residuals(c->sizes), c->bytes);
  in_shares(c, k->record, k->scratch, weights, operands, shares);
  compare(c, "recorded output", operands + outputs, &c->outputs);

  void *backward_weights = allocate(k->backward_weights(c->sizes), c->bytes);
  k->prepare_backward(c->sizes, (const void *const *)tensors, backward_weights);
  int inputs = copy(operands, (int)c->inputs.count, &c->output_adjoints, c->bytes);
  int lasts = make(operands, inputs, &c->input_adjoints, c->bytes);
  int gradients = copy(operands, lasts, &c->last_adjoints, c->bytes);
  operands[make(operands, gradients, &c->gradients, c->bytes)] = residuals;
  congruent_scratch scratch = in_shares(c, k->pull_back, k->backward_scratch, backward_weights, operands, shares);
  for (int share = 0; share < shares; share++) {
    scratch.own = allocate(k->backward_scratch(c->sizes, c->rows.rows, c->batch).own, c->bytes);
    k->sum_gradients(c->sizes, backward_weights, scratch, c->rows, operands, share, shares);
  }
  compare(c, "adjoint of input", operands + inputs, &c->input_adjoints);
  compare(c, "adjoint of state", operands + lasts, &c->state_adjoints);
  compare(c, "gradient of tensor", operands + gradients, &c->gradients);
}

static recorded read_case(int32_t *batch_sizes) {
  int64_t cell = *at++;
  recorded c = {.name = CELLS[cell].name, .bytes = *at++ / 8};
  c.kernels = CELLS[cell].kernels[c.bytes == 8];
  int64_t dimensions = *at++;
  c.sizes = at;
  at += dimensions;
  c.rows = (congruent_rows){.batch_sizes = batch_sizes, .steps = *at++};
  c.rows.reverse = *at++ != 0;
  for (int64_t step = 0; step < c.rows.steps; step++) c.rows.rows += batch_sizes[step] = (int32_t)*at++;
  c.batch = batch_sizes[0];
  arrays *groups[] = {&c.tensors,         &c.inputs,        &c.states,         &c.outputs,        &c.lasts,
                      &c.output_adjoints, &c.last_adjoints, &c.input_adjoints, &c.state_adjoints, &c.gradients};
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) *groups[i] = read_arrays(c.bytes);
  return c;
}

static void *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) return NULL;
  size_t size = (size_t)ftell(file);
  void *contents = malloc(size);
  rewind(file);
  if (!contents || fread(contents, 1, size, file) != size) return NULL;
  fclose(file);
  return contents;
}

#define HAS_(variant) has_##variant()
#define HAS(variant) HAS_(variant)

int main(int argc, char **argv) {
  if (!HAS(CONGRUENT_VARIANT)) return 3;
  void *file = argc == 2 ? read_file(argv[1]) : NULL;
  if (!file) return 2;
  at = file;
  int64_t cases = *at++;
  for (int64_t i = 0; i < cases; i++) {
    static int32_t batch_sizes[1024];
    recorded c = read_case(batch_sizes);
    void *tensors[MOST];
    copy(tensors, 0, &c.tensors, c.bytes);
    void *weights = allocate(c.kernels->weights(c.sizes), c.bytes);
    c.kernels->prepare(c.sizes, (const void *const *)tensors, weights);
    for (int shares = 1; shares <= 3; shares++) {
      forwards(&c, weights, shares);
      backwards(&c, weights, tensors, shares);
    }
    stepwise(&c, weights);
    release_all(&c);
  }
  free(file);
  printf("%d cases, %d differences\n", (int)cases, different);
  return different > 0;
}
