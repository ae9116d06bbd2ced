/* The product of a packed matrix with rows. */
#include "panels.h"

/* A tile of a product: some rows by some panels of one width, for one block of columns. */
typedef struct {
  const element *matrix;
  int64_t panel_stride;
  operand_rows v;
  int64_t count; /* columns */
  element *out;
  int64_t out_stride;
  const element *bias; /* NULL before the last block */
  bool onto;
} tile_operands;

#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

/* The sums of a tile, all in registers: inlined with numbers for `rows`, `panels`, `width` and `fused`. */
INLINE void tile(const tile_operands *of, const element *v, element *out, const int rows, const int panels, const int width, const bool fused) {
  const element *matrix = of->matrix;
  const int64_t panel_stride = of->panel_stride, stride = of->v.stride, step = of->v.step;
  vector sums[ROWS][SIDE * PANEL];
  UNROLL for (int row = 0; row < rows; row++) {
    UNROLL for (int i = 0; i < panels * width; i++) sums[row][i] = splat(0);
  }
  for (int64_t k = 0; k < of->count; k++, matrix += width * LANES, v += step) {
    UNROLL for (int panel = 0; panel < panels; panel++) {
      vector weights[PANEL];
      UNROLL for (int i = 0; i < width; i++) weights[i] = load(matrix + panel * panel_stride + i * LANES);
      UNROLL for (int row = 0; row < rows; row++) {
        const vector value = splat(v[row * stride]);
        UNROLL for (int i = 0; i < width; i++) {
          vector *const sum = &sums[row][panel * width + i];
          *sum = fused ? add_product(*sum, weights[i], value) : *sum + weights[i] * value;
        }
      }
    }
  }
  UNROLL for (int row = 0; row < rows; row++) {
    UNROLL for (int i = 0; i < panels * width; i++) {
      element *const to = out + row * of->out_stride + i * LANES;
      vector sum = sums[row][i];
      if (of->onto) sum = load(to) + sum;
      if (of->bias) sum += load(of->bias + i * LANES);
      store(to, sum);
    }
  }
}

/*
 * A tile that begins with this row of the operand. Short blocks are never fused: that would save little, and where all
 * terms are large it costs accuracy.
 */
INLINE void tile_at(const tile_operands *of, int64_t row, const int rows, const int panels, const int width) {
  const element *const v = of->v.at + row % LINE * of->v.stride + row / LINE * of->v.line;
  element *const out = of->out + row * of->out_stride;
  if (of->count == SUM_BLOCK) tile(of, v, out, rows, panels, width, true);
  else tile(of, v, out, rows, panels, width, false);
}

/* All rows of the operand, through panels of one width that lie side by side. */
INLINE void all_rows(const tile_operands *of, int64_t rows, const int panels, const int width) {
  int64_t row = 0;
  if (panels == 1) {
    for (; row + ROWS <= rows; row += ROWS) tile_at(of, row, ROWS, 1, width);
  }
  for (; row < rows; row++) tile_at(of, row, 1, panels, width);
}

/* All columns, block by block. */
#define COLUMNS(name, panels, width)                                                                                     \
  static void name(tile_operands of, int64_t columns, int64_t rows, const element *bias) {                               \
    for (int64_t k = 0;;) {                                                                                              \
      of.count = least(columns - k, SUM_BLOCK);                                                                          \
      of.bias = k + of.count == columns ? bias : NULL;                                                                   \
      all_rows(&of, rows, panels, width);                                                                                \
      k += of.count;                                                                                                     \
      if (k == columns) return;                                                                                          \
      of.matrix += of.count * (width) * LANES;                                                                           \
      of.v.at += of.count * of.v.step;                                                                                         \
      of.onto = true;                                                                                                    \
    }                                                                                                                    \
  }
COLUMNS(side_by_side, SIDE, PANEL)
#if PANEL > 3
COLUMNS(panel_of_4, 1, 4)
#endif
COLUMNS(panel_of_3, 1, 3)
COLUMNS(panel_of_2, 1, 2)
COLUMNS(panel_of_1, 1, 1)

void congruent_product_of(const element *matrix, int64_t height, int64_t columns, operand_rows v, int64_t rows, element *out, const element *bias, bool onto) {
  tile_operands of = {matrix, PANEL_ROWS * columns, v, 0, out, height, NULL, onto};
  for (int64_t left = height; left > 0;) {
    const bool beside = rows < ROWS && left >= SIDE * PANEL_ROWS;
    const int64_t width = beside ? SIDE * PANEL_ROWS : least(left, PANEL_ROWS);
    if (beside) side_by_side(of, columns, rows, bias);
#if PANEL > 3
    else if (width == 4 * LANES) panel_of_4(of, columns, rows, bias);
#endif
    else if (width == 3 * LANES) panel_of_3(of, columns, rows, bias);
    else if (width == 2 * LANES) panel_of_2(of, columns, rows, bias);
    else panel_of_1(of, columns, rows, bias);
    of.matrix += width * columns;
    of.out += width;
    if (bias) bias += width;
    left -= width;
  }
}

void congruent_product(const element *matrix, int64_t height, int64_t columns, const element *v, int64_t stride, int64_t rows, element *out, const element *bias, bool onto) {
  congruent_product_of(matrix, height, columns, (operand_rows){v, stride, LINE * stride, 1}, rows, out, bias, onto);
}
