/* The buffers of a computation, checked against what its kernel reads and writes. */
#ifndef CONGRUENT_OPERANDS_H
#define CONGRUENT_OPERANDS_H

#include "layer.h"

typedef enum { CONGRUENT_RUN, CONGRUENT_RECORD, CONGRUENT_PULL_BACK } congruent_kind;

/* How many a kernel of this kind has; see cell.h. */
uint32_t congruent_operand_count(const congruent_layer *layer, congruent_kind kind);

/* Their addresses, of as many rows in all and in the largest step; false after a TypeError. */
bool congruent_operands(napi_env env, napi_value array, const congruent_layer *layer, congruent_kind kind, int64_t rows,
                        int64_t batch, void **operands);

/* `weights`, `shared` and `own` of an object, the last for so many shares. */
bool congruent_working_memory(napi_env env, napi_value given, const congruent_layer *layer, congruent_kind kind,
                              int64_t rows, int64_t batch, int64_t shares, const void **weights,
                              congruent_scratch *scratch);

#endif
