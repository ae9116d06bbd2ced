/* Sums over rows, for the gradients of parameters. */
#include "panels.h"

/* Where the `share`th of `shares` parts of so many elements begins. */
INLINE int64_t begin_of(int64_t size, int64_t share, int64_t shares) { return least(up(size * share / shares, LINE), size); }

/* The sums of so many vectors of elements, side by side, as each addition waits for the one before. */
INLINE void sum_vectors(const congruent_sum *of, int64_t j, int64_t left, int64_t rows, const int vectors) {
  vector totals[4], sums[4];
  for (int i = 0; i < vectors; i++) totals[i] = splat(0);
  const element *at = of->rows + j;
  for (int64_t row = 0; row < rows;) {
    for (int i = 0; i < vectors; i++) sums[i] = splat(0);
    for (const int64_t end = least(row + SUM_BLOCK, rows); row < end; row++, at += of->stride) {
      for (int i = 0; i < vectors; i++) sums[i] += load_first(at + i * LANES, left - i * LANES);
    }
    for (int i = 0; i < vectors; i++) totals[i] = totals[i] + sums[i];
  }
  for (int i = 0; i < vectors; i++) store_first(of->result + j + i * LANES, totals[i], left - i * LANES);
}

void congruent_sum_rows(const congruent_sum *sums, int64_t count, int64_t rows, int64_t share, int64_t shares) {
  for (const congruent_sum *sum = sums; sum < sums + count; sum++) {
    int64_t j = begin_of(sum->size, share, shares);
    const int64_t end = begin_of(sum->size, share + 1, shares);
    for (; end - j >= 4 * LANES; j += 4 * LANES) sum_vectors(sum, j, 4 * LANES, rows, 4);
    for (; j < end; j += LANES) sum_vectors(sum, j, end - j, rows, 1);
  }
}

/* Rows of a block, of `size` elements, in lines: a column of them is then the operand of a product. */
static operand_rows in_lines(const element *from, int64_t stride, int64_t rows, int64_t size, element *to) {
  for (int64_t j = 0; j < size; j += LINE) {
    congruent_copy_rows(to + j * SUM_BLOCK, LINE, from + j, stride, least(LINE, size - j), rows);
  }
  return (operand_rows){to, 1, SUM_BLOCK * LINE, LINE};
}

void congruent_sum_outer(const congruent_sum *sums, int64_t count, const element *right, int64_t stride, int64_t width, int64_t rows, element *workspace, int64_t share, int64_t shares) {
  const int64_t height = up(width, LINE);
  for (const congruent_sum *sum = sums; sum < sums + count; sum++) {
    const int64_t end = begin_of(sum->size, share + 1, shares), group = congruent_outer_group(sum->size, width);
    element *const packed = workspace, *const lines = packed + SUM_BLOCK * height, *const padded = lines + SUM_BLOCK * group;
    for (int64_t first = begin_of(sum->size, share, shares); first < end; first += group) {
      const int64_t size = least(group, end - first);
      element *const result = sum->result + first * width, *const out = width == height ? result : padded;
      for (int64_t row = 0; row < rows; row += SUM_BLOCK) {
        const int64_t block = least(SUM_BLOCK, rows - row);
        congruent_pack_transposed(packed, height, block, right + row * stride, stride, block, width, 0);
        const operand_rows left = in_lines(sum->rows + row * sum->stride + first, sum->stride, block, size, lines);
        congruent_product_of(packed, height, block, left, size, out, NULL, row > 0);
      }
      if (out != result) congruent_copy_rows(result, width, out, height, width, size);
    }
  }
}
