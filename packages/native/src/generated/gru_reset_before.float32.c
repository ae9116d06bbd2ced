// Generated from packages/spec/src/cells/gru_reset_before.ts by packages/native/codegen. Do not edit.
// Regenerate with: npm run generate
//
// gru_reset_before(x[I], h[H]) -> h'
//
// r  = sigmoid(W_ir @ x + b_ir + W_hr @ h + b_hr)      # reset gate
// z  = sigmoid(W_iz @ x + b_iz + W_hz @ h + b_hz)      # update gate
// n  = tanh(W_in @ x + b_in + W_hn @ (r * h) + b_hn)   # candidate
// h' = (1 - z) * n + z * h                             # next state
//
// layout torch
//   weight_ih = [W_ir; W_iz; W_in]   weight_hh = [W_hr; W_hz; W_hn]
//   bias_ih   = [b_ir; b_iz; b_in]   bias_hh   = [b_hr; b_hz; b_hn]
// layout onnx
//   W = [W_iz; W_ir; W_in]   R = [W_hz; W_hr; W_hn]   B = [b_iz; b_ir; b_in; b_hz; b_hr; b_hn]
// layout keras
//   kernel = [W_iz; W_ir; W_in]^T   recurrent_kernel = [W_hz; W_hr; W_hn]^T
//   bias   = [b_iz + b_hz; b_ir + b_hr; b_in + b_hn]

#define CONGRUENT_DTYPE 32
#include "kernels.h"

/* Functions of one kind take the same operands, whether or not the cell needs them all. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

INLINE vector sigmoid_of(vector x) {
  const vector y = absolute(x);
  const vector v = lesser(splat(104.0f), y);
  const vector k = floor_of(subtract_product(splat(0.5f), v, splat(1.4426950216293335f)));
  const vector t = add_product(add_product(v, k, splat(0.693145751953125f)), k, splat(0.000001428606765330187f));
  const vector q = power_of_two(k + splat(64.0f)) * splat(5.421010862427522e-20f);
  const vector z = t * t;
  const vector r = q + add_product(t, z, add_product(add_product(splat(0.4999999701976776f), splat(0.1666654348373413f), t), add_product(add_product(splat(0.04166720062494278f), splat(0.008366547524929047f), t), splat(0.0013882514322176576f), z), z));
  const vector d = splat(1.0f) + r;
  const vector c = splat(1.0f) / d;
  const vector g = q * c;
  const vector w = subtract_product(g, g, c * (r - (d - splat(1.0f))));
  const vector m = splat(1.0f) - w;
  const vector n = x + splat(0.5f);
  const vector u = lesser(n, m);
  return greater(w, u);
}

INLINE vector tanh_of(vector x) {
  const vector y = absolute(x);
  const vector v = lesser(splat(10.0f), y);
  const vector k = floor_of(subtract_product(splat(0.5f), v, splat(2.885390043258667f)));
  const vector t = add_product(v, k, splat(0.3465735912322998f));
  const vector z = t * t;
  const vector p = add_product(t, z, add_product(add_product(splat(0.9999999403953552f), splat(0.6666617393493652f), t), add_product(add_product(splat(0.33333760499954224f), splat(0.13386476039886475f), t), splat(0.04442404583096504f), z), z));
  const vector q = power_of_two(k);
  const vector w = splat(1.0f) - q / (add_product(splat(0.5f), splat(0.5f), q) + p);
  const vector g = lesser(x, w);
  const vector b = greater(-w, g);
  const vector f = x * x;
  const vector m = x * add_product(splat(1.0f), f, add_product(splat(-0.3333330750465393f), add_product(splat(0.1333223134279251f), add_product(splat(-0.05381417274475098f), add_product(splat(0.020912306383252144f), splat(-0.006047165021300316f), f), f), f), f));
  return select_less(y, splat(0.5799999833106995f), m, b);
}

typedef struct {
  int64_t I;
  int64_t H;
  element *weight_ih; /* W_ir, W_iz, W_in */
  element *weight_hh; /* W_hr, W_hz, W_hn */
  element *bias_ih; /* b_ir, b_iz, b_in */
  element *bias_hh; /* b_hr, b_hz, b_hn */
  element *b_rs; /* b_r */
  element *b_zs; /* b_z */
  element *b_ns; /* b_n */
  element *W_x; /* W_ir, W_iz, W_in */
  element *b_x; /* b_r, b_z, b_n */
  element *W_h; /* W_hr, W_hz */
  element *W_v; /* W_hn */
  element *xs; /* x */
  element *hs; /* h */
  element *h_nexts; /* h_next */
  element *residuals; /* h, r, z, n */
  element *Wx; /* x_r, x_z, x_n */
  element *Wh; /* h_r, h_z */
  element *vs; /* v */
  element *Wv; /* v_n */
  element *sum_workspace;
} forwards;

static void forwards_sizes(forwards *m, const int64_t *sizes) {
  m->I = sizes[0];
  m->H = sizes[1];
}

static void forwards_weights(forwards *m, congruent_region *region) {
  m->b_rs = take(region, up(m->H, 16));
  m->b_zs = take(region, up(m->H, 16));
  m->b_ns = take(region, up(m->H, 16));
  m->W_x = take(region, up(3 * m->H, 16) * m->I);
  m->b_x = take(region, up(3 * m->H, 16));
  m->W_h = take(region, up(2 * m->H, 16) * m->H);
  m->W_v = take(region, up(m->H, 16) * m->H);
}

static void forwards_scratch(forwards *m, int64_t rows, int64_t batch, congruent_region *shared, congruent_region *own) {
  m->Wx = take(own, congruent_chunk(rows, batch) * up(3 * m->H, 16));
  m->Wh = take(own, batch * up(2 * m->H, 16));
  m->vs = take(own, batch * up(m->H, 16));
  m->Wv = take(own, batch * up(m->H, 16));
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
  element *weight_ih; /* W_ir, W_iz, W_in */
  element *weight_hh; /* W_hr, W_hz, W_hn */
  element *bias_ih; /* b_ir, b_iz, b_in */
  element *bias_hh; /* b_hr, b_hz, b_hn */
  element *V_dv; /* W_hn, transposed */
  element *V_p_h; /* W_hr, W_hz, transposed */
  element *V_dx; /* W_ir, W_iz, W_in, transposed */
  element *xs; /* x */
  element *dys; /* dy */
  element *dh_nexts; /* dh_next */
  element *dxs; /* dx */
  element *residuals; /* h, r, z, n */
  element *dweight_ih; /* W_ir, W_iz, W_in */
  element *dweight_hh; /* W_hr, W_hz, W_hn */
  element *dbias_ih; /* b_ir, b_iz, b_in */
  element *dbias_hh; /* b_hr, b_hz, b_hn */
  element *into_p_h; /* da_r, da_z */
  element *into_dx; /* da_r, da_z, da_n */
  element *vs; /* v */
  element *g_hs; /* g_h */
  element *whole_dv; /* dv */
  element *whole_p_h; /* p_h */
  element *whole_dx; /* dx */
  element *sum_workspace;
} backwards;

static void backwards_sizes(backwards *m, const int64_t *sizes) {
  m->I = sizes[0];
  m->H = sizes[1];
}

static void backwards_weights(backwards *m, congruent_region *region) {
  m->V_dv = take(region, up(m->H, 16) * m->H);
  m->V_p_h = take(region, 2 * up(m->H, 16) * m->H);
  m->V_dx = take(region, 3 * up(m->I, 16) * m->H);
}

static void backwards_scratch(backwards *m, int64_t rows, int64_t batch, congruent_region *shared, congruent_region *own) {
  m->into_p_h = take(shared, rows * 2 * m->H);
  m->into_dx = take(shared, rows * 3 * m->H);
  m->vs = take(shared, rows * up(m->H, 16));
  m->g_hs = take(own, batch * up(m->H, 16));
  m->whole_dv = take(own, batch * up(m->H, 16));
  m->whole_p_h = take(own, batch * up(m->H, 16));
  m->whole_dx = take(own, congruent_chunk(rows, batch) * up(m->I, 16));
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
  /* [x_r; x_z; x_n] = [W_ir; W_iz; W_in] @ x + [b_r; b_z; b_n] */
  congruent_product(m->W_x, up(3 * m->H, 16), m->I, m->xs + at.row * m->I, m->I, at.count, m->Wx + at.chunk * up(3 * m->H, 16), m->b_x, false);
}

INLINE void map_2(const element *const *from, element *const *to, int64_t j, int64_t left) {
  const vector x_r = load_first(from[0] + j, left);
  const vector h_r = load_first(from[1] + j, left);
  const vector h = load_first(from[2] + j, left);
  /* r = sigmoid(x_r + h_r) */
  const vector r = sigmoid_of(x_r + h_r);
  /* v = r * h */
  const vector v = r * h;
  store_first(to[0] + j, v, left);
}

INLINE void map_3(const element *const *from, element *const *to, int64_t j, int64_t left) {
  const vector x_z = load_first(from[0] + j, left);
  const vector h_z = load_first(from[1] + j, left);
  const vector x_n = load_first(from[2] + j, left);
  const vector v_n = load_first(from[3] + j, left);
  const vector h = load_first(from[4] + j, left);
  /* z = sigmoid(x_z + h_z) */
  const vector z = sigmoid_of(x_z + h_z);
  /* n = tanh(x_n + v_n) */
  const vector n = tanh_of(x_n + v_n);
  /* h_next = (1 - z) * n + z * h */
  const vector h_next = add_product((splat(1.0f) - z) * n, z, h);
  store_first(to[0] + j, h_next, left);
  store_first(to[1] + j, h_next, left);
}

static void steps_forwards_4(const void *memory, congruent_span at) {
  const forwards *const m = memory;
  /* [h_r; h_z] = [W_hr; W_hz] @ h */
  congruent_product(m->W_h, up(2 * m->H, 16), m->H, m->hs + at.carried * m->H, m->H, at.count, m->Wh, NULL, false);
  {
    const int64_t length = m->H;
    for (int64_t row = 0; row < at.count; row++) {
      const element *const from[] = {
        m->Wx + (at.chunk + row) * up(3 * m->H, 16),
        m->Wh + row * up(2 * m->H, 16),
        m->hs + (at.carried + row) * m->H,
      };
      element *const to[] = {
        m->vs + row * up(m->H, 16),
      };
      int64_t j = 0;
      for (; j + LANES <= length; j += LANES) map_2(from, to, j, LANES);
      if (j < length) map_2(from, to, j, length - j);
    }
  }
  /* v_n = W_hn @ v */
  congruent_product(m->W_v, up(m->H, 16), m->H, m->vs, up(m->H, 16), at.count, m->Wv, NULL, false);
  {
    const int64_t length = m->H;
    for (int64_t row = 0; row < at.count; row++) {
      const element *const from[] = {
        m->Wx + (at.chunk + row) * up(3 * m->H, 16) + m->H,
        m->Wh + row * up(2 * m->H, 16) + m->H,
        m->Wx + (at.chunk + row) * up(3 * m->H, 16) + 2 * m->H,
        m->Wv + row * up(m->H, 16),
        m->hs + (at.carried + row) * m->H,
      };
      element *const to[] = {
        m->hs + (at.carried + row) * m->H,
        m->h_nexts + (at.row + row) * m->H,
      };
      int64_t j = 0;
      for (; j + LANES <= length; j += LANES) map_3(from, to, j, LANES);
      if (j < length) map_3(from, to, j, length - j);
    }
  }
}

INLINE void map_5(const element *const *from, element *const *to, int64_t j, int64_t left) {
  const vector x_r = load_first(from[0] + j, left);
  const vector h_r = load_first(from[1] + j, left);
  const vector h = load_first(from[2] + j, left);
  /* r = sigmoid(x_r + h_r) */
  const vector r = sigmoid_of(x_r + h_r);
  /* v = r * h */
  const vector v = r * h;
  store_first(to[0] + j, v, left);
  store_first(to[1] + j, h, left);
  store_first(to[2] + j, r, left);
}

INLINE void map_6(const element *const *from, element *const *to, int64_t j, int64_t left) {
  const vector x_z = load_first(from[0] + j, left);
  const vector h_z = load_first(from[1] + j, left);
  const vector x_n = load_first(from[2] + j, left);
  const vector v_n = load_first(from[3] + j, left);
  const vector h = load_first(from[4] + j, left);
  /* z = sigmoid(x_z + h_z) */
  const vector z = sigmoid_of(x_z + h_z);
  /* n = tanh(x_n + v_n) */
  const vector n = tanh_of(x_n + v_n);
  /* h_next = (1 - z) * n + z * h */
  const vector h_next = add_product((splat(1.0f) - z) * n, z, h);
  store_first(to[0] + j, h_next, left);
  store_first(to[1] + j, h_next, left);
  store_first(to[2] + j, z, left);
  store_first(to[3] + j, n, left);
}

static void steps_forwards_7(const void *memory, congruent_span at) {
  const forwards *const m = memory;
  /* [h_r; h_z] = [W_hr; W_hz] @ h */
  congruent_product(m->W_h, up(2 * m->H, 16), m->H, m->hs + at.carried * m->H, m->H, at.count, m->Wh, NULL, false);
  {
    const int64_t length = m->H;
    for (int64_t row = 0; row < at.count; row++) {
      const element *const from[] = {
        m->Wx + (at.chunk + row) * up(3 * m->H, 16),
        m->Wh + row * up(2 * m->H, 16),
        m->hs + (at.carried + row) * m->H,
      };
      element *const to[] = {
        m->vs + row * up(m->H, 16),
        m->residuals + (at.row + row) * 4 * m->H,
        m->residuals + (at.row + row) * 4 * m->H + m->H,
      };
      int64_t j = 0;
      for (; j + LANES <= length; j += LANES) map_5(from, to, j, LANES);
      if (j < length) map_5(from, to, j, length - j);
    }
  }
  /* v_n = W_hn @ v */
  congruent_product(m->W_v, up(m->H, 16), m->H, m->vs, up(m->H, 16), at.count, m->Wv, NULL, false);
  {
    const int64_t length = m->H;
    for (int64_t row = 0; row < at.count; row++) {
      const element *const from[] = {
        m->Wx + (at.chunk + row) * up(3 * m->H, 16) + m->H,
        m->Wh + row * up(2 * m->H, 16) + m->H,
        m->Wx + (at.chunk + row) * up(3 * m->H, 16) + 2 * m->H,
        m->Wv + row * up(m->H, 16),
        m->hs + (at.carried + row) * m->H,
      };
      element *const to[] = {
        m->hs + (at.carried + row) * m->H,
        m->h_nexts + (at.row + row) * m->H,
        m->residuals + (at.row + row) * 4 * m->H + 2 * m->H,
        m->residuals + (at.row + row) * 4 * m->H + 3 * m->H,
      };
      int64_t j = 0;
      for (; j + LANES <= length; j += LANES) map_6(from, to, j, LANES);
      if (j < length) map_6(from, to, j, length - j);
    }
  }
}

INLINE void map_8(const element *const *from, element *const *to, int64_t j, int64_t left) {
  const vector r = load_first(from[0] + j, left);
  const vector h = load_first(from[1] + j, left);
  /* v = r * h */
  const vector v = r * h;
  store_first(to[0] + j, v, left);
}

static void rows_backwards_9(const void *memory, congruent_span at) {
  const backwards *const m = memory;
  {
    const int64_t length = m->H;
    for (int64_t row = 0; row < at.count; row++) {
      const element *const from[] = {
        m->residuals + (at.row + row) * 4 * m->H + m->H,
        m->residuals + (at.row + row) * 4 * m->H,
      };
      element *const to[] = {
        m->vs + (at.row + row) * up(m->H, 16),
      };
      int64_t j = 0;
      for (; j + LANES <= length; j += LANES) map_8(from, to, j, LANES);
      if (j < length) map_8(from, to, j, length - j);
    }
  }
}

INLINE void map_10(const element *const *from, element *const *to, int64_t j, int64_t left) {
  const vector dh_next = load_first(from[0] + j, left);
  const vector dy = load_first(from[1] + j, left);
  const vector z = load_first(from[2] + j, left);
  const vector n = load_first(from[3] + j, left);
  /* g_h = dh_next + dy */
  const vector g_h = dh_next + dy;
  /* dn = g_h * (1 - z) */
  const vector dn = g_h * (splat(1.0f) - z);
  /* da_n = dn * (1 - n * n) */
  const vector da_n = dn * subtract_product(splat(1.0f), n, n);
  store_first(to[0] + j, g_h, left);
  store_first(to[1] + j, da_n, left);
}

INLINE void map_11(const element *const *from, element *const *to, int64_t j, int64_t left) {
  const vector g_h = load_first(from[0] + j, left);
  const vector h = load_first(from[1] + j, left);
  const vector n = load_first(from[2] + j, left);
  const vector z = load_first(from[3] + j, left);
  const vector dv = load_first(from[4] + j, left);
  const vector r = load_first(from[5] + j, left);
  /* dz = g_h * (h - n) */
  const vector dz = g_h * (h - n);
  /* da_z = dz * (z * (1 - z)) */
  const vector da_z = dz * (z * (splat(1.0f) - z));
  /* dr = dv * h */
  const vector dr = dv * h;
  /* da_r = dr * (r * (1 - r)) */
  const vector da_r = dr * (r * (splat(1.0f) - r));
  store_first(to[0] + j, da_z, left);
  store_first(to[1] + j, da_z, left);
  store_first(to[2] + j, da_r, left);
  store_first(to[3] + j, da_r, left);
}

INLINE void map_12(const element *const *from, element *const *to, int64_t j, int64_t left) {
  const vector g_h = load_first(from[0] + j, left);
  const vector z = load_first(from[1] + j, left);
  const vector dv = load_first(from[2] + j, left);
  const vector r = load_first(from[3] + j, left);
  const vector p_h = load_first(from[4] + j, left);
  /* dh = g_h * z + dv * r + p_h */
  const vector dh = add_product(g_h * z, dv, r) + p_h;
  store_first(to[0] + j, dh, left);
}

static void steps_backwards_13(const void *memory, congruent_span at) {
  const backwards *const m = memory;
  {
    const int64_t length = m->H;
    for (int64_t row = 0; row < at.count; row++) {
      const element *const from[] = {
        m->dh_nexts + (at.carried + row) * m->H,
        m->dys + (at.row + row) * m->H,
        m->residuals + (at.row + row) * 4 * m->H + 2 * m->H,
        m->residuals + (at.row + row) * 4 * m->H + 3 * m->H,
      };
      element *const to[] = {
        m->g_hs + row * up(m->H, 16),
        m->into_dx + (at.row + row) * 3 * m->H + 2 * m->H,
      };
      int64_t j = 0;
      for (; j + LANES <= length; j += LANES) map_10(from, to, j, LANES);
      if (j < length) map_10(from, to, j, length - j);
    }
  }
  /* dv = da_n @ W_hn */
  congruent_product(m->V_dv, up(m->H, 16), m->H, m->into_dx + at.row * 3 * m->H + 2 * m->H, 3 * m->H, at.count, m->whole_dv, NULL, false);
  {
    const int64_t length = m->H;
    for (int64_t row = 0; row < at.count; row++) {
      const element *const from[] = {
        m->g_hs + row * up(m->H, 16),
        m->residuals + (at.row + row) * 4 * m->H,
        m->residuals + (at.row + row) * 4 * m->H + 3 * m->H,
        m->residuals + (at.row + row) * 4 * m->H + 2 * m->H,
        m->whole_dv + row * up(m->H, 16),
        m->residuals + (at.row + row) * 4 * m->H + m->H,
      };
      element *const to[] = {
        m->into_p_h + (at.row + row) * 2 * m->H + m->H,
        m->into_dx + (at.row + row) * 3 * m->H + m->H,
        m->into_p_h + (at.row + row) * 2 * m->H,
        m->into_dx + (at.row + row) * 3 * m->H,
      };
      int64_t j = 0;
      for (; j + LANES <= length; j += LANES) map_11(from, to, j, LANES);
      if (j < length) map_11(from, to, j, length - j);
    }
  }
  /* p_h = [da_r; da_z] @ [W_hr; W_hz] */
  congruent_product(m->V_p_h, up(m->H, 16), 2 * m->H, m->into_p_h + at.row * 2 * m->H, 2 * m->H, at.count, m->whole_p_h, NULL, false);
  {
    const int64_t length = m->H;
    for (int64_t row = 0; row < at.count; row++) {
      const element *const from[] = {
        m->g_hs + row * up(m->H, 16),
        m->residuals + (at.row + row) * 4 * m->H + 2 * m->H,
        m->whole_dv + row * up(m->H, 16),
        m->residuals + (at.row + row) * 4 * m->H + m->H,
        m->whole_p_h + row * up(m->H, 16),
      };
      element *const to[] = {
        m->dh_nexts + (at.carried + row) * m->H,
      };
      int64_t j = 0;
      for (; j + LANES <= length; j += LANES) map_12(from, to, j, LANES);
      if (j < length) map_12(from, to, j, length - j);
    }
  }
}

static void rows_backwards_14(const void *memory, congruent_span at) {
  const backwards *const m = memory;
  /* dx = [da_r; da_z; da_n] @ [W_ir; W_iz; W_in] */
  congruent_product(m->V_dx, up(m->I, 16), 3 * m->H, m->into_dx + at.row * 3 * m->H, 3 * m->H, at.count, m->whole_dx + at.chunk * up(m->I, 16), NULL, false);
  congruent_copy_rows(m->dxs + at.row * m->I, m->I, m->whole_dx + at.chunk * up(m->I, 16), up(m->I, 16), m->I, at.count);
}

INLINE void map_15(const element *const *from, element *const *to, int64_t j, int64_t left) {
  const vector b_ir = load_first(from[0] + j, left);
  const vector b_hr = load_first(from[1] + j, left);
  const vector b_iz = load_first(from[2] + j, left);
  const vector b_hz = load_first(from[3] + j, left);
  const vector b_in = load_first(from[4] + j, left);
  const vector b_hn = load_first(from[5] + j, left);
  /* b_r = b_ir + b_hr */
  const vector b_r = b_ir + b_hr;
  /* b_z = b_iz + b_hz */
  const vector b_z = b_iz + b_hz;
  /* b_n = b_in + b_hn */
  const vector b_n = b_in + b_hn;
  store_first(to[0] + j, b_r, left);
  store_first(to[1] + j, b_z, left);
  store_first(to[2] + j, b_n, left);
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
  congruent_pack(m->W_x, up(3 * m->H, 16), m->I, m->weight_ih, m->H, 0);
  congruent_pack(m->W_x, up(3 * m->H, 16), m->I, m->weight_ih + m->H * m->I, m->H, m->H);
  congruent_pack(m->W_x, up(3 * m->H, 16), m->I, m->weight_ih + 2 * m->H * m->I, m->H, 2 * m->H);
  congruent_pack(m->W_h, up(2 * m->H, 16), m->H, m->weight_hh, m->H, 0);
  congruent_pack(m->W_h, up(2 * m->H, 16), m->H, m->weight_hh + m->H * m->H, m->H, m->H);
  congruent_pack(m->W_v, up(m->H, 16), m->H, m->weight_hh + 2 * m->H * m->H, m->H, 0);
  {
    const int64_t length = m->H;
    {
      const element *const from[] = {
        m->bias_ih,
        m->bias_hh,
        m->bias_ih + m->H,
        m->bias_hh + m->H,
        m->bias_ih + 2 * m->H,
        m->bias_hh + 2 * m->H,
      };
      element *const to[] = {
        m->b_rs,
        m->b_zs,
        m->b_ns,
      };
      int64_t j = 0;
      for (; j + LANES <= length; j += LANES) map_15(from, to, j, LANES);
      if (j < length) map_15(from, to, j, length - j);
    }
  }
  congruent_copy_rows(m->b_x, 0, m->b_rs, 0, m->H, 1);
  congruent_copy_rows(m->b_x + m->H, 0, m->b_zs, 0, m->H, 1);
  congruent_copy_rows(m->b_x + 2 * m->H, 0, m->b_ns, 0, m->H, 1);
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
  congruent_pack_transposed(m->V_dv, up(m->H, 16), m->H, m->weight_hh + 2 * m->H * m->H, m->H, m->H, m->H, 0);
  congruent_pack_transposed(m->V_p_h, up(m->H, 16), 2 * m->H, m->weight_hh, m->H, m->H, m->H, 0);
  congruent_pack_transposed(m->V_p_h, up(m->H, 16), 2 * m->H, m->weight_hh + m->H * m->H, m->H, m->H, m->H, m->H);
  congruent_pack_transposed(m->V_dx, up(m->I, 16), 3 * m->H, m->weight_ih, m->I, m->H, m->I, 0);
  congruent_pack_transposed(m->V_dx, up(m->I, 16), 3 * m->H, m->weight_ih + m->H * m->I, m->I, m->H, m->I, m->H);
  congruent_pack_transposed(m->V_dx, up(m->I, 16), 3 * m->H, m->weight_ih + 2 * m->H * m->I, m->I, m->H, m->I, 2 * m->H);
}

static void step(const int64_t *sizes, const void *weights, congruent_scratch scratch, int64_t batch, void *const *operands) {
  forwards memory;
  forwards_memory(&memory, sizes, weights, scratch, batch, batch, operands);
  rows_forwards_1(&memory, (congruent_span){0, 0, 0, batch});
  steps_forwards_4(&memory, (congruent_span){0, 0, 0, batch});
}

static void run(const int64_t *sizes, const void *weights, congruent_scratch scratch, congruent_rows rows, void *const *operands) {
  static const congruent_loop loops[] = {{rows_forwards_1, steps_forwards_4}};
  forwards memory;
  forwards_memory(&memory, sizes, weights, scratch, rows.rows, share_of(rows.batch_sizes[0], rows), operands);
  congruent_sequence(loops, sizeof loops / sizeof *loops, &memory, rows, rows.reverse);
}

static void record(const int64_t *sizes, const void *weights, congruent_scratch scratch, congruent_rows rows, void *const *operands) {
  static const congruent_loop loops[] = {{rows_forwards_1, steps_forwards_7}};
  forwards memory;
  forwards_memory(&memory, sizes, weights, scratch, rows.rows, share_of(rows.batch_sizes[0], rows), operands);
  memory.residuals = operands[3];
  congruent_sequence(loops, sizeof loops / sizeof *loops, &memory, rows, rows.reverse);
}

static void pull_back(const int64_t *sizes, const void *weights, congruent_scratch scratch, congruent_rows rows, void *const *operands) {
  static const congruent_loop loops[] = {{rows_backwards_9, steps_backwards_13}, {rows_backwards_14, NULL}};
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
  { /* [dW_ir; dW_iz; dW_in] = outer([da_r; da_z; da_n], x), summed */
    const congruent_sum sums[] = {
      {m->into_p_h + at.row * 2 * m->H, 2 * m->H, m->H, m->dweight_ih},
      {m->into_p_h + at.row * 2 * m->H + m->H, 2 * m->H, m->H, m->dweight_ih + m->H * m->I},
      {m->into_dx + at.row * 3 * m->H + 2 * m->H, 3 * m->H, m->H, m->dweight_ih + 2 * m->H * m->I},
    };
    congruent_sum_outer(sums, 3, m->xs + at.row * m->I, m->I, m->I, rows, m->sum_workspace, share, shares);
  }
  { /* [dW_hr; dW_hz] = outer([da_r; da_z], h), summed */
    const congruent_sum sums[] = {
      {m->into_p_h + at.row * 2 * m->H, 2 * m->H, m->H, m->dweight_hh},
      {m->into_p_h + at.row * 2 * m->H + m->H, 2 * m->H, m->H, m->dweight_hh + m->H * m->H},
    };
    congruent_sum_outer(sums, 2, m->residuals + at.row * 4 * m->H, 4 * m->H, m->H, rows, m->sum_workspace, share, shares);
  }
  { /* dW_hn = outer(da_n, v), summed */
    const congruent_sum sums[] = {
      {m->into_dx + at.row * 3 * m->H + 2 * m->H, 3 * m->H, m->H, m->dweight_hh + 2 * m->H * m->H},
    };
    congruent_sum_outer(sums, 1, m->vs + at.row * up(m->H, 16), up(m->H, 16), m->H, rows, m->sum_workspace, share, shares);
  }
  if (share > 0) return;
  { /* [db_r; db_z; db_n] = [da_r; da_z; da_n], summed */
    const congruent_sum sums[] = {
      {m->into_p_h + at.row * 2 * m->H, 2 * m->H, m->H, m->dbias_ih},
      {m->into_p_h + at.row * 2 * m->H + m->H, 2 * m->H, m->H, m->dbias_ih + m->H},
      {m->into_dx + at.row * 3 * m->H + 2 * m->H, 3 * m->H, m->H, m->dbias_ih + 2 * m->H},
    };
    congruent_sum_rows(sums, 3, rows, 0, 1);
  }
  congruent_copy_rows(m->dbias_hh, 0, m->dbias_ih, 0, m->H, 1);
  congruent_copy_rows(m->dbias_hh + m->H, 0, m->dbias_ih + m->H, 0, m->H, 1);
  congruent_copy_rows(m->dbias_hh + 2 * m->H, 0, m->dbias_ih + 2 * m->H, 0, m->H, 1);
}

static int64_t residuals(const int64_t *sizes) {
  forwards memory, *const m = &memory;
  forwards_sizes(m, sizes);
  return 4 * m->H;
}

const congruent_kernels CONGRUENT_KERNELS(gru_reset_before, float32) = {
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
