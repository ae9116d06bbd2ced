#include "sequence.h"

#include <stdlib.h>

#include "operands.h"
#include "threads.h"
#include "values.h"

enum { MOST_SHARES = 256 };

typedef struct {
  const congruent_layer *layer;
  congruent_kind kind;
  const void *weights;
  congruent_scratch scratch;
  int64_t own_bytes; /* from one share's own memory to the next one's */
  congruent_rows rows;
  int32_t shares;
  int64_t borders[MOST_SHARES + 1]; /* share s has the rows from borders[s] on and before borders[s + 1] */
  void **operands;
} job;

typedef struct {
  job *jobs;
  uint32_t count;
} work;

/* Rows of the shares such that each has as much to do as the others: rows of longer sequences count for more. */
static void share_out(job *job) {
  const congruent_rows *rows = &job->rows;
  int64_t row = 0, done = 0, steps = rows->steps;
  for (int32_t share = 0; share < job->shares; share++) {
    job->borders[share] = row;
    const int64_t goal = (share + 1) * rows->rows / job->shares;
    for (; row < rows->batch_sizes[0] && done < goal; row++) {
      while (rows->batch_sizes[steps - 1] <= row) steps--; /* the steps that have this row */
      done += steps;
    }
  }
  job->borders[job->shares] = rows->batch_sizes[0];
}

/* The job that a task belongs to; the task's share of it is what is left of the index. */
static job *job_of(const work *work, int *index) {
  job *job = work->jobs;
  for (; *index >= job->shares; job++) *index -= job->shares;
  return job;
}

static void run_share(void *context, int share) {
  const job *job = job_of(context, &share);
  congruent_rows rows = job->rows;
  rows.from = job->borders[share];
  rows.to = job->borders[share + 1];
  if (rows.from == rows.to) return;
  congruent_scratch scratch = job->scratch;
  scratch.own = (char *)scratch.own + share * job->own_bytes;
  const congruent_kernels *kernels = job->layer->kernels;
  const int64_t *sizes = job->layer->sizes;
  if (job->kind == CONGRUENT_RUN) kernels->run(sizes, job->weights, scratch, rows, job->operands);
  if (job->kind == CONGRUENT_RECORD) kernels->record(sizes, job->weights, scratch, rows, job->operands);
  if (job->kind == CONGRUENT_PULL_BACK) kernels->pull_back(sizes, job->weights, scratch, rows, job->operands);
}

static void sum_share(void *context, int share) {
  const job *job = job_of(context, &share);
  if (job->kind != CONGRUENT_PULL_BACK) return;
  congruent_scratch scratch = job->scratch;
  scratch.own = (char *)scratch.own + share * job->own_bytes;
  job->layer->kernels->sum_gradients(job->layer->sizes, job->weights, scratch, job->rows, job->operands, share,
                                     job->shares);
}

static bool read_rows(napi_env env, napi_value given, congruent_rows *rows) {
  napi_value value;
  void *data;
  size_t steps;
  if (!congruent_property(env, given, "batchSizes", &value)) return false;
  if (!congruent_elements(env, value, napi_int32_array, &steps, &data)) return false;
  const int32_t *sizes = data;
  *rows = (congruent_rows){.batch_sizes = sizes, .steps = (int64_t)steps};
  for (size_t step = 0; step < steps; step++) {
    if (sizes[step] < 1 || (step > 0 && sizes[step] > sizes[step - 1])) {
      return congruent_throw(env, "batch sizes must be at least 1 and must not grow");
    }
    rows->rows += sizes[step];
  }
  if (steps == 0) return congruent_throw(env, "a sequence has at least one step");
  if (!congruent_property(env, given, "reverse", &value)) return false;
  return congruent_went_well(env, napi_get_value_bool(env, value, &rows->reverse));
}

static bool read_integer(napi_env env, napi_value given, const char *name, int64_t from, int64_t to, int64_t *integer) {
  napi_value value;
  if (!congruent_property(env, given, name, &value) || !congruent_integer(env, value, integer)) return false;
  return (*integer >= from && *integer <= to) || congruent_throw(env, "a number of a job is out of range");
}

static bool read_job(napi_env env, napi_value given, job *job) {
  napi_value value;
  int64_t kind, shares;
  if (!congruent_property(env, given, "layer", &value) || !congruent_layer_of(env, value, &job->layer)) return false;
  if (!read_integer(env, given, "kind", CONGRUENT_RUN, CONGRUENT_PULL_BACK, &kind)) return false;
  if (!read_integer(env, given, "shares", 1, MOST_SHARES, &shares)) return false;
  if (!read_rows(env, given, &job->rows)) return false;
  job->kind = (congruent_kind)kind;
  job->shares = (int32_t)shares;
  const int64_t rows = job->rows.rows, batch = job->rows.batch_sizes[0];
  const congruent_layer *layer = job->layer;
  job->operands = calloc(congruent_operand_count(layer, job->kind) + 1, sizeof *job->operands);
  if (job->operands == NULL) return congruent_throw(env, "no memory for addresses");
  if (!congruent_property(env, given, "operands", &value)) return false;
  if (!congruent_operands(env, value, layer, job->kind, rows, batch, job->operands)) return false;
  if (!congruent_working_memory(env, given, layer, job->kind, rows, batch, shares, &job->weights, &job->scratch)) {
    return false;
  }
  const congruent_kernels *kernels = layer->kernels;
  const bool backward = job->kind == CONGRUENT_PULL_BACK;
  const int64_t own = (backward ? kernels->backward_scratch : kernels->scratch)(layer->sizes, rows, batch).own;
  job->own_bytes = congruent_own_stride(layer, own) * (int64_t)layer->element_bytes;
  share_out(job);
  return true;
}

static void run_all(napi_env env, const work *work, int threads) {
  congruent_pool *pool;
  if (!congruent_went_well(env, napi_get_instance_data(env, (void **)&pool))) return;
  int tasks = 0;
  bool backward = false;
  for (uint32_t index = 0; index < work->count; index++) {
    tasks += work->jobs[index].shares;
    backward = backward || work->jobs[index].kind == CONGRUENT_PULL_BACK;
  }
  congruent_pool_run(pool, threads, tasks, run_share, (void *)work);
  if (backward) congruent_pool_run(pool, threads, tasks, sum_share, (void *)work);
}

napi_value congruent_compute(napi_env env, napi_callback_info info) {
  napi_value arguments[2], value;
  size_t count = 2;
  int64_t threads;
  work work;
  TRY(congruent_went_well(env, napi_get_cb_info(env, info, &count, arguments, NULL, NULL)));
  TRY(congruent_integer(env, arguments[1], &threads));
  TRY(congruent_length(env, arguments[0], &work.count));
  work.jobs = calloc(work.count + 1, sizeof *work.jobs);
  TRY(work.jobs != NULL || congruent_throw(env, "no memory for jobs"));
  bool read = true;
  for (uint32_t index = 0; read && index < work.count; index++) {
    read = congruent_element(env, arguments[0], index, &value) && read_job(env, value, &work.jobs[index]);
  }
  if (read) run_all(env, &work, (int)threads);
  for (uint32_t index = 0; index < work.count; index++) free(work.jobs[index].operands);
  free(work.jobs);
  return NULL;
}
