/* What JavaScript sees of this addon: `Addon` in src/addon.ts. Node-API, version 8, with nothing global but constants. */
#include <node_api.h>
#include <stdint.h>

#include "layer.h"
#include "sequence.h"
#include "step.h"
#include "table.h"
#include "threads.h"
#include "values.h"

/* misalignment(buffer): the bytes by which an ArrayBuffer begins after a multiple of 64. */
static napi_value misalignment(napi_env env, napi_callback_info info) {
  napi_value buffer, bytes;
  size_t count = 1, length;
  void *data;
  TRY(congruent_went_well(env, napi_get_cb_info(env, info, &count, &buffer, NULL, NULL)));
  TRY(congruent_went_well(env, napi_get_arraybuffer_info(env, buffer, &data, &length)));
  TRY(congruent_went_well(env, napi_create_uint32(env, (uint32_t)((uintptr_t)data % 64), &bytes)));
  return bytes;
}

/* The names of the variants that this processor runs, the plainest first. */
static napi_value variants(napi_env env) {
  napi_value names, name;
  uint32_t next = 0;
  TRY(congruent_went_well(env, napi_create_array(env, &names)));
  for (size_t at = 0; at < congruent_variant_count; at++) {
    const congruent_variant *variant = &congruent_variants[at];
    if (!variant->runs_here()) continue;
    TRY(congruent_went_well(env, napi_create_string_utf8(env, variant->name, NAPI_AUTO_LENGTH, &name)));
    TRY(congruent_went_well(env, napi_set_element(env, names, next++, name)));
  }
  return names;
}

static void close_pool(void *pool) { congruent_pool_close(pool); }

/* Once for each thread of JavaScript that loads the addon: its threads are ended when that does. */
NAPI_MODULE_INIT() {
  congruent_pool *pool = congruent_pool_open();
  TRY(pool != NULL || congruent_throw(env, "no memory for a pool of threads"));
  if (!congruent_went_well(env, napi_add_env_cleanup_hook(env, close_pool, pool))) {
    congruent_pool_close(pool);
    return NULL;
  }
  TRY(congruent_went_well(env, napi_set_instance_data(env, pool, NULL, NULL)));
  const napi_value names = variants(env);
  TRY(names != NULL);
  const napi_property_descriptor properties[] = {
      {"variants", NULL, NULL, NULL, NULL, names, napi_enumerable, NULL},
      {"misalignment", NULL, misalignment, NULL, NULL, NULL, napi_enumerable, NULL},
      {"open", NULL, congruent_open, NULL, NULL, NULL, napi_enumerable, NULL},
      {"lengths", NULL, congruent_lengths, NULL, NULL, NULL, napi_enumerable, NULL},
      {"scratch", NULL, congruent_scratch_lengths, NULL, NULL, NULL, napi_enumerable, NULL},
      {"prepare", NULL, congruent_prepare, NULL, NULL, NULL, napi_enumerable, NULL},
      {"stepper", NULL, congruent_stepper, NULL, NULL, NULL, napi_enumerable, NULL},
      {"compute", NULL, congruent_compute, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  TRY(congruent_went_well(env, napi_define_properties(env, exports, sizeof properties / sizeof *properties, properties)));
  return exports;
}
