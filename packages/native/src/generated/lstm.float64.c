// Generated from packages/spec/src/cells/lstm.ts by packages/native/codegen. Do not edit.
// Regenerate with: npm run generate
//
// lstm(x[I], h[H], c[H]) -> h', c'
//
// i  = sigmoid(W_ii @ x + b_ii + W_hi @ h + b_hi)   # input gate
// f  = sigmoid(W_if @ x + b_if + W_hf @ h + b_hf)   # forget gate
// g  = tanh(W_ig @ x + b_ig + W_hg @ h + b_hg)      # cell gate
// o  = sigmoid(W_io @ x + b_io + W_ho @ h + b_ho)   # output gate
// c' = f * c + i * g                                # next cell state
// h' = o * tanh(c')                                 # next hidden state
//
// layout torch
//   weight_ih = [W_ii; W_if; W_ig; W_io]   weight_hh = [W_hi; W_hf; W_hg; W_ho]
//   bias_ih   = [b_ii; b_if; b_ig; b_io]   bias_hh   = [b_hi; b_hf; b_hg; b_ho]
// layout onnx
//   W = [W_ii; W_io; W_if; W_ig]   R = [W_hi; W_ho; W_hf; W_hg]
//   B = [b_ii; b_io; b_if; b_ig; b_hi; b_ho; b_hf; b_hg]
// layout keras
//   kernel = [W_ii; W_if; W_ig; W_io]^T   recurrent_kernel = [W_hi; W_hf; W_hg; W_ho]^T
//   bias   = [b_ii + b_hi; b_if + b_hf; b_ig + b_hg; b_io + b_ho]

#define CONGRUENT_DTYPE 64
#include "kernels.h"

/* Functions of one kind take the same operands, whether or not the cell needs them all. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

INLINE vector sigmoid_of(vector x) {
  const vector y = absolute(x);
  const vector v = lesser(splat(746.0), y);
  const vector k = floor_of(subtract_product(splat(0.5), v, splat(1.4426950408889634)));
  const vector t = add_product(add_product(v, k, splat(0.693147180559663)), k, splat(2.8235290563031577e-13));
  const vector q = power_of_two(k + splat(64.0)) * splat(5.421010862427522e-20);
  const vector z = t * t;
  const vector r = q + add_product(t, z, add_product(add_product(splat(0.5000000000000006), splat(0.16666666666666588), t), add_product(add_product(splat(0.041666666666576466), splat(0.008333333333389734), t), add_product(add_product(splat(0.0013888888931667918), splat(0.0001984126971871166), t), add_product(add_product(splat(0.000024801505141880353), splat(0.0000027557407684312353), t), add_product(splat(2.762609311280371e-7), splat(2.5053776497551877e-8), t), z), z), z), z));
  const vector d = splat(1.0) + r;
  const vector c = splat(1.0) / d;
  const vector g = q * c;
  const vector w = subtract_product(g, g, c * (r - (d - splat(1.0))));
  const vector m = splat(1.0) - w;
  const vector n = x + splat(0.5);
  const vector u = lesser(n, m);
  return greater(w, u);
}

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
  element *weight_ih; /* W_ii, W_if, W_ig, W_io */
  element *weight_hh; /* W_hi, W_hf, W_hg, W_ho */
  element *bias_ih; /* b_ii, b_if, b_ig, b_io */
  element *bias_hh; /* b_hi, b_hf, b_hg, b_ho */
  element *b_is; /* b_i */
  element *b_fs; /* b_f */
  element *b_gs; /* b_g */
  element *b_os; /* b_o */
  element *W_x; /* W_ii, W_if, W_ig, W_io */
  element *b_x; /* b_i, b_f, b_g, b_o */
  element *W_h; /* W_hi, W_hf, W_hg, W_ho */
  element *xs; /* x */
  element *hs; /* h */
  element *cs; /* c */
  element *h_nexts; /* h_next */
  element *residuals; /* h, c, i, f, g, o, tanh_h */
  element *Wx; /* x_i, x_f, x_g, x_o */
  element *Wh; /* h_i, h_f, h_g, h_o */
  element *sum_workspace;
} forwards;

static void forwards_sizes(forwards *m, const int64_t *sizes) {
  m->I = sizes[0];
  m->H = sizes[1];
}

static void forwards_weights(forwards *m, congruent_region *region) {
  m->b_is = take(region, up(m->H, 8));
  m->b_fs = take(region, up(m->H, 8));
  m->b_gs = take(region, up(m->H, 8));
  m->b_os = take(region, up(m->H, 8));
  m->W_x = take(region, up(4 * m->H, 8) * m->I);
  m->b_x = take(region, up(4 * m->H, 8));
  m->W_h = take(region, up(4 * m->H, 8) * m->H);
}

static void forwards_scratch(forwards *m, int64_t rows, int64_t batch, congruent_region *shared, congruent_region *own) {
  m->Wx = take(own, congruent_chunk(rows, batch) * up(4 * m->H, 8));
  m->Wh = take(own, batch * up(4 * m->H, 8));
}

static void forwards_operands(forwards *m, void *const *operands) {
  m->xs = operands[0];
  m->hs = operands[1];
  m->cs = operands[2];
  m->h_nexts = operands[3];
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
  element *weight_ih; /* W_ii, W_if, W_ig, W_io */
  element *weight_hh; /* W_hi, W_hf, W_hg, W_ho */
  element *bias_ih; /* b_ii, b_if, b_ig, b_io */
  element *bias_hh; /* b_hi, b_hf, b_hg, b_ho */
  element *V_dh; /* W_hi, W_hf, W_hg, W_ho, transposed */
  element *V_dx; /* W_ii, W_if, W_ig, W_io, transposed */
  element *xs; /* x */
  element *dys; /* dy */
  element *dh_nexts; /* dh_next */
  element *dc_nexts; /* dc_next */
  element *dxs; /* dx */
  element *residuals; /* h, c, i, f, g, o, tanh_h */
  element *dweight_ih; /* W_ii, W_if, W_ig, W_io */
  element *dweight_hh; /* W_hi, W_hf, W_hg, W_ho */
  element *dbias_ih; /* b_ii, b_if, b_ig, b_io */
  element *dbias_hh; /* b_hi, b_hf, b_hg, b_ho */
  element *into_dh; /* da_i, da_f, da_g, da_o */
  element *into_dx; /* da_i, da_f, da_g, da_o */
  element *g_cs; /* g_c */
  element *whole_dh; /* dh */
  element *whole_dx; /* dx */
  element *sum_workspace;
} backwards;

static void backwards_sizes(backwards *m, const int64_t *sizes) {
  m->I = sizes[0];
  m->H = sizes[1];
}

static void backwards_weights(backwards *m, congruent_region *region) {
  m->V_dh = take(region, 4 * up(m->H, 8) * m->H);
  m->V_dx = take(region, 4 * up(m->I, 8) * m->H);
}

static void backwards_scratch(backwards *m, int64_t rows, int64_t batch, congruent_region *shared, congruent_region *own) {
  m->into_dh = take(shared, rows * 4 * m->H);
  m->into_dx = take(shared, rows * 4 * m->H);
  m->g_cs = take(own, batch * up(m->H, 8));
  m->whole_dh = take(own, batch * up(m->H, 8));
  m->whole_dx = take(own, congruent_chunk(rows, batch) * up(m->I, 8));
  m->sum_workspace = take(own, most(congruent_outer_space(m->H, m->I), congruent_outer_space(m->H, m->H)));
}

static void backwards_operands(backwards *m, void *const *operands) {
  m->xs = operands[0];
  m->dys = operands[1];
  m->dxs = operands[2];
  m->dh_nexts = operands[3];
  m->dc_nexts = operands[4];
  m->dweight_ih = operands[5];
  m->dweight_hh = operands[6];
  m->dbias_ih = operands[7];
  m->dbias_hh = operands[8];
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
  /* [x_i; x_f; x_g; x_o] = [W_ii; W_if; W_ig; W_io] @ x + [b_i; b_f; b_g; b_o] */
  congruent_product(m->W_x, up(4 * m->H, 8), m->I, m->xs + at.row * m->I, m->I, at.count, m->Wx + at.chunk * up(4 * m->H, 8), m->b_x, false);
}

INLINE void map_2(const element *const *from, element *const *to, int64_t j, int64_t left) {
  const vector x_i = load_first(from[0] + j, left);
  const vector h_i = load_first(from[1] + j, left);
  const vector x_f = load_first(from[2] + j, left);
  const vector h_f = load_first(from[3] + j, left);
  const vector x_g = load_first(from[4] + j, left);
  const vector h_g = load_first(from[5] + j, left);
  const vector x_o = load_first(from[6] + j, left);
  const vector h_o = load_first(from[7] + j, left);
  const vector c = load_first(from[8] + j, left);
  /* i = sigmoid(x_i + h_i) */
  const vector i = sigmoid_of(x_i + h_i);
  /* f = sigmoid(x_f + h_f) */
  const vector f = sigmoid_of(x_f + h_f);
  /* g = tanh(x_g + h_g) */
  const vector g = tanh_of(x_g + h_g);
  /* o = sigmoid(x_o + h_o) */
  const vector o = sigmoid_of(x_o + h_o);
  /* c_next = f * c + i * g */
  const vector c_next = add_product(f * c, i, g);
  /* tanh_h = tanh(c_next) */
  const vector tanh_h = tanh_of(c_next);
  /* h_next = o * tanh_h */
  const vector h_next = o * tanh_h;
  store_first(to[0] + j, c_next, left);
  store_first(to[1] + j, h_next, left);
  store_first(to[2] + j, h_next, left);
}

static void steps_forwards_3(const void *memory, congruent_span at) {
  const forwards *const m = memory;
  /* [h_i; h_f; h_g; h_o] = [W_hi; W_hf; W_hg; W_ho] @ h */
  congruent_product(m->W_h, up(4 * m->H, 8), m->H, m->hs + at.carried * m->H, m->H, at.count, m->Wh, NULL, false);
  {
    const int64_t length = m->H;
    for (int64_t row = 0; row < at.count; row++) {
      const element *const from[] = {
        m->Wx + (at.chunk + row) * up(4 * m->H, 8),
        m->Wh + row * up(4 * m->H, 8),
        m->Wx + (at.chunk + row) * up(4 * m->H, 8) + m->H,
        m->Wh + row * up(4 * m->H, 8) + m->H,
        m->Wx + (at.chunk + row) * up(4 * m->H, 8) + 2 * m->H,
        m->Wh + row * up(4 * m->H, 8) + 2 * m->H,
        m->Wx + (at.chunk + row) * up(4 * m->H, 8) + 3 * m->H,
        m->Wh + row * up(4 * m->H, 8) + 3 * m->H,
        m->cs + (at.carried + row) * m->H,
      };
      element *const to[] = {
        m->cs + (at.carried + row) * m->H,
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
  const vector x_i = load_first(from[0] + j, left);
  const vector h_i = load_first(from[1] + j, left);
  const vector x_f = load_first(from[2] + j, left);
  const vector h_f = load_first(from[3] + j, left);
  const vector x_g = load_first(from[4] + j, left);
  const vector h_g = load_first(from[5] + j, left);
  const vector x_o = load_first(from[6] + j, left);
  const vector h_o = load_first(from[7] + j, left);
  const vector c = load_first(from[8] + j, left);
  const vector h = load_first(from[9] + j, left);
  /* i = sigmoid(x_i + h_i) */
  const vector i = sigmoid_of(x_i + h_i);
  /* f = sigmoid(x_f + h_f) */
  const vector f = sigmoid_of(x_f + h_f);
  /* g = tanh(x_g + h_g) */
  const vector g = tanh_of(x_g + h_g);
  /* o = sigmoid(x_o + h_o) */
  const vector o = sigmoid_of(x_o + h_o);
  /* c_next = f * c + i * g */
  const vector c_next = add_product(f * c, i, g);
  /* tanh_h = tanh(c_next) */
  const vector tanh_h = tanh_of(c_next);
  /* h_next = o * tanh_h */
  const vector h_next = o * tanh_h;
  store_first(to[0] + j, c_next, left);
  store_first(to[1] + j, h_next, left);
  store_first(to[2] + j, h_next, left);
  store_first(to[3] + j, h, left);
  store_first(to[4] + j, c, left);
  store_first(to[5] + j, i, left);
  store_first(to[6] + j, f, left);
  store_first(to[7] + j, g, left);
  store_first(to[8] + j, o, left);
  store_first(to[9] + j, tanh_h, left);
}

static void steps_forwards_5(const void *memory, congruent_span at) {
  const forwards *const m = memory;
  /* [h_i; h_f; h_g; h_o] = [W_hi; W_hf; W_hg; W_ho] @ h */
  congruent_product(m->W_h, up(4 * m->H, 8), m->H, m->hs + at.carried * m->H, m->H, at.count, m->Wh, NULL, false);
  {
    const int64_t length = m->H;
    for (int64_t row = 0; row < at.count; row++) {
      const element *const from[] = {
        m->Wx + (at.chunk + row) * up(4 * m->H, 8),
        m->Wh + row * up(4 * m->H, 8),
        m->Wx + (at.chunk + row) * up(4 * m->H, 8) + m->H,
        m->Wh + row * up(4 * m->H, 8) + m->H,
        m->Wx + (at.chunk + row) * up(4 * m->H, 8) + 2 * m->H,
        m->Wh + row * up(4 * m->H, 8) + 2 * m->H,
        m->Wx + (at.chunk + row) * up(4 * m->H, 8) + 3 * m->H,
        m->Wh + row * up(4 * m->H, 8) + 3 * m->H,
        m->cs + (at.carried + row) * m->H,
        m->hs + (at.carried + row) * m->H,
      };
      element *const to[] = {
        m->cs + (at.carried + row) * m->H,
        m->hs + (at.carried + row) * m->H,
        m->h_nexts + (at.row + row) * m->H,
        m->residuals + (at.row + row) * 7 * m->H,
        m->residuals + (at.row + row) * 7 * m->H + m->H,
        m->residuals + (at.row + row) * 7 * m->H + 2 * m->H,
        m->residuals + (at.row + row) * 7 * m->H + 3 * m->H,
        m->residuals + (at.row + row) * 7 * m->H + 4 * m->H,
        m->residuals + (at.row + row) * 7 * m->H + 5 * m->H,
        m->residuals + (at.row + row) * 7 * m->H + 6 * m->H,
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
  const vector o = load_first(from[2] + j, left);
  const vector dc_next = load_first(from[3] + j, left);
  const vector tanh_h = load_first(from[4] + j, left);
  const vector i = load_first(from[5] + j, left);
  const vector g = load_first(from[6] + j, left);
  const vector c = load_first(from[7] + j, left);
  const vector f = load_first(from[8] + j, left);
  /* g_h = dh_next + dy */
  const vector g_h = dh_next + dy;
  /* dtanh_h = g_h * o */
  const vector dtanh_h = g_h * o;
  /* g_c = dc_next + dtanh_h * (1 - tanh_h * tanh_h) */
  const vector g_c = add_product(dc_next, dtanh_h, subtract_product(splat(1.0), tanh_h, tanh_h));
  /* do2 = g_h * tanh_h */
  const vector do2 = g_h * tanh_h;
  /* da_o = do2 * (o * (1 - o)) */
  const vector da_o = do2 * (o * (splat(1.0) - o));
  /* dg = g_c * i */
  const vector dg = g_c * i;
  /* da_g = dg * (1 - g * g) */
  const vector da_g = dg * subtract_product(splat(1.0), g, g);
  /* df = g_c * c */
  const vector df = g_c * c;
  /* da_f = df * (f * (1 - f)) */
  const vector da_f = df * (f * (splat(1.0) - f));
  /* di = g_c * g */
  const vector di = g_c * g;
  /* da_i = di * (i * (1 - i)) */
  const vector da_i = di * (i * (splat(1.0) - i));
  store_first(to[0] + j, g_c, left);
  store_first(to[1] + j, da_o, left);
  store_first(to[2] + j, da_o, left);
  store_first(to[3] + j, da_g, left);
  store_first(to[4] + j, da_g, left);
  store_first(to[5] + j, da_f, left);
  store_first(to[6] + j, da_f, left);
  store_first(to[7] + j, da_i, left);
  store_first(to[8] + j, da_i, left);
}

INLINE void map_7(const element *const *from, element *const *to, int64_t j, int64_t left) {
  const vector g_c = load_first(from[0] + j, left);
  const vector f = load_first(from[1] + j, left);
  /* dc = g_c * f */
  const vector dc = g_c * f;
  store_first(to[0] + j, dc, left);
}

static void steps_backwards_8(const void *memory, congruent_span at) {
  const backwards *const m = memory;
  {
    const int64_t length = m->H;
    for (int64_t row = 0; row < at.count; row++) {
      const element *const from[] = {
        m->dh_nexts + (at.carried + row) * m->H,
        m->dys + (at.row + row) * m->H,
        m->residuals + (at.row + row) * 7 * m->H + 5 * m->H,
        m->dc_nexts + (at.carried + row) * m->H,
        m->residuals + (at.row + row) * 7 * m->H + 6 * m->H,
        m->residuals + (at.row + row) * 7 * m->H + 2 * m->H,
        m->residuals + (at.row + row) * 7 * m->H + 4 * m->H,
        m->residuals + (at.row + row) * 7 * m->H + m->H,
        m->residuals + (at.row + row) * 7 * m->H + 3 * m->H,
      };
      element *const to[] = {
        m->g_cs + row * up(m->H, 8),
        m->into_dh + (at.row + row) * 4 * m->H + 3 * m->H,
        m->into_dx + (at.row + row) * 4 * m->H + 3 * m->H,
        m->into_dh + (at.row + row) * 4 * m->H + 2 * m->H,
        m->into_dx + (at.row + row) * 4 * m->H + 2 * m->H,
        m->into_dh + (at.row + row) * 4 * m->H + m->H,
        m->into_dx + (at.row + row) * 4 * m->H + m->H,
        m->into_dh + (at.row + row) * 4 * m->H,
        m->into_dx + (at.row + row) * 4 * m->H,
      };
      int64_t j = 0;
      for (; j + LANES <= length; j += LANES) map_6(from, to, j, LANES);
      if (j < length) map_6(from, to, j, length - j);
    }
  }
  /* dh = [da_i; da_f; da_g; da_o] @ [W_hi; W_hf; W_hg; W_ho] */
  congruent_product(m->V_dh, up(m->H, 8), 4 * m->H, m->into_dh + at.row * 4 * m->H, 4 * m->H, at.count, m->whole_dh, NULL, false);
  {
    const int64_t length = m->H;
    for (int64_t row = 0; row < at.count; row++) {
      const element *const from[] = {
        m->g_cs + row * up(m->H, 8),
        m->residuals + (at.row + row) * 7 * m->H + 3 * m->H,
      };
      element *const to[] = {
        m->dc_nexts + (at.carried + row) * m->H,
      };
      int64_t j = 0;
      for (; j + LANES <= length; j += LANES) map_7(from, to, j, LANES);
      if (j < length) map_7(from, to, j, length - j);
    }
  }
  congruent_copy_rows(m->dh_nexts + at.carried * m->H, m->H, m->whole_dh, up(m->H, 8), m->H, at.count);
}

static void rows_backwards_9(const void *memory, congruent_span at) {
  const backwards *const m = memory;
  /* dx = [da_i; da_f; da_g; da_o] @ [W_ii; W_if; W_ig; W_io] */
  congruent_product(m->V_dx, up(m->I, 8), 4 * m->H, m->into_dx + at.row * 4 * m->H, 4 * m->H, at.count, m->whole_dx + at.chunk * up(m->I, 8), NULL, false);
  congruent_copy_rows(m->dxs + at.row * m->I, m->I, m->whole_dx + at.chunk * up(m->I, 8), up(m->I, 8), m->I, at.count);
}

INLINE void map_10(const element *const *from, element *const *to, int64_t j, int64_t left) {
  const vector b_ii = load_first(from[0] + j, left);
  const vector b_hi = load_first(from[1] + j, left);
  const vector b_if = load_first(from[2] + j, left);
  const vector b_hf = load_first(from[3] + j, left);
  const vector b_ig = load_first(from[4] + j, left);
  const vector b_hg = load_first(from[5] + j, left);
  const vector b_io = load_first(from[6] + j, left);
  const vector b_ho = load_first(from[7] + j, left);
  /* b_i = b_ii + b_hi */
  const vector b_i = b_ii + b_hi;
  /* b_f = b_if + b_hf */
  const vector b_f = b_if + b_hf;
  /* b_g = b_ig + b_hg */
  const vector b_g = b_ig + b_hg;
  /* b_o = b_io + b_ho */
  const vector b_o = b_io + b_ho;
  store_first(to[0] + j, b_i, left);
  store_first(to[1] + j, b_f, left);
  store_first(to[2] + j, b_g, left);
  store_first(to[3] + j, b_o, left);
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
  congruent_pack(m->W_x, up(4 * m->H, 8), m->I, m->weight_ih, m->H, 0);
  congruent_pack(m->W_x, up(4 * m->H, 8), m->I, m->weight_ih + m->H * m->I, m->H, m->H);
  congruent_pack(m->W_x, up(4 * m->H, 8), m->I, m->weight_ih + 2 * m->H * m->I, m->H, 2 * m->H);
  congruent_pack(m->W_x, up(4 * m->H, 8), m->I, m->weight_ih + 3 * m->H * m->I, m->H, 3 * m->H);
  congruent_pack(m->W_h, up(4 * m->H, 8), m->H, m->weight_hh, m->H, 0);
  congruent_pack(m->W_h, up(4 * m->H, 8), m->H, m->weight_hh + m->H * m->H, m->H, m->H);
  congruent_pack(m->W_h, up(4 * m->H, 8), m->H, m->weight_hh + 2 * m->H * m->H, m->H, 2 * m->H);
  congruent_pack(m->W_h, up(4 * m->H, 8), m->H, m->weight_hh + 3 * m->H * m->H, m->H, 3 * m->H);
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
        m->bias_ih + 3 * m->H,
        m->bias_hh + 3 * m->H,
      };
      element *const to[] = {
        m->b_is,
        m->b_fs,
        m->b_gs,
        m->b_os,
      };
      int64_t j = 0;
      for (; j + LANES <= length; j += LANES) map_10(from, to, j, LANES);
      if (j < length) map_10(from, to, j, length - j);
    }
  }
  congruent_copy_rows(m->b_x, 0, m->b_is, 0, m->H, 1);
  congruent_copy_rows(m->b_x + m->H, 0, m->b_fs, 0, m->H, 1);
  congruent_copy_rows(m->b_x + 2 * m->H, 0, m->b_gs, 0, m->H, 1);
  congruent_copy_rows(m->b_x + 3 * m->H, 0, m->b_os, 0, m->H, 1);
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
  congruent_pack_transposed(m->V_dh, up(m->H, 8), 4 * m->H, m->weight_hh, m->H, m->H, m->H, 0);
  congruent_pack_transposed(m->V_dh, up(m->H, 8), 4 * m->H, m->weight_hh + m->H * m->H, m->H, m->H, m->H, m->H);
  congruent_pack_transposed(m->V_dh, up(m->H, 8), 4 * m->H, m->weight_hh + 2 * m->H * m->H, m->H, m->H, m->H, 2 * m->H);
  congruent_pack_transposed(m->V_dh, up(m->H, 8), 4 * m->H, m->weight_hh + 3 * m->H * m->H, m->H, m->H, m->H, 3 * m->H);
  congruent_pack_transposed(m->V_dx, up(m->I, 8), 4 * m->H, m->weight_ih, m->I, m->H, m->I, 0);
  congruent_pack_transposed(m->V_dx, up(m->I, 8), 4 * m->H, m->weight_ih + m->H * m->I, m->I, m->H, m->I, m->H);
  congruent_pack_transposed(m->V_dx, up(m->I, 8), 4 * m->H, m->weight_ih + 2 * m->H * m->I, m->I, m->H, m->I, 2 * m->H);
  congruent_pack_transposed(m->V_dx, up(m->I, 8), 4 * m->H, m->weight_ih + 3 * m->H * m->I, m->I, m->H, m->I, 3 * m->H);
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
  memory.residuals = operands[4];
  congruent_sequence(loops, sizeof loops / sizeof *loops, &memory, rows, rows.reverse);
}

static void pull_back(const int64_t *sizes, const void *weights, congruent_scratch scratch, congruent_rows rows, void *const *operands) {
  static const congruent_loop loops[] = {{NULL, steps_backwards_8}, {rows_backwards_9, NULL}};
  backwards memory;
  backwards_memory(&memory, sizes, weights, scratch, rows.rows, share_of(rows.batch_sizes[0], rows), operands);
  memory.residuals = operands[9];
  congruent_sequence(loops, sizeof loops / sizeof *loops, &memory, rows, !rows.reverse);
}

static void sum_gradients(const int64_t *sizes, const void *weights, congruent_scratch scratch, congruent_rows all, void *const *operands, int32_t share, int32_t shares) {
  backwards memory, *const m = &memory;
  const int64_t rows = all.rows;
  const congruent_span at = {0, 0, 0, rows};
  backwards_memory(m, sizes, weights, scratch, rows, 0, operands);
  memory.residuals = operands[9];
  (void)at;
  { /* [dW_ii; dW_if; dW_ig; dW_io] = outer([da_i; da_f; da_g; da_o], x), summed */
    const congruent_sum sums[] = {
      {m->into_dh + at.row * 4 * m->H, 4 * m->H, m->H, m->dweight_ih},
      {m->into_dh + at.row * 4 * m->H + m->H, 4 * m->H, m->H, m->dweight_ih + m->H * m->I},
      {m->into_dh + at.row * 4 * m->H + 2 * m->H, 4 * m->H, m->H, m->dweight_ih + 2 * m->H * m->I},
      {m->into_dh + at.row * 4 * m->H + 3 * m->H, 4 * m->H, m->H, m->dweight_ih + 3 * m->H * m->I},
    };
    congruent_sum_outer(sums, 4, m->xs + at.row * m->I, m->I, m->I, rows, m->sum_workspace, share, shares);
  }
  { /* [dW_hi; dW_hf; dW_hg; dW_ho] = outer([da_i; da_f; da_g; da_o], h), summed */
    const congruent_sum sums[] = {
      {m->into_dh + at.row * 4 * m->H, 4 * m->H, m->H, m->dweight_hh},
      {m->into_dh + at.row * 4 * m->H + m->H, 4 * m->H, m->H, m->dweight_hh + m->H * m->H},
      {m->into_dh + at.row * 4 * m->H + 2 * m->H, 4 * m->H, m->H, m->dweight_hh + 2 * m->H * m->H},
      {m->into_dh + at.row * 4 * m->H + 3 * m->H, 4 * m->H, m->H, m->dweight_hh + 3 * m->H * m->H},
    };
    congruent_sum_outer(sums, 4, m->residuals + at.row * 7 * m->H, 7 * m->H, m->H, rows, m->sum_workspace, share, shares);
  }
  if (share > 0) return;
  { /* [db_i; db_f; db_g; db_o] = [da_i; da_f; da_g; da_o], summed */
    const congruent_sum sums[] = {
      {m->into_dh + at.row * 4 * m->H, 4 * m->H, m->H, m->dbias_ih},
      {m->into_dh + at.row * 4 * m->H + m->H, 4 * m->H, m->H, m->dbias_ih + m->H},
      {m->into_dh + at.row * 4 * m->H + 2 * m->H, 4 * m->H, m->H, m->dbias_ih + 2 * m->H},
      {m->into_dh + at.row * 4 * m->H + 3 * m->H, 4 * m->H, m->H, m->dbias_ih + 3 * m->H},
    };
    congruent_sum_rows(sums, 4, rows, 0, 1);
  }
  congruent_copy_rows(m->dbias_hh, 0, m->dbias_ih, 0, m->H, 1);
  congruent_copy_rows(m->dbias_hh + m->H, 0, m->dbias_ih + m->H, 0, m->H, 1);
  congruent_copy_rows(m->dbias_hh + 2 * m->H, 0, m->dbias_ih + 2 * m->H, 0, m->H, 1);
  congruent_copy_rows(m->dbias_hh + 3 * m->H, 0, m->dbias_ih + 3 * m->H, 0, m->H, 1);
}

static int64_t residuals(const int64_t *sizes) {
  forwards memory, *const m = &memory;
  forwards_sizes(m, sizes);
  return 7 * m->H;
}

const congruent_kernels CONGRUENT_KERNELS(lstm, float64) = {
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
