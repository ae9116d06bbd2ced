#include "step.h"

#include <stdlib.h>

#include "layer.h"
#include "operands.h"
#include "values.h"

typedef struct {
  const congruent_layer *layer;
  const void *weights;
  congruent_scratch scratch;
  int64_t batch;
  void *operands[];
} stepper;

static napi_value take_step(napi_env env, napi_callback_info info) {
  stepper *step;
  if (napi_get_cb_info(env, info, NULL, NULL, NULL, (void **)&step) != napi_ok) return NULL;
  step->layer->kernels->step(step->layer->sizes, step->weights, step->scratch, step->batch, step->operands);
  return NULL;
}

static void free_stepper(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  free(data);
}

static bool read_stepper(napi_env env, napi_value given, const congruent_layer *layer, stepper *step) {
  napi_value operands;
  if (!congruent_property(env, given, "operands", &operands)) return false;
  if (!congruent_operands(env, operands, layer, CONGRUENT_RUN, step->batch, step->batch, step->operands)) return false;
  return congruent_working_memory(env, given, layer, CONGRUENT_RUN, step->batch, step->batch, 1, &step->weights,
                                  &step->scratch);
}

napi_value congruent_stepper(napi_env env, napi_callback_info info) {
  napi_value given, value, function;
  size_t count = 1;
  const congruent_layer *layer;
  int64_t batch;
  TRY(congruent_went_well(env, napi_get_cb_info(env, info, &count, &given, NULL, NULL)));
  TRY(congruent_property(env, given, "layer", &value) && congruent_layer_of(env, value, &layer));
  TRY(congruent_property(env, given, "batch", &value) && congruent_integer(env, value, &batch));
  stepper *step = calloc(1, sizeof *step + congruent_operand_count(layer, CONGRUENT_RUN) * sizeof *step->operands);
  TRY(step != NULL || congruent_throw(env, "no memory for a stepper"));
  step->layer = layer;
  step->batch = batch;
  if (!read_stepper(env, given, layer, step) ||
      !congruent_went_well(env, napi_create_function(env, "step", NAPI_AUTO_LENGTH, take_step, step, &function)) ||
      !congruent_went_well(env, napi_add_finalizer(env, function, step, free_stepper, NULL, NULL))) {
    free(step);
    return NULL;
  }
  TRY(congruent_went_well(env, napi_set_named_property(env, function, "held", given)));
  return function;
}
