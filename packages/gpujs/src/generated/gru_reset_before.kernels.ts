// Generated from packages/spec/src/cells/gru_reset_before.ts by packages/gpujs/codegen. Do not edit.
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
    const b_rs = new Float32Array(H);
    const b_zs = new Float32Array(H);
    const b_ns = new Float32Array(H);
    const W_x = new Float32Array(3 * H * I);
    const b_x = new Float32Array(3 * H);
    const W_h = new Float32Array(H * H);
    const W_h2 = new Float32Array(H * H);
    const W_v = new Float32Array(H * H);
    const W_h3 = new Float32Array(2 * H * H);
    interleave(W_x, I, [weight_ih.subarray(0, H * I), weight_ih.subarray(H * I, 2 * H * I), weight_ih.subarray(2 * H * I, 3 * H * I)]);
    interleave(W_h, H, [weight_hh.subarray(0, H * H)]);
    interleave(W_h2, H, [weight_hh.subarray(H * H, 2 * H * H)]);
    interleave(W_v, H, [weight_hh.subarray(2 * H * H, 3 * H * H)]);
    interleave(W_h3, H, [weight_hh.subarray(0, H * H), weight_hh.subarray(H * H, 2 * H * H)]);
    for (let j = 0; j < H; j++) {
      const b_ir = bias_ih[j]!;
      const b_hr = bias_hh[j]!;
      const b_iz = bias_ih[j + H]!;
      const b_hz = bias_hh[j + H]!;
      const b_in = bias_ih[j + 2 * H]!;
      const b_hn = bias_hh[j + 2 * H]!;
      const b_r = Math.fround(b_ir + b_hr);
      const b_z = Math.fround(b_iz + b_hz);
      const b_n = Math.fround(b_in + b_hn);
      b_rs[j] = b_r;
      b_zs[j] = b_z;
      b_ns[j] = b_n;
    }
    b_x.set(b_rs);
    b_x.set(b_zs, H);
    b_x.set(b_ns, 2 * H);
    return {
      b_rs: { data: b_rs, width: H },
      b_zs: { data: b_zs, width: H },
      b_ns: { data: b_ns, width: H },
      W_x: { data: W_x, width: 3 * H },
      b_x: { data: b_x, width: 3 * H },
      W_h: { data: W_h, width: H },
      W_h2: { data: W_h2, width: H },
      W_v: { data: W_v, width: H },
      W_h3: { data: W_h3, width: 2 * H },
      constants: { data: concatenate([b_x]), width: 3 * H },
    };
  },
  inputs: ['xs'],
  carries: ['hs'],
  outputs: ['h_nexts'],
  recorded: ['each_hs', 'residuals', 'residuals2'],
  phases: [
    {
      kind: 'rows',
      read: ['xs'],
      kept: ['Wx'],
      kernels: [
        // [x_r; x_z; x_n] = [W_ir; W_iz; W_in] @ x + [b_r; b_z; b_n]
        {
          result: 'Wx',
          width: ({ H }) => 3 * H,
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
      carried: [{ name: 'hs', next: 'h_nexts' }],
      each: [{ name: 'hs', rows: 'each_hs', records: true }],
      kernels: [
        // r = sigmoid(x_r + h_r); v = r * h
        {
          result: 'vs',
          width: ({ H }) => H,
          planes: ['hs', 'W_h', 'Wx'],
          dimensions: ['H'],
          numbers: ['batch', 'first'],
          source: `
            function vs(hs, W_h, Wx, H, batch, first) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              if (row >= batch) return 0; // this row's sequence has ended
              // h_r = W_hr @ h
              let h_r = 0;
              for (let start = 0; start < H; start += 64) {
                let part_h_r = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= H) break;
                  part_h_r += W_h[start + k][j] * hs[row][start + k];
                }
                h_r += part_h_r;
              }
              const x_r = Wx[first + row][j];
              const h = hs[row][j];
              const r = spec_sigmoid(x_r + h_r); // reset gate
              const v = r * h;
              return v;
            }
          `,
        },
        // z = sigmoid(x_z + h_z); n = tanh(x_n + v_n); h_next = (1 - z) * n + z * h
        {
          result: 'h_nexts',
          width: ({ H }) => H,
          planes: ['hs', 'W_h2', 'vs', 'W_v', 'Wx'],
          dimensions: ['H'],
          numbers: ['batch', 'first'],
          source: `
            function h_nexts(hs, W_h2, vs, W_v, Wx, H, batch, first) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              if (row >= batch) return hs[row][j]; // this row's sequence has ended
              // h_z = W_hz @ h
              let h_z = 0;
              for (let start = 0; start < H; start += 64) {
                let part_h_z = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= H) break;
                  part_h_z += W_h2[start + k][j] * hs[row][start + k];
                }
                h_z += part_h_z;
              }
              // v_n = W_hn @ v
              let v_n = 0;
              for (let start2 = 0; start2 < H; start2 += 64) {
                let part_v_n = 0;
                for (let k2 = 0; k2 < 64; k2++) {
                  if (start2 + k2 >= H) break;
                  part_v_n += W_v[start2 + k2][j] * vs[row][start2 + k2];
                }
                v_n += part_v_n;
              }
              const x_z = Wx[first + row][j + H];
              const x_n = Wx[first + row][j + 2 * H];
              const h = hs[row][j];
              const z = spec_sigmoid(x_z + h_z); // update gate
              const n = spec_tanh(x_n + v_n); // candidate
              const h_next = (1 - z) * n + z * h; // next state
              return h_next;
            }
          `,
        },
      ],
    },
    {
      kind: 'rows',
      records: true,
      read: ['each_hs', 'Wx'],
      kept: ['residuals', 'residuals2'],
      kernels: [
        // [h_r; h_z] = [W_hr; W_hz] @ h
        {
          result: 'Wh',
          width: ({ H }) => 2 * H,
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
        // r = sigmoid(x_r + h_r); v = r * h; z = sigmoid(x_z + h_z)
        {
          result: 'residuals',
          width: ({ H }) => 3 * H,
          planes: ['Wx', 'Wh', 'each_hs'],
          dimensions: ['H'],
          numbers: [],
          source: `
            function residuals(Wx, Wh, each_hs, H) {
              let j = this.thread.x; // in its part of the row
              if (j >= H) j = j - H;
              if (j >= H) j = j - H;
              const row = this.thread.y + this.thread.z * this.output.y;
              const x_r = Wx[row][j];
              const h_r = Wh[row][j];
              const h = each_hs[row][j];
              const x_z = Wx[row][j + H];
              const h_z = Wh[row][j + H];
              const r = spec_sigmoid(x_r + h_r); // reset gate
              const v = r * h;
              const z = spec_sigmoid(x_z + h_z); // update gate
              if (this.thread.x < H) return v;
              if (this.thread.x < 2 * H) return r;
              return z;
            }
          `,
        },
        // n = tanh(x_n + v_n)
        {
          result: 'residuals2',
          width: ({ H }) => H,
          planes: ['residuals', 'W_v', 'Wx'],
          dimensions: ['H'],
          numbers: [],
          source: `
            function residuals2(residuals, W_v, Wx, H) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              // v_n = W_hn @ v
              let v_n = 0;
              for (let start = 0; start < H; start += 64) {
                let part_v_n = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= H) break;
                  part_v_n += W_v[start + k][j] * residuals[row][start + k];
                }
                v_n += part_v_n;
              }
              const x_n = Wx[row][j + 2 * H];
              const n = spec_tanh(x_n + v_n); // candidate
              return n;
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
    const V_dv = new Float32Array(H * H);
    const V_p_h = new Float32Array(2 * H * H);
    const V_dx = new Float32Array(3 * H * I);
    stack(V_dv, [weight_hh.subarray(2 * H * H, 3 * H * H)]);
    stack(V_p_h, [weight_hh.subarray(0, H * H), weight_hh.subarray(H * H, 2 * H * H)]);
    stack(V_dx, [weight_ih.subarray(0, H * I), weight_ih.subarray(H * I, 2 * H * I), weight_ih.subarray(2 * H * I, 3 * H * I)]);
    return {
      V_dv: { data: V_dv, width: H },
      V_p_h: { data: V_p_h, width: H },
      V_dx: { data: V_dx, width: I },
      constants: { data: concatenate([]), width: 0 },
    };
  },
  inputs: ['xs', 'dys'],
  carries: ['dh_nexts'],
  outputs: ['dxs'],
  recorded: ['each_hs', 'residuals', 'residuals2'],
  phases: [
    {
      kind: 'rows',
      read: ['residuals', 'each_hs'],
      kept: ['vs'],
      kernels: [
        // v = r * h
        {
          result: 'vs',
          width: ({ H }) => H,
          planes: ['residuals', 'each_hs'],
          dimensions: ['H'],
          numbers: [],
          source: `
            function vs(residuals, each_hs, H) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              const r = residuals[row][j + H];
              const h = each_hs[row][j];
              const v = r * h;
              return v;
            }
          `,
        },
      ],
    },
    {
      kind: 'steps',
      read: ['dys', 'residuals', 'residuals2', 'each_hs'],
      kept: ['da_ns', 'adjoints'],
      carried: [{ name: 'dh_nexts', next: 'dhs' }],
      each: [],
      kernels: [
        // g_h = dh_next + dy; dn = g_h * (1 - z); da_n = dn * (1 - n * n)
        {
          result: 'da_ns',
          width: ({ H }) => H,
          planes: ['dh_nexts', 'dys', 'residuals', 'residuals2'],
          dimensions: ['H'],
          numbers: ['batch', 'first'],
          source: `
            function da_ns(dh_nexts, dys, residuals, residuals2, H, batch, first) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              if (row >= batch) return 0; // this row's sequence has ended
              const dh_next = dh_nexts[row][j];
              const dy = dys[first + row][j];
              const z = residuals[first + row][j + 2 * H];
              const n = residuals2[first + row][j];
              const g_h = dh_next + dy;
              const dn = g_h * (1 - z);
              const da_n = dn * (1 - n * n);
              return da_n;
            }
          `,
        },
        // dv = da_n @ W_hn
        {
          result: 'dvs',
          width: ({ H }) => H,
          planes: ['da_ns', 'V_dv'],
          dimensions: ['H'],
          numbers: ['batch'],
          source: `
            function dvs(da_ns, V_dv, H, batch) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              if (row >= batch) return 0; // this row's sequence has ended
              let sum = 0;
              for (let start = 0; start < H; start += 64) {
                let part_sum = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= H) break;
                  part_sum += V_dv[start + k][j] * da_ns[row][start + k];
                }
                sum += part_sum;
              }
              return sum;
            }
          `,
        },
        // g_h = dh_next + dy; dz = g_h * (h - n); da_z = dz * (z * (1 - z)); dr = dv * h; da_r = dr * (r * (1 - r))
        {
          result: 'adjoints',
          width: ({ H }) => 2 * H,
          planes: ['dh_nexts', 'dys', 'each_hs', 'residuals2', 'residuals', 'dvs'],
          dimensions: ['H'],
          numbers: ['batch', 'first'],
          source: `
            function adjoints(dh_nexts, dys, each_hs, residuals2, residuals, dvs, H, batch, first) {
              let j = this.thread.x; // in its part of the row
              if (j >= H) j = j - H;
              const row = this.thread.y + this.thread.z * this.output.y;
              if (row >= batch) return 0; // this row's sequence has ended
              const dh_next = dh_nexts[row][j];
              const dy = dys[first + row][j];
              const h = each_hs[first + row][j];
              const n = residuals2[first + row][j];
              const z = residuals[first + row][j + 2 * H];
              const dv = dvs[row][j];
              const r = residuals[first + row][j + H];
              const g_h = dh_next + dy;
              const dz = g_h * (h - n);
              const da_z = dz * (z * (1 - z));
              const dr = dv * h;
              const da_r = dr * (r * (1 - r));
              if (this.thread.x < H) return da_r;
              return da_z;
            }
          `,
        },
        // g_h = dh_next + dy; dh = g_h * z + dv * r + p_h
        {
          result: 'dhs',
          width: ({ H }) => H,
          planes: ['dh_nexts', 'adjoints', 'V_p_h', 'dys', 'residuals', 'dvs'],
          dimensions: ['H'],
          numbers: ['batch', 'first'],
          source: `
            function dhs(dh_nexts, adjoints, V_p_h, dys, residuals, dvs, H, batch, first) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              if (row >= batch) return dh_nexts[row][j]; // this row's sequence has ended
              // p_h = [da_r; da_z] @ [W_hr; W_hz]
              let p_h = 0;
              for (let start = 0; start < 2 * H; start += 64) {
                let part_p_h = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= 2 * H) break;
                  part_p_h += V_p_h[start + k][j] * adjoints[row][start + k];
                }
                p_h += part_p_h;
              }
              const dh_next = dh_nexts[row][j];
              const dy = dys[first + row][j];
              const z = residuals[first + row][j + 2 * H];
              const dv = dvs[row][j];
              const r = residuals[first + row][j + H];
              const g_h = dh_next + dy;
              const dh = g_h * z + dv * r + p_h;
              return dh;
            }
          `,
        },
      ],
    },
    {
      kind: 'rows',
      read: ['adjoints', 'da_ns'],
      kept: ['dxs'],
      kernels: [
        // dx = [da_r; da_z; da_n] @ [W_ir; W_iz; W_in]
        {
          result: 'dxs',
          width: ({ I }) => I,
          planes: ['adjoints', 'da_ns', 'V_dx'],
          dimensions: ['H'],
          numbers: [],
          source: `
            function dxs(adjoints, da_ns, V_dx, H) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              let sum = 0;
              for (let start = 0; start < 3 * H; start += 64) {
                let part_sum = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= 3 * H) break;
                  let element_V_dx = 0;
                  if (start + k < 2 * H) {
                    element_V_dx = adjoints[row][start + k];
                  } else {
                    element_V_dx = da_ns[row][start + k - 2 * H];
                  }
                  part_sum += V_dx[start + k][j] * element_V_dx;
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
    // [db_r; db_z; db_n] = [da_r; da_z; da_n]
    {
      result: 'sums',
      width: ({ H }) => 3 * H,
      height: () => 1,
      planes: ['adjoints', 'da_ns'],
      dimensions: ['H'],
      numbers: ['rows'],
      source: `
        function sums(adjoints, da_ns, H, rows) {
          const j = this.thread.x;
          const row = this.thread.y + this.thread.z * this.output.y;
          let sum = 0;
          for (let start = 0; start < rows; start += 64) {
            let part_sum = 0;
            for (let k = 0; k < 64; k++) {
              if (start + k >= rows) break;
              let element = 0;
              if (j < 2 * H) {
                element = adjoints[start + k][j];
              } else {
                element = da_ns[start + k][j - 2 * H];
              }
              part_sum += element;
            }
            sum += part_sum;
          }
          return sum;
        }
      `,
    },
    // [dW_ir; dW_iz; dW_in] = outer([da_r; da_z; da_n], x)
    {
      result: 'sums2',
      width: ({ I }) => I,
      height: ({ H }) => 3 * H,
      planes: ['adjoints', 'da_ns', 'xs'],
      dimensions: ['H'],
      numbers: ['rows'],
      source: `
        function sums2(adjoints, da_ns, xs, H, rows) {
          const j = this.thread.x;
          const row = this.thread.y + this.thread.z * this.output.y;
          let sum = 0;
          for (let start = 0; start < rows; start += 64) {
            let part_sum = 0;
            for (let k = 0; k < 64; k++) {
              if (start + k >= rows) break;
              let element = 0;
              if (row < 2 * H) {
                element = adjoints[start + k][row];
              } else {
                element = da_ns[start + k][row - 2 * H];
              }
              part_sum += element * xs[start + k][j];
            }
            sum += part_sum;
          }
          return sum;
        }
      `,
    },
    // [dW_hr; dW_hz] = outer([da_r; da_z], h)
    {
      result: 'sums3',
      width: ({ H }) => H,
      height: ({ H }) => 2 * H,
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
    // dW_hn = outer(da_n, v)
    {
      result: 'sums4',
      width: ({ H }) => H,
      height: ({ H }) => H,
      planes: ['da_ns', 'vs'],
      dimensions: [],
      numbers: ['rows'],
      source: `
        function sums4(da_ns, vs, rows) {
          const j = this.thread.x;
          const row = this.thread.y + this.thread.z * this.output.y;
          let sum = 0;
          for (let start = 0; start < rows; start += 64) {
            let part_sum = 0;
            for (let k = 0; k < 64; k++) {
              if (start + k >= rows) break;
              part_sum += da_ns[start + k][row] * vs[start + k][j];
            }
            sum += part_sum;
          }
          return sum;
        }
      `,
    },
  ],
  gradients(sums, _weights, { I, H }) {
    const dweight_ih = new Float32Array(3 * H * I);
    const dweight_hh = new Float32Array(3 * H * H);
    const dbias_ih = new Float32Array(3 * H);
    const dbias_hh = new Float32Array(3 * H);
    dbias_ih.set(sums['sums']!.subarray(0, H));
    dbias_ih.set(sums['sums']!.subarray(H, 2 * H), H);
    dbias_ih.set(sums['sums']!.subarray(2 * H, 3 * H), 2 * H);
    dweight_ih.set(sums['sums2']!.subarray(0, H * I));
    dweight_ih.set(sums['sums2']!.subarray(H * I, 2 * H * I), H * I);
    dweight_ih.set(sums['sums2']!.subarray(2 * H * I, 3 * H * I), 2 * H * I);
    dweight_hh.set(sums['sums3']!.subarray(0, H * H));
    dweight_hh.set(sums['sums3']!.subarray(H * H, 2 * H * H), H * H);
    dweight_hh.set(sums['sums4']!, 2 * H * H);
    dbias_hh.set(dbias_ih.subarray(0, H));
    dbias_hh.set(dbias_ih.subarray(H, 2 * H), H);
    dbias_hh.set(dbias_ih.subarray(2 * H, 3 * H), 2 * H);
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
