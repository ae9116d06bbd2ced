/* One step, prepared once and called as often as wanted. */
#ifndef CONGRUENT_STEP_H
#define CONGRUENT_STEP_H

#include <node_api.h>

/*
 * stepper({ layer, weights, shared, own, batch, operands }): a function without arguments that computes one step in these
 * buffers. It holds the object, and with it their memory.
 */
napi_value congruent_stepper(napi_env env, napi_callback_info info);

#endif
