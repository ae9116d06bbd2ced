/* The cells of this addon, as compiled for each processor and arithmetic. */
#ifndef CONGRUENT_TABLE_H
#define CONGRUENT_TABLE_H

#include "../cell.h"

typedef struct {
  const char *cell;
  const char *variant;
  const congruent_kernels *float32;
  const congruent_kernels *float64;
} congruent_entry;

typedef struct {
  const char *name;
  bool (*runs_here)(void);
} congruent_variant;

extern const congruent_entry congruent_entries[];
extern const size_t congruent_entry_count;

/* Those compiled, whether they run here or not, as the build lists them: the plainest first. */
extern const congruent_variant congruent_variants[];
extern const size_t congruent_variant_count;

#endif
