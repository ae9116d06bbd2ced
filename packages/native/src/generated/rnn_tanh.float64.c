// Generated from packages/spec/src/cells/rnn_tanh.ts by packages/native/codegen. Do not edit.
// Regenerate with: npm run generate
//
// rnn_tanh(x[I], h[H]) -> h'
//
// h' = tanh(W_ih @ x + b_ih + W_hh @ h + b_hh)   # next state
//
// layout torch
//   weight_ih = [W_ih]   weight_hh = [W_hh]
//   bias_ih   = [b_ih]   bias_hh   = [b_hh]
// layout onnx
//   W = [W_ih]   R = [W_hh]   B = [b_ih; b_hh]
// layout keras
//   kernel = [W_ih]^T   recurrent_kernel = [W_hh]^T   bias = [b_ih + b_hh]

#define CONGRUENT_DTYPE 64
#include "kernels.h"

/* Functions of one kind take the same operands, whether or not the cell needs them all. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

INLINE vector tanh_of(vector x) {
  const vector y = absolute(x);
  const vector v = lesser(splat(20.0), y);
  const vector k = floor_of(subtract_product(splat(0.5), v, splat(2.8853900817779268)));
  const vector t = add_product(v, k, splat(0.34657359027997264));
  const vector z = t * t;
  const vector p = add_product(t, z, add_product(add_product(splat(1.000000000000001), splat(0.6666666666666635), t), add_product(add_product(splat(0.3333333333326117), splat(0.13333333333423575), t), add_product(add_product(splat(0.04444444458133734), splat(0.012698412619975463), t), add_product(add_product(splat(0.003174592658160685), splat(0.0007054696367183962), t), add_product(splat(0.00014144559673755498), splat(0.000025655067133493122), t), z), z), z), z));
  const vector q = power_of_two(k);
  const vector w = splat(1.0) - q / (add_product(splat(0.5), splat(0.5), q) + p);
  const vector g = lesser(x, w);
  const vector b = greater(-w, g);
  const vector f = x * x;
  const vector m = x * add_product(splat(1.0), f, add_product(splat(-0.3333333333333323), add_product(splat(0.13333333333315325), add_product(splat(-0.05396825395740835), add_product(splat(0.02186948820967377), add_product(splat(-0.008863229803443522), add_product(splat(0.003592064628345026), add_product(splat(-0.001455371734976695), add_product(splat(0.0005877616041936605), add_product(splat(-0.00023169578572676785), add_product(splat(0.00008097165334801853), splat(-0.000018089612073258402), f), f), f), f), f), f), f), f), f), f));
  return select_less(y, splat(0.58), m, b);
}

typedef struct {
  int64_t I;
  int64_t H;
  element *weight_ih; /* W_ih */
  element *weight_hh; /* W_hh */
  element *bias_ih; /* b_ih */
  element *bias_hh; /* b_hh */
  element *b_hs; /* b_h */
  element *W_x; /* W_ih */
  element *b_x; /* b_h */
  element *W_h; /* W_hh */
  element *xs; /* x */
  element *hs; /* h */
  element *h_nexts; /* h_next */
  element *residuals; /* h, h_next */
  element *Wx; /* x_h */
  element *Wh; /* h_h */
  element *sum_workspace;
} forwards;

static void forwards_sizes(forwards *m, const int64_t *sizes) {
  m->I = sizes[0];
  m->H = sizes[1];
}

static void forwards_weights(forwards *m, congruent_region *region) {
  m->b_hs = take(region, up(m->H, 8));
  m->W_x = take(region, up(m->H, 8) * m->I);
  m->b_x = take(region, up(m->H, 8));
  m->W_h = take(region, up(m->H, 8) * m->H);
}

static void forwards_scratch(forwards *m, int64_t rows, int64_t batch, congruent_region *shared, congruent_region *own) {
  m->Wx = take(own, congruent_chunk(rows, batch) * up(m->H, 8));
  m->Wh = take(own, batch * up(m->H, 8));
}

static void forwards_operands(forwards *m, void *const *operands) {
  m->xs = operands[0];
  m->hs = operands[1];
  m->h_nexts = operands[2];
}

static int64_t forwards_weights_size(const int64_t *sizes) {
  forwards m;
  congruent_region region = {NULL, 0};
  forwards_sizes(&m, sizes);
  forwards_weights(&m, &region);
  return region.used;
}

static congruent_scratch_size forwards_scratch_size(const int64_t *sizes, int64_t rows, int64_t batch) {
  forwards m;
  congruent_region shared = {NULL, 0}, own = {NULL, 0};
  forwards_sizes(&m, sizes);
  forwards_scratch(&m, rows, batch, &shared, &own);
  return (congruent_scratch_size){shared.used, own.used};
}

static void forwards_memory(forwards *m, const int64_t *sizes, const void *weights, congruent_scratch scratch, int64_t rows, int64_t batch, void *const *operands) {
  congruent_region kept = {(element *)weights, 0}, shared = {scratch.shared, 0}, own = {scratch.own, 0};
  forwards_sizes(m, sizes);
  forwards_weights(m, &kept);
  forwards_scratch(m, rows, batch, &shared, &own);
  forwards_operands(m, operands);
}

typedef struct {
  int64_t I;
  int64_t H;
  element *weight_ih; /* W_ih */
  element *weight_hh; /* W_hh */
  element *bias_ih; /* b_ih */
  element *bias_hh; /* b_hh */
  element *V_dh; /* W_hh, transposed */
  element *V_dx; /* W_ih, transposed */
  element *xs; /* x */
  element *dys; /* dy */
  element *dh_nexts; /* dh_next */
  element *dxs; /* dx */
  element *residuals; /* h, h_next */
  element *dweight_ih; /* W_ih */
  element *dweight_hh; /* W_hh */
  element *dbias_ih; /* b_ih */
  element *dbias_hh; /* b_hh */
  element *da_hs; /* da_h */
  element *whole_dh; /* dh */
  element *whole_dx; /* dx */
  element *sum_workspace;
} backwards;

static void backwards_sizes(backwards *m, const int64_t *sizes) {
  m->I = sizes[0];
  m->H = sizes[1];
}

static void backwards_weights(backwards *m, congruent_region *region) {
  m->V_dh = take(region, up(m->H, 8) * m->H);
  m->V_dx = take(region, up(m->I, 8) * m->H);
}

static void backwards_scratch(backwards *m, int64_t rows, int64_t batch, congruent_region *shared, congruent_region *own) {
  m->da_hs = take(shared, rows * up(m->H, 8));
  m->whole_dh = take(own, batch * up(m->H, 8));
  m->whole_dx = take(own, congruent_chunk(rows, batch) * up(m->I, 8));
  m->sum_workspace = take(own, most(congruent_outer_space(m->H, m->I), congruent_outer_space(m->H, m->H)));
}

static void backwards_operands(backwards *m, void *const *operands) {
  m->xs = operands[0];
  m->dys = operands[1];
  m->dxs = operands[2];
  m->dh_nexts = operands[3];
  m->dweight_ih = operands[4];
  m->dweight_hh = operands[5];
  m->dbias_ih = operands[6];
  m->dbias_hh = operands[7];
}

static int64_t backwards_weights_size(const int64_t *sizes) {
  backwards m;
  congruent_region region = {NULL, 0};
  backwards_sizes(&m, sizes);
  backwards_weights(&m, &region);
  return region.used;
}

static congruent_scratch_size backwards_scratch_size(const int64_t *sizes, int64_t rows, int64_t batch) {
  backwards m;
  congruent_region shared = {NULL, 0}, own = {NULL, 0};
  backwards_sizes(&m, sizes);
  backwards_scratch(&m, rows, batch, &shared, &own);
  return (congruent_scratch_size){shared.used, own.used};
}

static void backwards_memory(backwards *m, const int64_t *sizes, const void *weights, congruent_scratch scratch, int64_t rows, int64_t batch, void *const *operands) {
  congruent_region kept = {(element *)weights, 0}, shared = {scratch.shared, 0}, own = {scratch.own, 0};
  backwards_sizes(m, sizes);
  backwards_weights(m, &kept);
  backwards_scratch(m, rows, batch, &shared, &own);
  backwards_operands(m, operands);
}

static void rows_forwards_1(const void *memory, congruent_span at) {
  const forwards *const m = memory;
  /* x_h = W_ih @ x + b_h */
  congruent_product(m->W_x, up(m->H, 8), m->I, m->xs + at.row * m->I, m->I, at.count, m->Wx + at.chunk * up(m->H, 8), m->b_x, false);
}

INLINE void map_2(const element *const *from, element *const *to, int64_t j, int64_t left) {
  const vector x_h = load_first(from[0] + j, left);
  const vector h_h = load_first(from[1] + j, left);
  /* h_next = tanh(x_h + h_h) */
  const vector h_next = tanh_of(x_h + h_h);
  store_first(to[0] + j, h_next, left);
  store_first(to[1] + j, h_next, left);
}

static void steps_forwards_3(const void *memory, congruent_span at) {
  const forwards *const m = memory;
  /* h_h = W_hh @ h */
  congruent_product(m->W_h, up(m->H, 8), m->H, m->hs + at.carried * m->H, m->H, at.count, m->Wh, NULL, false);
  {
    const int64_t length = m->H;
    for (int64_t row = 0; row < at.count; row++) {
      const element *const from[] = {
        m->Wx + (at.chunk + row) * up(m->H, 8),
        m->Wh + row * up(m->H, 8),
      };
      element *const to[] = {
        m->hs + (at.carried + row) * m->H,
        m->h_nexts + (at.row + row) * m->H,
      };
      int64_t j = 0;
      for (; j + LANES <= length; j += LANES) map_2(from, to, j, LANES);
      if (j < length) map_2(from, to, j, length - j);
    }
  }
}

INLINE void map_4(const element *const *from, element *const *to, int64_t j, int64_t left) {
  const vector x_h = load_first(from[0] + j, left);
  const vector h_h = load_first(from[1] + j, left);
  const vector h = load_first(from[2] + j, left);
  /* h_next = tanh(x_h + h_h) */
  const vector h_next = tanh_of(x_h + h_h);
  store_first(to[0] + j, h_next, left);
  store_first(to[1] + j, h_next, left);
  store_first(to[2] + j, h, left);
  store_first(to[3] + j, h_next, left);
}

static void steps_forwards_5(const void *memory, congruent_span at) {
  const forwards *const m = memory;
  /* h_h = W_hh @ h */
  congruent_product(m->W_h, up(m->H, 8), m->H, m->hs + at.carried * m->H, m->H, at.count, m->Wh, NULL, false);
  {
    const int64_t length = m->H;
    for (int64_t row = 0; row < at.count; row++) {
      const element *const from[] = {
        m->Wx + (at.chunk + row) * up(m->H, 8),
        m->Wh + row * up(m->H, 8),
        m->hs + (at.carried + row) * m->H,
      };
      element *const to[] = {
        m->hs + (at.carried + row) * m->H,
        m->h_nexts + (at.row + row) * m->H,
        m->residuals + (at.row + row) * 2 * m->H,
        m->residuals + (at.row + row) * 2 * m->H + m->H,
      };
      int64_t j = 0;
      for (; j + LANES <= length; j += LANES) map_4(from, to, j, LANES);
      if (j < length) map_4(from, to, j, length - j);
    }
  }
}

INLINE void map_6(const element *const *from, element *const *to, int64_t j, int64_t left) {
  const vector dh_next = load_first(from[0] + j, left);
  const vector dy = load_first(from[1] + j, left);
  const vector h_next = load_first(from[2] + j, left);
  /* g_h = dh_next + dy */
  const vector g_h = dh_next + dy;
  /* da_h = g_h * (1 - h_next * h_next) */
  const vector da_h = g_h * subtract_product(splat(1.0), h_next, h_next);
  store_first(to[0] + j, da_h, left);
}

static void steps_backwards_7(const void *memory, congruent_span at) {
  const backwards *const m = memory;
  {
    const int64_t length = m->H;
    for (int64_t row = 0; row < at.count; row++) {
      const element *const from[] = {
        m->dh_nexts + (at.carried + row) * m->H,
        m->dys + (at.row + row) * m->H,
        m->residuals + (at.row + row) * 2 * m->H + m->H,
      };
      element *const to[] = {
        m->da_hs + (at.row + row) * up(m->H, 8),
      };
      int64_t j = 0;
      for (; j + LANES <= length; j += LANES) map_6(from, to, j, LANES);
      if (j < length) map_6(from, to, j, length - j);
    }
  }
  /* dh = da_h @ W_hh */
  congruent_product(m->V_dh, up(m->H, 8), m->H, m->da_hs + at.row * up(m->H, 8), up(m->H, 8), at.count, m->whole_dh, NULL, false);
  congruent_copy_rows(m->dh_nexts + at.carried * m->H, m->H, m->whole_dh, up(m->H, 8), m->H, at.count);
}

static void rows_backwards_8(const void *memory, congruent_span at) {
  const backwards *const m = memory;
  /* dx = da_h @ W_ih */
  congruent_product(m->V_dx, up(m->I, 8), m->H, m->da_hs + at.row * up(m->H, 8), up(m->H, 8), at.count, m->whole_dx + at.chunk * up(m->I, 8), NULL, false);
  congruent_copy_rows(m->dxs + at.row * m->I, m->I, m->whole_dx + at.chunk * up(m->I, 8), up(m->I, 8), m->I, at.count);
}

INLINE void map_9(const element *const *from, element *const *to, int64_t j, int64_t left) {
  const vector b_ih = load_first(from[0] + j, left);
  const vector b_hh = load_first(from[1] + j, left);
  /* b_h = b_ih + b_hh */
  const vector b_h = b_ih + b_hh;
  store_first(to[0] + j, b_h, left);
}

static void forwards_prepare(const int64_t *sizes, const void *const *tensors, void *weights) {
  forwards memory, *const m = &memory;
  congruent_region kept = {weights, 0};
  forwards_sizes(m, sizes);
  forwards_weights(m, &kept);
  congruent_fill(weights, 0, kept.used);
  m->weight_ih = (element *)tensors[0];
  m->weight_hh = (element *)tensors[1];
  m->bias_ih = (element *)tensors[2];
  m->bias_hh = (element *)tensors[3];
  congruent_pack(m->W_x, up(m->H, 8), m->I, m->weight_ih, m->H, 0);
  congruent_pack(m->W_h, up(m->H, 8), m->H, m->weight_hh, m->H, 0);
  {
    const int64_t length = m->H;
    {
      const element *const from[] = {
        m->bias_ih,
        m->bias_hh,
      };
      element *const to[] = {
        m->b_hs,
      };
      int64_t j = 0;
      for (; j + LANES <= length; j += LANES) map_9(from, to, j, LANES);
      if (j < length) map_9(from, to, j, length - j);
    }
  }
  congruent_copy_rows(m->b_x, 0, m->b_hs, 0, m->H, 1);
}

static void backwards_prepare(const int64_t *sizes, const void *const *tensors, void *weights) {
  backwards memory, *const m = &memory;
  congruent_region kept = {weights, 0};
  backwards_sizes(m, sizes);
  backwards_weights(m, &kept);
  congruent_fill(weights, 0, kept.used);
  m->weight_ih = (element *)tensors[0];
  m->weight_hh = (element *)tensors[1];
  m->bias_ih = (element *)tensors[2];
  m->bias_hh = (element *)tensors[3];
  congruent_pack_transposed(m->V_dh, up(m->H, 8), m->H, m->weight_hh, m->H, m->H, m->H, 0);
  congruent_pack_transposed(m->V_dx, up(m->I, 8), m->H, m->weight_ih, m->I, m->H, m->I, 0);
}

static void step(const int64_t *sizes, const void *weights, congruent_scratch scratch, int64_t batch, void *const *operands) {
  forwards memory;
  forwards_memory(&memory, sizes, weights, scratch, batch, batch, operands);
  rows_forwards_1(&memory, (congruent_span){0, 0, 0, batch});
  steps_forwards_3(&memory, (congruent_span){0, 0, 0, batch});
}

static void run(const int64_t *sizes, const void *weights, congruent_scratch scratch, congruent_rows rows, void *const *operands) {
  static const congruent_loop loops[] = {{rows_forwards_1, steps_forwards_3}};
  forwards memory;
  forwards_memory(&memory, sizes, weights, scratch, rows.rows, share_of(rows.batch_sizes[0], rows), operands);
  congruent_sequence(loops, sizeof loops / sizeof *loops, &memory, rows, rows.reverse);
}

static void record(const int64_t *sizes, const void *weights, congruent_scratch scratch, congruent_rows rows, void *const *operands) {
  static const congruent_loop loops[] = {{rows_forwards_1, steps_forwards_5}};
  forwards memory;
  forwards_memory(&memory, sizes, weights, scratch, rows.rows, share_of(rows.batch_sizes[0], rows), operands);
  memory.residuals = operands[3];
  congruent_sequence(loops, sizeof loops / sizeof *loops, &memory, rows, rows.reverse);
}

static void pull_back(const int64_t *sizes, const void *weights, congruent_scratch scratch, congruent_rows rows, void *const *operands) {
  static const congruent_loop loops[] = {{NULL, steps_backwards_7}, {rows_backwards_8, NULL}};
  backwards memory;
  backwards_memory(&memory, sizes, weights, scratch, rows.rows, share_of(rows.batch_sizes[0], rows), operands);
  memory.residuals = operands[8];
  congruent_sequence(loops, sizeof loops / sizeof *loops, &memory, rows, !rows.reverse);
}

static void sum_gradients(const int64_t *sizes, const void *weights, congruent_scratch scratch, congruent_rows all, void *const *operands, int32_t share, int32_t shares) {
  backwards memory, *const m = &memory;
  const int64_t rows = all.rows;
  const congruent_span at = {0, 0, 0, rows};
  backwards_memory(m, sizes, weights, scratch, rows, 0, operands);
  memory.residuals = operands[8];
  (void)at;
  { /* dW_ih = outer(da_h, x), summed */
    const congruent_sum sums[] = {
      {m->da_hs + at.row * up(m->H, 8), up(m->H, 8), m->H, m->dweight_ih},
    };
    congruent_sum_outer(sums, 1, m->xs + at.row * m->I, m->I, m->I, rows, m->sum_workspace, share, shares);
  }
  { /* dW_hh = outer(da_h, h), summed */
    const congruent_sum sums[] = {
      {m->da_hs + at.row * up(m->H, 8), up(m->H, 8), m->H, m->dweight_hh},
    };
    congruent_sum_outer(sums, 1, m->residuals + at.row * 2 * m->H, 2 * m->H, m->H, rows, m->sum_workspace, share, shares);
  }
  if (share > 0) return;
  { /* db_h = da_h, summed */
    const congruent_sum sums[] = {
      {m->da_hs + at.row * up(m->H, 8), up(m->H, 8), m->H, m->dbias_ih},
    };
    congruent_sum_rows(sums, 1, rows, 0, 1);
  }
  congruent_copy_rows(m->dbias_hh, 0, m->dbias_ih, 0, m->H, 1);
}

static int64_t residuals(const int64_t *sizes) {
  forwards memory, *const m = &memory;
  forwards_sizes(m, sizes);
  return 2 * m->H;
}

const congruent_kernels CONGRUENT_KERNELS(rnn_tanh, float64) = {
  .weights = forwards_weights_size,
  .scratch = forwards_scratch_size,
  .prepare = forwards_prepare,
  .step = step,
  .run = run,
  .record = record,
  .residuals = residuals,
  .backward_weights = backwards_weights_size,
  .backward_scratch = backwards_scratch_size,
  .prepare_backward = backwards_prepare,
  .pull_back = pull_back,
  .sum_gradients = sum_gradients,
};
