/* Reading JavaScript's values. What does not fit throws a TypeError, and the function then gives false. */
#ifndef CONGRUENT_VALUES_H
#define CONGRUENT_VALUES_H

#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>

/* Leaves a function that gives a JavaScript value once something has been thrown. */
#define TRY(condition) \
  do {                 \
    if (!(condition)) return NULL; \
  } while (0)

/* Whether a call of Node-API went well; throws where it has not thrown itself. */
bool congruent_went_well(napi_env env, napi_status status);

bool congruent_throw(napi_env env, const char *message);

/* An element of an array, a property of an object. */
bool congruent_element(napi_env env, napi_value array, uint32_t index, napi_value *value);
bool congruent_property(napi_env env, napi_value object, const char *name, napi_value *value);

bool congruent_integer(napi_env env, napi_value value, int64_t *integer);
bool congruent_length(napi_env env, napi_value array, uint32_t *length);

/* The elements of a typed array of this type, however many. */
bool congruent_elements(napi_env env, napi_value value, napi_typedarray_type type, size_t *length, void **data);

/* The address of a typed array of this type with exactly so many elements, aligned to 64 bytes. */
bool congruent_buffer(napi_env env, napi_value value, napi_typedarray_type type, int64_t length, void **data);

/* The same of the typed arrays of an array, which has `count`. */
bool congruent_buffers(napi_env env, napi_value array, napi_typedarray_type type, const int64_t *lengths, uint32_t count,
                       void **data);

#endif
