/* Whole sequences, on several threads where that is asked for. */
#ifndef CONGRUENT_SEQUENCE_H
#define CONGRUENT_SEQUENCE_H

#include <node_api.h>

/*
 * compute(jobs, threads): runs sequences that do not depend on each other, on at most so many threads. A job is
 * { kind, layer, weights, shared, own, batchSizes, reverse, shares, operands }, `kind` as in operands.h, `batchSizes` an
 * Int32Array.
 */
napi_value congruent_compute(napi_env env, napi_callback_info info);

#endif
