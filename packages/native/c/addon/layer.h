/* A cell of certain sizes, for one element type and variant. */
#ifndef CONGRUENT_LAYER_H
#define CONGRUENT_LAYER_H

#include <node_api.h>

#include "../cell.h"

/* Elements of one row of each value, or of all of a tensor. */
typedef struct {
  const int64_t *lengths;
  uint32_t count;
} congruent_widths;

typedef struct {
  const congruent_kernels *kernels;
  napi_typedarray_type type;
  size_t element_bytes;
  const int64_t *sizes;
  congruent_widths inputs, states, outputs, tensors;
  int64_t numbers[]; /* what the pointers above point to */
} congruent_layer;

/*
 * open(cell, dtype, variant, [sizes, inputs, states, outputs, tensors]): the handle of a layer, which the functions below
 * take; undefined where this addon has no such cell. The lists hold the sizes in the signature's order, and the widths.
 */
napi_value congruent_open(napi_env env, napi_callback_info info);

/* lengths(layer): the elements of [weights, residuals of a row, weights of the backward pass]. */
napi_value congruent_lengths(napi_env env, napi_callback_info info);

/* scratch(layer, rows, batch, backward): the elements of [shared, own]. */
napi_value congruent_scratch_lengths(napi_env env, napi_callback_info info);

/* prepare(layer, tensors, weights, backward) */
napi_value congruent_prepare(napi_env env, napi_callback_info info);

/* The layer of a handle; false after a TypeError. */
bool congruent_layer_of(napi_env env, napi_value handle, const congruent_layer **layer);

/* Each share's own memory begins at a multiple of this, in elements. */
int64_t congruent_own_stride(const congruent_layer *layer, int64_t own);

#endif
