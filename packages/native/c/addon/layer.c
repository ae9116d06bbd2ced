#include "layer.h"

#include <stdlib.h>
#include <string.h>

#include "table.h"
#include "values.h"

enum { LISTS = 5, LONGEST_NAME = 256 };

static void free_layer(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  free(data);
}

static const congruent_kernels *kernels_of(const char *cell, const char *dtype, const char *variant) {
  for (size_t at = 0; at < congruent_entry_count; at++) {
    const congruent_entry *entry = &congruent_entries[at];
    if (strcmp(entry->cell, cell) != 0 || strcmp(entry->variant, variant) != 0) continue;
    return strcmp(dtype, "float64") == 0 ? entry->float64 : entry->float32;
  }
  return NULL;
}

/* Reads the numbers of a list to where `next` points, and moves it on. */
static bool read_list(napi_env env, napi_value array, int64_t **next, congruent_widths *widths) {
  widths->lengths = *next;
  if (!congruent_length(env, array, &widths->count)) return false;
  for (uint32_t index = 0; index < widths->count; index++) {
    napi_value value;
    if (!congruent_element(env, array, index, &value)) return false;
    if (!congruent_integer(env, value, (*next)++)) return false;
  }
  return true;
}

/* A layer with the numbers of its lists; NULL after an error was thrown. */
static congruent_layer *read_layer(napi_env env, napi_value lists) {
  napi_value values[LISTS];
  size_t total = 0;
  for (uint32_t list = 0; list < LISTS; list++) {
    uint32_t count;
    TRY(congruent_element(env, lists, list, &values[list]));
    TRY(congruent_length(env, values[list], &count));
    total += count;
  }
  congruent_layer *layer = calloc(1, sizeof *layer + total * sizeof *layer->numbers);
  TRY(layer != NULL || congruent_throw(env, "no memory for a layer"));
  congruent_widths sizes;
  congruent_widths *read[LISTS] = {&sizes, &layer->inputs, &layer->states, &layer->outputs, &layer->tensors};
  int64_t *next = layer->numbers;
  for (int list = 0; list < LISTS; list++) {
    if (read_list(env, values[list], &next, read[list])) continue;
    free(layer);
    return NULL;
  }
  layer->sizes = sizes.lengths;
  return layer;
}

napi_value congruent_open(napi_env env, napi_callback_info info) {
  napi_value arguments[4], handle;
  size_t count = 4;
  TRY(congruent_went_well(env, napi_get_cb_info(env, info, &count, arguments, NULL, NULL)));
  char names[3][LONGEST_NAME];
  for (int name = 0; name < 3; name++) {
    TRY(congruent_went_well(env, napi_get_value_string_utf8(env, arguments[name], names[name], LONGEST_NAME, NULL)));
  }
  const congruent_kernels *kernels = kernels_of(names[0], names[1], names[2]);
  if (kernels == NULL) return NULL;
  congruent_layer *layer = read_layer(env, arguments[3]);
  TRY(layer != NULL);
  layer->kernels = kernels;
  const bool wide = strcmp(names[1], "float64") == 0;
  layer->type = wide ? napi_float64_array : napi_float32_array;
  layer->element_bytes = wide ? sizeof(double) : sizeof(float);
  if (congruent_went_well(env, napi_create_external(env, layer, free_layer, NULL, &handle))) return handle;
  free(layer);
  return NULL;
}

bool congruent_layer_of(napi_env env, napi_value handle, const congruent_layer **layer) {
  return congruent_went_well(env, napi_get_value_external(env, handle, (void **)layer));
}

int64_t congruent_own_stride(const congruent_layer *layer, int64_t own) {
  const int64_t line = 64 / (int64_t)layer->element_bytes;
  return (own + line - 1) / line * line;
}

static napi_value array_of(napi_env env, const int64_t *numbers, uint32_t count) {
  napi_value array, value;
  TRY(congruent_went_well(env, napi_create_array_with_length(env, count, &array)));
  for (uint32_t index = 0; index < count; index++) {
    TRY(congruent_went_well(env, napi_create_int64(env, numbers[index], &value)));
    TRY(congruent_went_well(env, napi_set_element(env, array, index, value)));
  }
  return array;
}

napi_value congruent_lengths(napi_env env, napi_callback_info info) {
  napi_value handle;
  size_t count = 1;
  const congruent_layer *layer;
  TRY(congruent_went_well(env, napi_get_cb_info(env, info, &count, &handle, NULL, NULL)));
  TRY(congruent_layer_of(env, handle, &layer));
  const congruent_kernels *kernels = layer->kernels;
  const int64_t lengths[] = {kernels->weights(layer->sizes), kernels->residuals(layer->sizes),
                             kernels->backward_weights(layer->sizes)};
  return array_of(env, lengths, 3);
}

napi_value congruent_scratch_lengths(napi_env env, napi_callback_info info) {
  napi_value arguments[4];
  size_t count = 4;
  const congruent_layer *layer;
  int64_t rows, batch;
  bool backward;
  TRY(congruent_went_well(env, napi_get_cb_info(env, info, &count, arguments, NULL, NULL)));
  TRY(congruent_layer_of(env, arguments[0], &layer));
  TRY(congruent_integer(env, arguments[1], &rows));
  TRY(congruent_integer(env, arguments[2], &batch));
  TRY(congruent_went_well(env, napi_get_value_bool(env, arguments[3], &backward)));
  const congruent_kernels *kernels = layer->kernels;
  const congruent_scratch_size scratch = (backward ? kernels->backward_scratch : kernels->scratch)(layer->sizes, rows, batch);
  const int64_t lengths[] = {scratch.shared, congruent_own_stride(layer, scratch.own)};
  return array_of(env, lengths, 2);
}

napi_value congruent_prepare(napi_env env, napi_callback_info info) {
  napi_value arguments[4];
  size_t count = 4;
  const congruent_layer *layer;
  void *weights;
  bool backward;
  TRY(congruent_went_well(env, napi_get_cb_info(env, info, &count, arguments, NULL, NULL)));
  TRY(congruent_layer_of(env, arguments[0], &layer));
  TRY(congruent_went_well(env, napi_get_value_bool(env, arguments[3], &backward)));
  const congruent_kernels *kernels = layer->kernels;
  const int64_t length = (backward ? kernels->backward_weights : kernels->weights)(layer->sizes);
  TRY(congruent_buffer(env, arguments[2], layer->type, length, &weights));
  void **tensors = calloc(layer->tensors.count + 1, sizeof *tensors);
  TRY(tensors != NULL || congruent_throw(env, "no memory for addresses"));
  if (congruent_buffers(env, arguments[1], layer->type, layer->tensors.lengths, layer->tensors.count, tensors)) {
    (backward ? kernels->prepare_backward : kernels->prepare)(layer->sizes, (const void *const *)tensors, weights);
  }
  free(tensors);
  return NULL;
}
