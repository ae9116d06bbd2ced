#include "table.h"

#include "cells.h" /* written by the build: the lists CONGRUENT_CELLS and CONGRUENT_VARIANTS */
#include "processor.h"

/* For each variant that any build has, a macro that takes a cell: what CELL, defined differently below, makes of both. */
#define CELL_plain(cell) CELL(cell, plain)
#define CELL_sse2(cell) CELL(cell, sse2)
#define CELL_sse41(cell) CELL(cell, sse41)
#define CELL_avx2(cell) CELL(cell, avx2)
#define CELL_avx512(cell) CELL(cell, avx512)
#define CELL_avx2_relaxed(cell) CELL(cell, avx2_relaxed)
#define CELL_avx512_relaxed(cell) CELL(cell, avx512_relaxed)
#define CELL_neon(cell) CELL(cell, neon)
#define CELL_neon_relaxed(cell) CELL(cell, neon_relaxed)

#define EVERY_CELL(variant) CONGRUENT_CELLS(CELL_##variant)

#define CELL(cell, variant)                                             \
  extern const congruent_kernels CONGRUENT_JOIN(cell, float32, variant); \
  extern const congruent_kernels CONGRUENT_JOIN(cell, float64, variant);
CONGRUENT_VARIANTS(EVERY_CELL)
#undef CELL

#define CELL(cell, variant) \
  {#cell, #variant, &CONGRUENT_JOIN(cell, float32, variant), &CONGRUENT_JOIN(cell, float64, variant)},
const congruent_entry congruent_entries[] = {CONGRUENT_VARIANTS(EVERY_CELL)};
const size_t congruent_entry_count = sizeof congruent_entries / sizeof *congruent_entries;

#define VARIANT(variant) {#variant, has_##variant},
const congruent_variant congruent_variants[] = {CONGRUENT_VARIANTS(VARIANT)};
const size_t congruent_variant_count = sizeof congruent_variants / sizeof *congruent_variants;
