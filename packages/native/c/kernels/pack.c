/* Matrices into panels, and rows from one place to another. */
#include "panels.h"

void congruent_pack(element *matrix, int64_t height, int64_t columns, const element *block, int64_t rows, int64_t row) {
  for (const int64_t end = row + rows; row < end; row++) {
    const int64_t panel = row - row % PANEL_ROWS;
    const int64_t width = least(PANEL_ROWS, height - panel);
    element *to = matrix + panel * columns + (row - panel);
    for (int64_t k = 0; k < columns; k++, to += width) *to = *block++;
  }
}

void congruent_pack_transposed(element *matrix, int64_t height, int64_t columns, const element *block, int64_t stride, int64_t rows, int64_t width, int64_t column) {
  for (int64_t panel = 0; panel < width; panel += PANEL_ROWS) {
    const int64_t panel_width = least(PANEL_ROWS, height - panel);
    const int64_t used = least(panel_width, width - panel);
    element *to = matrix + panel * columns + column * panel_width;
    congruent_copy_rows(to, panel_width, block + panel, stride, used, rows);
  }
}

void congruent_copy_rows(element *to, int64_t to_stride, const element *from, int64_t from_stride, int64_t count, int64_t rows) {
  for (int64_t row = 0; row < rows; row++, to += to_stride, from += from_stride) {
    for (int64_t j = 0; j < count; j += LANES) store_first(to + j, load_first(from + j, count - j), count - j);
  }
}

void congruent_fill(element *to, element value, int64_t count) {
  for (int64_t j = 0; j < count; j++) to[j] = value;
}
