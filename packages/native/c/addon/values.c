#include "values.h"

#include <stdio.h>

bool congruent_throw(napi_env env, const char *message) {
  napi_throw_type_error(env, NULL, message);
  return false;
}

bool congruent_went_well(napi_env env, napi_status status) {
  if (status == napi_ok) return true;
  const napi_extended_error_info *info;
  bool pending = false;
  napi_get_last_error_info(env, &info);
  const char *message = info->error_message != NULL ? info->error_message : "unknown error of Node-API";
  napi_is_exception_pending(env, &pending);
  return pending ? false : congruent_throw(env, message);
}

bool congruent_element(napi_env env, napi_value array, uint32_t index, napi_value *value) {
  return congruent_went_well(env, napi_get_element(env, array, index, value));
}

bool congruent_property(napi_env env, napi_value object, const char *name, napi_value *value) {
  return congruent_went_well(env, napi_get_named_property(env, object, name, value));
}

bool congruent_integer(napi_env env, napi_value value, int64_t *integer) {
  return congruent_went_well(env, napi_get_value_int64(env, value, integer));
}

bool congruent_length(napi_env env, napi_value array, uint32_t *length) {
  return congruent_went_well(env, napi_get_array_length(env, array, length));
}

bool congruent_elements(napi_env env, napi_value value, napi_typedarray_type type, size_t *length, void **data) {
  napi_typedarray_type given;
  if (!congruent_went_well(env, napi_get_typedarray_info(env, value, &given, length, data, NULL, NULL))) return false;
  return given == type || congruent_throw(env, "a typed array has elements of another type");
}

bool congruent_buffer(napi_env env, napi_value value, napi_typedarray_type type, int64_t length, void **data) {
  size_t given;
  if (!congruent_elements(env, value, type, &given, data)) return false;
  if (length < 0 || given != (uint64_t)length) {
    char message[96];
    snprintf(message, sizeof message, "a buffer has %zu elements and must have %lld", given, (long long)length);
    return congruent_throw(env, message);
  }
  return length == 0 || (uintptr_t)*data % 64 == 0 || congruent_throw(env, "a buffer is not aligned to 64 bytes");
}

bool congruent_buffers(napi_env env, napi_value array, napi_typedarray_type type, const int64_t *lengths, uint32_t count,
                       void **data) {
  uint32_t given;
  if (!congruent_length(env, array, &given)) return false;
  if (given != count) return congruent_throw(env, "the wrong number of buffers");
  for (uint32_t index = 0; index < count; index++) {
    napi_value value;
    if (!congruent_element(env, array, index, &value)) return false;
    if (!congruent_buffer(env, value, type, lengths[index], &data[index])) return false;
  }
  return true;
}
