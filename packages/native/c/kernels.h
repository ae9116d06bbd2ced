/* What generated files call: written by hand, compiled once for each element type and variant. Strides are in elements. */
#ifndef CONGRUENT_KERNELS_H
#define CONGRUENT_KERNELS_H

#include "vector.h"

/* Sums are those of so many terms from the left, added from the left: the order of the specification. */
#define SUM_BLOCK 64

#define CONGRUENT_KERNEL(name) CONGRUENT_KERNEL_(name, CONGRUENT_DTYPE, CONGRUENT_VARIANT)
#define CONGRUENT_KERNEL_(name, dtype, variant) CONGRUENT_KERNEL__(name, dtype, variant)
#define CONGRUENT_KERNEL__(name, dtype, variant) congruent_##name##_##dtype##_##variant

INLINE int64_t least(int64_t left, int64_t right) { return left < right ? left : right; }
INLINE int64_t most(int64_t left, int64_t right) { return left > right ? left : right; }

/* The smallest multiple of `to`, a power of two, that is not below. */
INLINE int64_t up(int64_t size, int64_t to) { return (size + to - 1) & -to; }

/* Part of a region of memory that is not taken yet. Without `base` only the size is wanted. */
typedef struct {
  element *base;
  int64_t used;
} congruent_region;

/* The next `count` elements of a region, aligned to a line. */
INLINE element *take(congruent_region *region, int64_t count) {
  element *const at = region->base ? region->base + region->used : NULL;
  region->used += up(count, LINE);
  return at;
}

/*
 * A packed matrix of `rows` × `columns` lies in panels of a few vectors of output rows, column by column, so that each lane
 * sums one output row in the order of the specification. `height`: `rows` filled up to a multiple of LINE.
 *
 * Copies a block of `rows` rows, without gaps, to the packed rows from `row` on.
 */
#define congruent_pack CONGRUENT_KERNEL(pack)
void congruent_pack(element *matrix, int64_t height, int64_t columns, const element *block, int64_t rows, int64_t row);

/* Copies the transpose of a block: its rows, `stride` apart and `width` wide, are the packed columns from `column` on. */
#define congruent_pack_transposed CONGRUENT_KERNEL(pack_transposed)
void congruent_pack_transposed(element *matrix, int64_t height, int64_t columns, const element *block, int64_t stride, int64_t rows, int64_t width, int64_t column);

/*
 * out[row, i] = Σ_k matrix[i, k] v[row, k] + bias[i], for the `height` rows of a packed matrix; rows of `out` are `height`
 * apart. `bias` may be NULL. `onto`: the sum is added to what stands in `out`.
 */
#define congruent_product CONGRUENT_KERNEL(product)
void congruent_product(const element *matrix, int64_t height, int64_t columns, const element *v, int64_t stride, int64_t rows, element *out, const element *bias, bool onto);

#define congruent_copy_rows CONGRUENT_KERNEL(copy_rows)
void congruent_copy_rows(element *to, int64_t to_stride, const element *from, int64_t from_stride, int64_t count, int64_t rows);

#define congruent_fill CONGRUENT_KERNEL(fill)
void congruent_fill(element *to, element value, int64_t count);

/* A value of each row, and where the sum that it is in goes. */
typedef struct {
  const element *rows;
  int64_t stride;
  int64_t size;
  element *result;
} congruent_sum;

/* result[j] = Σ_row left[row, j] for each of `count` sums; of each the `share`th of `shares` parts. */
#define congruent_sum_rows CONGRUENT_KERNEL(sum_rows)
void congruent_sum_rows(const congruent_sum *sums, int64_t count, int64_t rows, int64_t share, int64_t shares);

/* result[i, k] = Σ_row left[row, i] right[row, k], likewise. */
#define congruent_sum_outer CONGRUENT_KERNEL(sum_outer)
void congruent_sum_outer(const congruent_sum *sums, int64_t count, const element *right, int64_t stride, int64_t width, int64_t rows, element *workspace, int64_t share, int64_t shares);

/* So many rows of a sum of outer products are summed at a time that they stay in the cache from block to block. */
INLINE int64_t congruent_outer_group(int64_t size, int64_t width) {
  return least(up(size, LINE), most(LINE, (int64_t)(1 << 16) / up(width, LINE) / LINE * LINE));
}

/* Elements of the workspace, for sums of at most `size` rows. */
INLINE int64_t congruent_outer_space(int64_t size, int64_t width) {
  const int64_t height = up(width, LINE), group = congruent_outer_group(size, width);
  return SUM_BLOCK * height + SUM_BLOCK * group + group * height;
}

/* Rows that a phase works on. */
typedef struct {
  int64_t row;     /* the first one, of all rows of the sequence */
  int64_t carried; /* in what the loop over time hands on */
  int64_t chunk;   /* in the rows of a chunk */
  int64_t count;
} congruent_span;

typedef void (*congruent_phase)(const void *memory, congruent_span at);

/* A loop over time: what no step waits for, for the rows of a chunk of steps, and the steps. Either may be NULL. */
typedef struct {
  congruent_phase rows;
  congruent_phase steps;
} congruent_loop;

/* Rows of a step that a share has. */
INLINE int64_t share_of(int64_t batch, congruent_rows rows) { return most(least(rows.to, batch) - rows.from, 0); }

/*
 * Rows of a chunk at most: enough for products to pay, and few enough for the results to be in the cache still when the
 * steps read them.
 */
INLINE int64_t congruent_chunk(int64_t rows, int64_t batch) { return least(rows, most(64, batch)); }

/* The loops of a share one after the other, from the first step on, or from the last one. */
#define congruent_sequence CONGRUENT_KERNEL(sequence)
void congruent_sequence(const congruent_loop *loops, int64_t count, const void *memory, congruent_rows rows, bool from_last);

#endif
