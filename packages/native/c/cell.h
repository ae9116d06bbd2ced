/*
 * What a generated file says of one cell for one element type, compiled for one processor and one kind of arithmetic.
 * Everything is counted in elements. Tensors and rows are row-major, without gaps. Nobody here allocates; every region
 * is aligned to 64 bytes, and nothing outside a region is read or written.
 */
#ifndef CONGRUENT_CELL_H
#define CONGRUENT_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A share of a sequence: of each step the rows from `from` on and before `to`, as far as the step has them. Rows do not
 * depend on each other, so shares of one sequence can be computed at the same time, with the same bits.
 */
typedef struct {
  const int32_t *batch_sizes; /* rows of each step, the largest first */
  int64_t steps;
  int64_t rows; /* the sum of the batch sizes */
  bool reverse; /* from the last step to the first */
  int64_t from;
  int64_t to;
} congruent_rows;

/*
 * Working memory: `shared` is one for all shares of a sequence, as it holds what all rows have; each share has `own`
 * memory besides.
 */
typedef struct {
  void *shared;
  void *own;
} congruent_scratch;

typedef struct {
  int64_t shared;
  int64_t own;
} congruent_scratch_size;

/* `sizes`: the cell's dimensions in the signature's order. `rows` rows in all, at most `batch` of them in a step of a share. */
typedef struct {
  int64_t (*weights)(const int64_t *sizes);
  congruent_scratch_size (*scratch)(const int64_t *sizes, int64_t rows, int64_t batch);

  /* Once for a set of parameters; `tensors`: the layout's, in the signature's order. */
  void (*prepare)(const int64_t *sizes, const void *const *tensors, void *weights);

  /* One step of `batch` rows. `operands`: inputs, states (overwritten), outputs (written). */
  void (*step)(const int64_t *sizes, const void *weights, congruent_scratch scratch, int64_t batch, void *const *operands);

  /* The whole sequence, for a share of its rows; `operands` as of `step`, the states overwritten with the last ones. */
  void (*run)(const int64_t *sizes, const void *weights, congruent_scratch scratch, congruent_rows rows, void *const *operands);

  /* As `run`, with the same working memory and the same bits; the last operand is the residuals (written). */
  void (*record)(const int64_t *sizes, const void *weights, congruent_scratch scratch, congruent_rows rows, void *const *operands);

  /* Elements that `record` writes of each row. */
  int64_t (*residuals)(const int64_t *sizes);

  /* The same for the backward pass. */
  int64_t (*backward_weights)(const int64_t *sizes);
  congruent_scratch_size (*backward_scratch)(const int64_t *sizes, int64_t rows, int64_t batch);
  void (*prepare_backward)(const int64_t *sizes, const void *const *tensors, void *weights);

  /*
   * The whole sequence backwards, for a share of its rows; `reverse` is that of the run. `operands`: inputs, adjoints of
   * outputs, of inputs (written), of the last states (overwritten with those of the first), of the tensors (written by
   * `sum_gradients`), residuals.
   */
  void (*pull_back)(const int64_t *sizes, const void *weights, congruent_scratch scratch, congruent_rows rows, void *const *operands);

  /*
   * After `pull_back` of all shares: the gradients of the tensors, summed over all rows in order. Shares of this work are
   * parts of what is written: the `share`th of `shares`. `rows.from` and `rows.to` mean nothing here.
   */
  void (*sum_gradients)(const int64_t *sizes, const void *weights, congruent_scratch scratch, congruent_rows rows, void *const *operands, int32_t share, int32_t shares);
} congruent_kernels;

/*
 * Who compiles a generated file says for which processor and arithmetic: -DCONGRUENT_VARIANT=avx2, avx2_relaxed, …
 * The file then defines `const congruent_kernels CONGRUENT_KERNELS(gru, float32)`, e.g. gru_float32_avx2.
 */
#define CONGRUENT_JOIN_(cell, dtype, variant) cell##_##dtype##_##variant
#define CONGRUENT_JOIN(cell, dtype, variant) CONGRUENT_JOIN_(cell, dtype, variant)
#define CONGRUENT_KERNELS(cell, dtype) CONGRUENT_JOIN(cell, dtype, CONGRUENT_VARIANT)

#endif
