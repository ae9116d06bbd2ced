// Generated from packages/spec/src/cells/lstm.ts by packages/gpujs/codegen. Do not edit.
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

import type { GpuBackward, GpuKernels, GpuPass } from '@congruent/gpujs/define';
import { concatenate, interleave, stack } from '@congruent/gpujs/define';

type Dimension = 'I' | 'H';

/** The functions that kernels call. */
const functions: readonly string[] = [
  // sigmoid(x) of the specification, within 1.5 ulp where + - * / are rounded as IEEE says.
  `
    function spec_sigmoid(x) {
      const y = Math.abs(x);
      const v = y > 104 ? 104 : y; // e^-v rounds to 0 there; NaN passes
      const k = Math.floor(0.5 - v * 1.4426950216293335);
      const t = v + k * 0.693145751953125 + k * 0.000001428606765330187; // v = t - k ln 2, |t| ≤ ln 2 / 2
      const q = pow2(k + 64) * 5.421010862427522e-20; // 2^k, which may be subnormal
      const z = t * t;
      const r = q + (t + z * ((0.0013882514322176576 * z + (0.008366547524929047 * t + 0.04166720062494278)) * z + (0.1666654348373413 * t + 0.4999999701976776))); // 2^k + e^t - 1
      const d = 1 + r;
      const c = 1 / d;
      const g = q * c;
      const w = g - g * (c * (r - (d - 1))); // sigmoid(-|x|)
      const m = 1 - w;
      const n = x + 0.5; // below w for x < 0, above 1 - w for x > 0
      const u = n < m ? n : m;
      const s = w < u ? u : w;
      return Math.fround(s);
    }
  `,
  // tanh(x) of the specification, within 1.5 ulp where + - * / are rounded as IEEE says.
  `
    function spec_tanh(x) {
      const y = Math.abs(x);
      const v = y > 10 ? 10 : y; // 1 - tanh v rounds to 0 there; NaN passes
      const k = Math.floor(0.5 - v * 2.885390043258667);
      const t = v + k * 0.3465735912322998; // 2 v = 2 t - k ln 2, |t| ≤ ln 2 / 4
      const z = t * t;
      const p = t + z * ((0.04442404583096504 * z + (0.13386476039886475 * t + 0.33333760499954224)) * z + (0.6666617393493652 * t + 0.9999999403953552)); // (e^2t - 1) / 2
      const q = pow2(k);
      const w = 1 - q / (0.5 * q + 0.5 + p); // tanh v
      const g = x < w ? x : w; // x is beyond w, or -w, where w is the result
      const b = -w < g ? g : -w;
      const f = x * x;
      const m = x * (1 + f * ((((-0.006047165021300316 * f + 0.020912306383252144) * f + -0.05381417274475098) * f + 0.1333223134279251) * f + -0.3333330750465393)); // ±0 are themselves
      const u = y < 0.5799999833106995 ? m : b;
      return Math.fround(u);
    }
  `,
];

/** The forward pass. */
const forward: GpuPass<Dimension> = {
  prepare(parameters, { I, H }) {
    const weight_ih = parameters['weight_ih'] as Float32Array;
    const weight_hh = parameters['weight_hh'] as Float32Array;
    const bias_ih = parameters['bias_ih'] as Float32Array;
    const bias_hh = parameters['bias_hh'] as Float32Array;
    const b_is = new Float32Array(H);
    const b_fs = new Float32Array(H);
    const b_gs = new Float32Array(H);
    const b_os = new Float32Array(H);
    const W_x = new Float32Array(4 * H * I);
    const b_x = new Float32Array(4 * H);
    const W_h = new Float32Array(3 * H * H);
    const W_h2 = new Float32Array(H * H);
    const W_h3 = new Float32Array(4 * H * H);
    interleave(W_x, I, [weight_ih.subarray(0, H * I), weight_ih.subarray(H * I, 2 * H * I), weight_ih.subarray(2 * H * I, 3 * H * I), weight_ih.subarray(3 * H * I, 4 * H * I)]);
    interleave(W_h, H, [weight_hh.subarray(0, H * H), weight_hh.subarray(H * H, 2 * H * H), weight_hh.subarray(2 * H * H, 3 * H * H)]);
    interleave(W_h2, H, [weight_hh.subarray(3 * H * H, 4 * H * H)]);
    interleave(W_h3, H, [weight_hh.subarray(0, H * H), weight_hh.subarray(H * H, 2 * H * H), weight_hh.subarray(2 * H * H, 3 * H * H), weight_hh.subarray(3 * H * H, 4 * H * H)]);
    for (let j = 0; j < H; j++) {
      const b_ii = bias_ih[j]!;
      const b_hi = bias_hh[j]!;
      const b_if = bias_ih[j + H]!;
      const b_hf = bias_hh[j + H]!;
      const b_ig = bias_ih[j + 2 * H]!;
      const b_hg = bias_hh[j + 2 * H]!;
      const b_io = bias_ih[j + 3 * H]!;
      const b_ho = bias_hh[j + 3 * H]!;
      const b_i = Math.fround(b_ii + b_hi);
      const b_f = Math.fround(b_if + b_hf);
      const b_g = Math.fround(b_ig + b_hg);
      const b_o = Math.fround(b_io + b_ho);
      b_is[j] = b_i;
      b_fs[j] = b_f;
      b_gs[j] = b_g;
      b_os[j] = b_o;
    }
    b_x.set(b_is);
    b_x.set(b_fs, H);
    b_x.set(b_gs, 2 * H);
    b_x.set(b_os, 3 * H);
    return {
      b_is: { data: b_is, width: H },
      b_fs: { data: b_fs, width: H },
      b_gs: { data: b_gs, width: H },
      b_os: { data: b_os, width: H },
      W_x: { data: W_x, width: 4 * H },
      b_x: { data: b_x, width: 4 * H },
      W_h: { data: W_h, width: 3 * H },
      W_h2: { data: W_h2, width: H },
      W_h3: { data: W_h3, width: 4 * H },
      constants: { data: concatenate([b_x]), width: 4 * H },
    };
  },
  inputs: ['xs'],
  carries: ['hs', 'cs'],
  outputs: ['h_nexts'],
  recorded: ['each_hs', 'each_cs', 'residuals'],
  phases: [
    {
      kind: 'rows',
      read: ['xs'],
      kept: ['Wx'],
      kernels: [
        // [x_i; x_f; x_g; x_o] = [W_ii; W_if; W_ig; W_io] @ x + [b_i; b_f; b_g; b_o]
        {
          result: 'Wx',
          width: ({ H }) => 4 * H,
          planes: ['xs', 'W_x', 'constants'],
          dimensions: ['I'],
          numbers: [],
          source: `
            function Wx(xs, W_x, constants, I) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              let sum = 0;
              for (let start = 0; start < I; start += 64) {
                let part_sum = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= I) break;
                  part_sum += W_x[start + k][j] * xs[row][start + k];
                }
                sum += part_sum;
              }
              return sum + constants[0][j];
            }
          `,
        },
      ],
    },
    {
      kind: 'steps',
      read: ['Wx'],
      kept: ['h_nexts'],
      carried: [{ name: 'hs', next: 'h_nexts' }, { name: 'cs', next: 'c_nexts' }],
      each: [{ name: 'hs', rows: 'each_hs', records: true }, { name: 'cs', rows: 'each_cs', records: true }],
      kernels: [
        // i = sigmoid(x_i + h_i); f = sigmoid(x_f + h_f); g = tanh(x_g + h_g); c_next = f * c + i * g
        {
          result: 'c_nexts',
          width: ({ H }) => H,
          planes: ['cs', 'hs', 'W_h', 'Wx'],
          dimensions: ['H'],
          numbers: ['batch', 'first'],
          source: `
            function c_nexts(cs, hs, W_h, Wx, H, batch, first) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              if (row >= batch) return cs[row][j]; // this row's sequence has ended
              // [h_i; h_f; h_g] = [W_hi; W_hf; W_hg] @ h
              let h_i = 0;
              let h_f = 0;
              let h_g = 0;
              for (let start = 0; start < H; start += 64) {
                let part_h_i = 0;
                let part_h_f = 0;
                let part_h_g = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= H) break;
                  const element_W_h = hs[row][start + k];
                  part_h_i += W_h[start + k][j] * element_W_h;
                  part_h_f += W_h[start + k][j + H] * element_W_h;
                  part_h_g += W_h[start + k][j + 2 * H] * element_W_h;
                }
                h_i += part_h_i;
                h_f += part_h_f;
                h_g += part_h_g;
              }
              const x_i = Wx[first + row][j];
              const x_f = Wx[first + row][j + H];
              const x_g = Wx[first + row][j + 2 * H];
              const c = cs[row][j];
              const i = spec_sigmoid(x_i + h_i); // input gate
              const f = spec_sigmoid(x_f + h_f); // forget gate
              const g = spec_tanh(x_g + h_g); // cell gate
              const c_next = f * c + i * g; // next cell state
              return c_next;
            }
          `,
        },
        // o = sigmoid(x_o + h_o); tanh_h = tanh(c_next); h_next = o * tanh_h
        {
          result: 'h_nexts',
          width: ({ H }) => H,
          planes: ['hs', 'W_h2', 'Wx', 'c_nexts'],
          dimensions: ['H'],
          numbers: ['batch', 'first'],
          source: `
            function h_nexts(hs, W_h2, Wx, c_nexts, H, batch, first) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              if (row >= batch) return hs[row][j]; // this row's sequence has ended
              // h_o = W_ho @ h
              let h_o = 0;
              for (let start = 0; start < H; start += 64) {
                let part_h_o = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= H) break;
                  part_h_o += W_h2[start + k][j] * hs[row][start + k];
                }
                h_o += part_h_o;
              }
              const x_o = Wx[first + row][j + 3 * H];
              const c_next = c_nexts[row][j];
              const o = spec_sigmoid(x_o + h_o); // output gate
              const tanh_h = spec_tanh(c_next);
              const h_next = o * tanh_h; // next hidden state
              return h_next;
            }
          `,
        },
      ],
    },
    {
      kind: 'rows',
      records: true,
      read: ['each_hs', 'Wx', 'each_cs'],
      kept: ['residuals'],
      kernels: [
        // [h_i; h_f; h_g; h_o] = [W_hi; W_hf; W_hg; W_ho] @ h
        {
          result: 'Wh',
          width: ({ H }) => 4 * H,
          planes: ['each_hs', 'W_h3'],
          dimensions: ['H'],
          numbers: [],
          source: `
            function Wh(each_hs, W_h3, H) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              let sum = 0;
              for (let start = 0; start < H; start += 64) {
                let part_sum = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= H) break;
                  part_sum += W_h3[start + k][j] * each_hs[row][start + k];
                }
                sum += part_sum;
              }
              return sum;
            }
          `,
        },
        // i = sigmoid(x_i + h_i); f = sigmoid(x_f + h_f); g = tanh(x_g + h_g); o = sigmoid(x_o + h_o); c_next = f * c + i * g; tanh_h = tanh(c_next)
        {
          result: 'residuals',
          width: ({ H }) => 5 * H,
          planes: ['Wx', 'Wh', 'each_cs'],
          dimensions: ['H'],
          numbers: [],
          source: `
            function residuals(Wx, Wh, each_cs, H) {
              let j = this.thread.x; // in its part of the row
              if (j >= H) j = j - H;
              if (j >= H) j = j - H;
              if (j >= H) j = j - H;
              if (j >= H) j = j - H;
              const row = this.thread.y + this.thread.z * this.output.y;
              const x_i = Wx[row][j];
              const h_i = Wh[row][j];
              const x_f = Wx[row][j + H];
              const h_f = Wh[row][j + H];
              const x_g = Wx[row][j + 2 * H];
              const h_g = Wh[row][j + 2 * H];
              const x_o = Wx[row][j + 3 * H];
              const h_o = Wh[row][j + 3 * H];
              const c = each_cs[row][j];
              const i = spec_sigmoid(x_i + h_i); // input gate
              const f = spec_sigmoid(x_f + h_f); // forget gate
              const g = spec_tanh(x_g + h_g); // cell gate
              const o = spec_sigmoid(x_o + h_o); // output gate
              const c_next = f * c + i * g; // next cell state
              const tanh_h = spec_tanh(c_next);
              if (this.thread.x < H) return i;
              if (this.thread.x < 2 * H) return f;
              if (this.thread.x < 3 * H) return g;
              if (this.thread.x < 4 * H) return o;
              return tanh_h;
            }
          `,
        },
      ],
    },
  ],
};

/** The backward pass. */
const backward: GpuBackward<Dimension> = {
  prepare(parameters, { I, H }) {
    const weight_ih = parameters['weight_ih'] as Float32Array;
    const weight_hh = parameters['weight_hh'] as Float32Array;
    const V_dh = new Float32Array(4 * H * H);
    const V_dx = new Float32Array(4 * H * I);
    stack(V_dh, [weight_hh.subarray(0, H * H), weight_hh.subarray(H * H, 2 * H * H), weight_hh.subarray(2 * H * H, 3 * H * H), weight_hh.subarray(3 * H * H, 4 * H * H)]);
    stack(V_dx, [weight_ih.subarray(0, H * I), weight_ih.subarray(H * I, 2 * H * I), weight_ih.subarray(2 * H * I, 3 * H * I), weight_ih.subarray(3 * H * I, 4 * H * I)]);
    return {
      V_dh: { data: V_dh, width: H },
      V_dx: { data: V_dx, width: I },
      constants: { data: concatenate([]), width: 0 },
    };
  },
  inputs: ['xs', 'dys'],
  carries: ['dh_nexts', 'dc_nexts'],
  outputs: ['dxs'],
  recorded: ['each_hs', 'each_cs', 'residuals'],
  phases: [
    {
      kind: 'steps',
      read: ['dys', 'residuals', 'each_cs'],
      kept: ['adjoints'],
      carried: [{ name: 'dh_nexts', next: 'dhs' }, { name: 'dc_nexts', next: 'dcs' }],
      each: [],
      kernels: [
        // g_h = dh_next + dy; dtanh_h = g_h * o; g_c = dc_next + dtanh_h * (1 - tanh_h * tanh_h); do2 = g_h * tanh_h; da_o = do2 * (o * (1 - o)); dg = g_c * i; da_g = dg * (1 - g * g); df = g_c * c; da_f = df * (f * (1 - f)); di = g_c * g; da_i = di * (i * (1 - i))
        {
          result: 'adjoints',
          width: ({ H }) => 4 * H,
          planes: ['dh_nexts', 'dys', 'residuals', 'dc_nexts', 'each_cs'],
          dimensions: ['H'],
          numbers: ['batch', 'first'],
          source: `
            function adjoints(dh_nexts, dys, residuals, dc_nexts, each_cs, H, batch, first) {
              let j = this.thread.x; // in its part of the row
              if (j >= H) j = j - H;
              if (j >= H) j = j - H;
              if (j >= H) j = j - H;
              const row = this.thread.y + this.thread.z * this.output.y;
              if (row >= batch) return 0; // this row's sequence has ended
              const dh_next = dh_nexts[row][j];
              const dy = dys[first + row][j];
              const o = residuals[first + row][j + 3 * H];
              const dc_next = dc_nexts[row][j];
              const tanh_h = residuals[first + row][j + 4 * H];
              const i = residuals[first + row][j];
              const g = residuals[first + row][j + 2 * H];
              const c = each_cs[first + row][j];
              const f = residuals[first + row][j + H];
              const g_h = dh_next + dy;
              const dtanh_h = g_h * o;
              const g_c = dc_next + dtanh_h * (1 - tanh_h * tanh_h);
              const do2 = g_h * tanh_h;
              const da_o = do2 * (o * (1 - o));
              const dg = g_c * i;
              const da_g = dg * (1 - g * g);
              const df = g_c * c;
              const da_f = df * (f * (1 - f));
              const di = g_c * g;
              const da_i = di * (i * (1 - i));
              if (this.thread.x < H) return da_i;
              if (this.thread.x < 2 * H) return da_f;
              if (this.thread.x < 3 * H) return da_g;
              return da_o;
            }
          `,
        },
        // dh = [da_i; da_f; da_g; da_o] @ [W_hi; W_hf; W_hg; W_ho]
        {
          result: 'dhs',
          width: ({ H }) => H,
          planes: ['dh_nexts', 'adjoints', 'V_dh'],
          dimensions: ['H'],
          numbers: ['batch'],
          source: `
            function dhs(dh_nexts, adjoints, V_dh, H, batch) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              if (row >= batch) return dh_nexts[row][j]; // this row's sequence has ended
              let sum = 0;
              for (let start = 0; start < 4 * H; start += 64) {
                let part_sum = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= 4 * H) break;
                  part_sum += V_dh[start + k][j] * adjoints[row][start + k];
                }
                sum += part_sum;
              }
              return sum;
            }
          `,
        },
        // g_h = dh_next + dy; dtanh_h = g_h * o; g_c = dc_next + dtanh_h * (1 - tanh_h * tanh_h); dc = g_c * f
        {
          result: 'dcs',
          width: ({ H }) => H,
          planes: ['dc_nexts', 'dh_nexts', 'dys', 'residuals'],
          dimensions: ['H'],
          numbers: ['batch', 'first'],
          source: `
            function dcs(dc_nexts, dh_nexts, dys, residuals, H, batch, first) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              if (row >= batch) return dc_nexts[row][j]; // this row's sequence has ended
              const dh_next = dh_nexts[row][j];
              const dy = dys[first + row][j];
              const o = residuals[first + row][j + 3 * H];
              const dc_next = dc_nexts[row][j];
              const tanh_h = residuals[first + row][j + 4 * H];
              const f = residuals[first + row][j + H];
              const g_h = dh_next + dy;
              const dtanh_h = g_h * o;
              const g_c = dc_next + dtanh_h * (1 - tanh_h * tanh_h);
              const dc = g_c * f;
              return dc;
            }
          `,
        },
      ],
    },
    {
      kind: 'rows',
      read: ['adjoints'],
      kept: ['dxs'],
      kernels: [
        // dx = [da_i; da_f; da_g; da_o] @ [W_ii; W_if; W_ig; W_io]
        {
          result: 'dxs',
          width: ({ I }) => I,
          planes: ['adjoints', 'V_dx'],
          dimensions: ['H'],
          numbers: [],
          source: `
            function dxs(adjoints, V_dx, H) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              let sum = 0;
              for (let start = 0; start < 4 * H; start += 64) {
                let part_sum = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= 4 * H) break;
                  part_sum += V_dx[start + k][j] * adjoints[row][start + k];
                }
                sum += part_sum;
              }
              return sum;
            }
          `,
        },
      ],
    },
  ],
  sumBlock: 64,
  sums: [
    // [db_i; db_f; db_g; db_o] = [da_i; da_f; da_g; da_o]
    {
      result: 'sums',
      width: ({ H }) => 4 * H,
      height: () => 1,
      planes: ['adjoints'],
      dimensions: [],
      numbers: ['rows'],
      source: `
        function sums(adjoints, rows) {
          const j = this.thread.x;
          const row = this.thread.y + this.thread.z * this.output.y;
          let sum = 0;
          for (let start = 0; start < rows; start += 64) {
            let part_sum = 0;
            for (let k = 0; k < 64; k++) {
              if (start + k >= rows) break;
              part_sum += adjoints[start + k][j];
            }
            sum += part_sum;
          }
          return sum;
        }
      `,
    },
    // [dW_ii; dW_if; dW_ig; dW_io] = outer([da_i; da_f; da_g; da_o], x)
    {
      result: 'sums2',
      width: ({ I }) => I,
      height: ({ H }) => 4 * H,
      planes: ['adjoints', 'xs'],
      dimensions: [],
      numbers: ['rows'],
      source: `
        function sums2(adjoints, xs, rows) {
          const j = this.thread.x;
          const row = this.thread.y + this.thread.z * this.output.y;
          let sum = 0;
          for (let start = 0; start < rows; start += 64) {
            let part_sum = 0;
            for (let k = 0; k < 64; k++) {
              if (start + k >= rows) break;
              part_sum += adjoints[start + k][row] * xs[start + k][j];
            }
            sum += part_sum;
          }
          return sum;
        }
      `,
    },
    // [dW_hi; dW_hf; dW_hg; dW_ho] = outer([da_i; da_f; da_g; da_o], h)
    {
      result: 'sums3',
      width: ({ H }) => H,
      height: ({ H }) => 4 * H,
      planes: ['adjoints', 'each_hs'],
      dimensions: [],
      numbers: ['rows'],
      source: `
        function sums3(adjoints, each_hs, rows) {
          const j = this.thread.x;
          const row = this.thread.y + this.thread.z * this.output.y;
          let sum = 0;
          for (let start = 0; start < rows; start += 64) {
            let part_sum = 0;
            for (let k = 0; k < 64; k++) {
              if (start + k >= rows) break;
              part_sum += adjoints[start + k][row] * each_hs[start + k][j];
            }
            sum += part_sum;
          }
          return sum;
        }
      `,
    },
  ],
  gradients(sums, _weights, { I, H }) {
    const dweight_ih = new Float32Array(4 * H * I);
    const dweight_hh = new Float32Array(4 * H * H);
    const dbias_ih = new Float32Array(4 * H);
    const dbias_hh = new Float32Array(4 * H);
    dbias_ih.set(sums['sums']!.subarray(0, H));
    dbias_ih.set(sums['sums']!.subarray(H, 2 * H), H);
    dbias_ih.set(sums['sums']!.subarray(2 * H, 3 * H), 2 * H);
    dbias_ih.set(sums['sums']!.subarray(3 * H, 4 * H), 3 * H);
    dweight_ih.set(sums['sums2']!.subarray(0, H * I));
    dweight_ih.set(sums['sums2']!.subarray(H * I, 2 * H * I), H * I);
    dweight_ih.set(sums['sums2']!.subarray(2 * H * I, 3 * H * I), 2 * H * I);
    dweight_ih.set(sums['sums2']!.subarray(3 * H * I, 4 * H * I), 3 * H * I);
    dweight_hh.set(sums['sums3']!.subarray(0, H * H));
    dweight_hh.set(sums['sums3']!.subarray(H * H, 2 * H * H), H * H);
    dweight_hh.set(sums['sums3']!.subarray(2 * H * H, 3 * H * H), 2 * H * H);
    dweight_hh.set(sums['sums3']!.subarray(3 * H * H, 4 * H * H), 3 * H * H);
    dbias_hh.set(dbias_ih.subarray(0, H));
    dbias_hh.set(dbias_ih.subarray(H, 2 * H), H);
    dbias_hh.set(dbias_ih.subarray(2 * H, 3 * H), 2 * H);
    dbias_hh.set(dbias_ih.subarray(3 * H, 4 * H), 3 * H);
    return {
      'weight_ih': dweight_ih,
      'weight_hh': dweight_hh,
      'bias_ih': dbias_ih,
      'bias_hh': dbias_hh,
    };
  },
};

/** The kernels. */
export const kernels: GpuKernels = { functions, forward, backward };
