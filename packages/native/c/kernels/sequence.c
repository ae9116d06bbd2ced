/* Loops over time, for the rows that a share has of each step. */
#include "kernels.h"

/* The next steps to take: those from `first` on and before `end`, with `own` rows of the share, `all` of the sequence. */
typedef struct {
  int64_t first;
  int64_t end;
  int64_t own;
  int64_t all;
} chunk_of_steps;

/* As many steps as fit a chunk, at least one. */
static chunk_of_steps gather(congruent_rows rows, int64_t taken, int64_t capacity, bool from_last) {
  chunk_of_steps chunk = {taken, taken, 0, 0};
  if (from_last) chunk.first = chunk.end = rows.steps - taken;
  for (; taken < rows.steps; taken++) {
    const int64_t batch = rows.batch_sizes[from_last ? rows.steps - 1 - taken : taken];
    const int64_t own = share_of(batch, rows);
    if (chunk.all > 0 && chunk.own + own > capacity) break;
    chunk.own += own;
    chunk.all += batch;
    if (from_last) chunk.first--;
    else chunk.end++;
  }
  return chunk;
}

/* What no step waits for: at once where the share has all rows, otherwise the rows of each step. */
static void rows_of_chunk(congruent_phase phase, const void *memory, congruent_rows rows, chunk_of_steps chunk, int64_t row) {
  if (chunk.own == chunk.all) {
    phase(memory, (congruent_span){row, 0, 0, chunk.own});
    return;
  }
  congruent_span at = {row + rows.from, rows.from, 0, 0};
  for (int64_t t = chunk.first; t < chunk.end; t++) {
    const int64_t batch = rows.batch_sizes[t];
    at.count = share_of(batch, rows);
    if (at.count > 0) phase(memory, at);
    at.row += batch;
    at.chunk += at.count;
  }
}

/* The steps of a chunk whose first row, or last one and one more, is `row`. */
static void steps_of_chunk(congruent_phase phase, const void *memory, congruent_rows rows, chunk_of_steps chunk, int64_t row, bool from_last) {
  congruent_span at = {row + rows.from, rows.from, from_last ? chunk.own : 0, 0};
  for (int64_t step = 0; step < chunk.end - chunk.first; step++) {
    const int64_t batch = rows.batch_sizes[from_last ? chunk.end - 1 - step : chunk.first + step];
    at.count = share_of(batch, rows);
    if (from_last) {
      at.row -= batch;
      at.chunk -= at.count;
    }
    if (at.count > 0) phase(memory, at);
    if (!from_last) {
      at.row += batch;
      at.chunk += at.count;
    }
  }
}

void congruent_sequence(const congruent_loop *loops, int64_t count, const void *memory, congruent_rows rows, bool from_last) {
  const int64_t capacity = congruent_chunk(rows.rows, share_of(rows.batch_sizes[0], rows));
  for (int64_t loop = 0; loop < count; loop++) {
    int64_t row = from_last ? rows.rows : 0;
    for (int64_t taken = 0; taken < rows.steps;) {
      const chunk_of_steps chunk = gather(rows, taken, capacity, from_last);
      const int64_t first = from_last ? row - chunk.all : row;
      if (loops[loop].rows) rows_of_chunk(loops[loop].rows, memory, rows, chunk, first);
      if (loops[loop].steps) steps_of_chunk(loops[loop].steps, memory, rows, chunk, row, from_last);
      taken += chunk.end - chunk.first;
      row = from_last ? first : row + chunk.all;
    }
  }
}
