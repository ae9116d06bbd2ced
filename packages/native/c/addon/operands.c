#include "operands.h"

#include <stdlib.h>

#include "values.h"

uint32_t congruent_operand_count(const congruent_layer *layer, congruent_kind kind) {
  const uint32_t values = layer->inputs.count + layer->states.count + layer->outputs.count;
  if (kind == CONGRUENT_RUN) return values;
  return kind == CONGRUENT_RECORD ? values + 1 : values + layer->inputs.count + layer->tensors.count + 1;
}

/* Appends the lengths of values that have so many rows each; what no array can hold is −1. */
static int64_t *append(int64_t *next, congruent_widths widths, int64_t rows) {
  for (uint32_t index = 0; index < widths.count; index++, next++) {
    if (__builtin_mul_overflow(widths.lengths[index], rows, next)) *next = -1;
  }
  return next;
}

bool congruent_operands(napi_env env, napi_value array, const congruent_layer *layer, congruent_kind kind, int64_t rows,
                        int64_t batch, void **operands) {
  const uint32_t count = congruent_operand_count(layer, kind);
  int64_t *lengths = calloc(count + 1, sizeof *lengths);
  if (lengths == NULL) return congruent_throw(env, "no memory for lengths");
  int64_t *next = append(lengths, layer->inputs, rows);
  if (kind == CONGRUENT_PULL_BACK) {
    next = append(next, layer->outputs, rows);
    next = append(next, layer->inputs, rows);
    next = append(next, layer->states, batch);
    next = append(next, layer->tensors, 1);
  } else {
    next = append(next, layer->states, batch);
    next = append(next, layer->outputs, rows);
  }
  if (kind != CONGRUENT_RUN) {
    const int64_t width = layer->kernels->residuals(layer->sizes);
    append(next, (congruent_widths){&width, 1}, rows);
  }
  const bool read = congruent_buffers(env, array, layer->type, lengths, count, operands);
  free(lengths);
  return read;
}

static bool property_buffer(napi_env env, napi_value given, const char *name, const congruent_layer *layer,
                            int64_t length, void **data) {
  napi_value value;
  return congruent_property(env, given, name, &value) && congruent_buffer(env, value, layer->type, length, data);
}

bool congruent_working_memory(napi_env env, napi_value given, const congruent_layer *layer, congruent_kind kind,
                              int64_t rows, int64_t batch, int64_t shares, const void **weights,
                              congruent_scratch *scratch) {
  const bool backward = kind == CONGRUENT_PULL_BACK;
  const congruent_kernels *kernels = layer->kernels;
  const int64_t *sizes = layer->sizes;
  const congruent_scratch_size needed = (backward ? kernels->backward_scratch : kernels->scratch)(sizes, rows, batch);
  const int64_t length = (backward ? kernels->backward_weights : kernels->weights)(sizes);
  return property_buffer(env, given, "weights", layer, length, (void **)weights) &&
         property_buffer(env, given, "shared", layer, needed.shared, &scratch->shared) &&
         property_buffer(env, given, "own", layer, congruent_own_stride(layer, needed.own) * shares, &scratch->own);
}
