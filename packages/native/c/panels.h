/* How packed matrices are divided, by the number of registers: a tile of sums, with what it multiplies, fills them. */
#ifndef CONGRUENT_PANELS_H
#define CONGRUENT_PANELS_H

#include "kernels.h"

/*
 * PANEL: vectors of output rows side by side. ROWS: rows of the operand that share each load of the matrix.
 * SIDE: panels that a single row goes through at once, as each sum waits for the addition before.
 */
#if VECTOR_BYTES == 64
#define PANEL 4
#define ROWS 4
#define SIDE 4
#elif VECTOR_BYTES == 32
#define PANEL 3
#define ROWS 4
#define SIDE 4
#elif defined(__aarch64__)
#define PANEL 4
#define ROWS 4
#define SIDE 4
#else
#define PANEL 4
#define ROWS 2
#define SIDE 2
#endif

#define PANEL_ROWS (PANEL * LANES)

/* Rows of an operand: element k of row r is at[r % LINE * stride + r / LINE * line + k * step]. */
typedef struct {
  const element *at;
  int64_t stride;
  int64_t line;
  int64_t step;
} operand_rows;

/* As congruent_product, for rows that lie in any such way. */
#define congruent_product_of CONGRUENT_KERNEL(product_of)
void congruent_product_of(const element *matrix, int64_t height, int64_t columns, operand_rows v, int64_t rows, element *out, const element *bias, bool onto);

#endif
