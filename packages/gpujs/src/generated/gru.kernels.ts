// Generated from packages/spec/src/cells/gru.ts by packages/gpujs/codegen. Do not edit.
// Regenerate with: npm run generate
//
// gru(x[I], h[H]) -> h'
//
// r  = sigmoid(W_ir @ x + b_ir + W_hr @ h + b_hr)        # reset gate
// z  = sigmoid(W_iz @ x + b_iz + W_hz @ h + b_hz)        # update gate
// n  = tanh(W_in @ x + b_in + r * (W_hn @ h + b_hn))     # candidate
// h' = (1 - z) * n + z * h                               # next state
//
// layout torch
//   weight_ih = [W_ir; W_iz; W_in]   weight_hh = [W_hr; W_hz; W_hn]
//   bias_ih   = [b_ir; b_iz; b_in]   bias_hh   = [b_hr; b_hz; b_hn]
// layout onnx
//   W = [W_iz; W_ir; W_in]   R = [W_hz; W_hr; W_hn]   B = [b_iz; b_ir; b_in; b_hz; b_hr; b_hn]
// layout keras
//   kernel = [W_iz; W_ir; W_in]^T   recurrent_kernel = [W_hz; W_hr; W_hn]^T
//   bias   = [[b_iz; b_ir; b_in] | [b_hz; b_hr; b_hn]]^T

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
    const W_x = new Float32Array(3 * H * I);
    const b_x = new Float32Array(3 * H);
    const W_h = new Float32Array(3 * H * H);
    const b_hns = new Float32Array(H);
    interleave(W_x, I, [weight_ih.subarray(0, H * I), weight_ih.subarray(H * I, 2 * H * I), weight_ih.subarray(2 * H * I, 3 * H * I)]);
    interleave(W_h, H, [weight_hh.subarray(0, H * H), weight_hh.subarray(H * H, 2 * H * H), weight_hh.subarray(2 * H * H, 3 * H * H)]);
    b_hns.set(bias_hh.subarray(2 * H, 3 * H));
    for (let j = 0; j < H; j++) {
      const b_ir = bias_ih[j]!;
      const b_hr = bias_hh[j]!;
      const b_iz = bias_ih[j + H]!;
      const b_hz = bias_hh[j + H]!;
      const b_r = Math.fround(b_ir + b_hr);
      const b_z = Math.fround(b_iz + b_hz);
      b_rs[j] = b_r;
      b_zs[j] = b_z;
    }
    b_x.set(b_rs);
    b_x.set(b_zs, H);
    b_x.set(bias_ih.subarray(2 * H, 3 * H), 2 * H);
    return {
      b_rs: { data: b_rs, width: H },
      b_zs: { data: b_zs, width: H },
      W_x: { data: W_x, width: 3 * H },
      b_x: { data: b_x, width: 3 * H },
      W_h: { data: W_h, width: 3 * H },
      b_hns: { data: b_hns, width: H },
      constants: { data: concatenate([b_x, b_hns]), width: 4 * H },
    };
  },
  inputs: ['xs'],
  carries: ['hs'],
  outputs: ['h_nexts'],
  recorded: ['each_hs', 'residuals'],
  phases: [
    {
      kind: 'rows',
      read: ['xs'],
      kept: ['Wx'],
      kernels: [
        // [x_r; x_z; x_n] = [W_ir; W_iz; W_in] @ x + [b_r; b_z; b_in]
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
        // r = sigmoid(x_r + h_r); z = sigmoid(x_z + h_z); u_n = h_n + b_hn; n = tanh(x_n + r * u_n); h_next = (1 - z) * n + z * h
        {
          result: 'h_nexts',
          width: ({ H }) => H,
          planes: ['hs', 'W_h', 'Wx', 'constants'],
          dimensions: ['H'],
          numbers: ['batch', 'first'],
          source: `
            function h_nexts(hs, W_h, Wx, constants, H, batch, first) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              if (row >= batch) return hs[row][j]; // this row's sequence has ended
              // [h_r; h_z; h_n] = [W_hr; W_hz; W_hn] @ h
              let h_r = 0;
              let h_z = 0;
              let h_n = 0;
              for (let start = 0; start < H; start += 64) {
                let part_h_r = 0;
                let part_h_z = 0;
                let part_h_n = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= H) break;
                  const element_W_h = hs[row][start + k];
                  part_h_r += W_h[start + k][j] * element_W_h;
                  part_h_z += W_h[start + k][j + H] * element_W_h;
                  part_h_n += W_h[start + k][j + 2 * H] * element_W_h;
                }
                h_r += part_h_r;
                h_z += part_h_z;
                h_n += part_h_n;
              }
              const x_r = Wx[first + row][j];
              const x_z = Wx[first + row][j + H];
              const b_hn = constants[0][j + 3 * H];
              const x_n = Wx[first + row][j + 2 * H];
              const h = hs[row][j];
              const r = spec_sigmoid(x_r + h_r); // reset gate
              const z = spec_sigmoid(x_z + h_z); // update gate
              const u_n = h_n + b_hn;
              const n = spec_tanh(x_n + r * u_n); // candidate
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
      kept: ['residuals'],
      kernels: [
        // [h_r; h_z; h_n] = [W_hr; W_hz; W_hn] @ h
        {
          result: 'Wh',
          width: ({ H }) => 3 * H,
          planes: ['each_hs', 'W_h'],
          dimensions: ['H'],
          numbers: [],
          source: `
            function Wh(each_hs, W_h, H) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              let sum = 0;
              for (let start = 0; start < H; start += 64) {
                let part_sum = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= H) break;
                  part_sum += W_h[start + k][j] * each_hs[row][start + k];
                }
                sum += part_sum;
              }
              return sum;
            }
          `,
        },
        // r = sigmoid(x_r + h_r); z = sigmoid(x_z + h_z); u_n = h_n + b_hn; n = tanh(x_n + r * u_n)
        {
          result: 'residuals',
          width: ({ H }) => 4 * H,
          planes: ['Wx', 'Wh', 'constants'],
          dimensions: ['H'],
          numbers: [],
          source: `
            function residuals(Wx, Wh, constants, H) {
              let j = this.thread.x; // in its part of the row
              if (j >= H) j = j - H;
              if (j >= H) j = j - H;
              if (j >= H) j = j - H;
              const row = this.thread.y + this.thread.z * this.output.y;
              const x_r = Wx[row][j];
              const h_r = Wh[row][j];
              const x_z = Wx[row][j + H];
              const h_z = Wh[row][j + H];
              const h_n = Wh[row][j + 2 * H];
              const b_hn = constants[0][j + 3 * H];
              const x_n = Wx[row][j + 2 * H];
              const r = spec_sigmoid(x_r + h_r); // reset gate
              const z = spec_sigmoid(x_z + h_z); // update gate
              const u_n = h_n + b_hn;
              const n = spec_tanh(x_n + r * u_n); // candidate
              if (this.thread.x < H) return r;
              if (this.thread.x < 2 * H) return z;
              if (this.thread.x < 3 * H) return u_n;
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
    const V_p_h = new Float32Array(3 * H * H);
    const V_dx = new Float32Array(3 * H * I);
    stack(V_p_h, [weight_hh.subarray(0, H * H), weight_hh.subarray(H * H, 2 * H * H), weight_hh.subarray(2 * H * H, 3 * H * H)]);
    stack(V_dx, [weight_ih.subarray(0, H * I), weight_ih.subarray(H * I, 2 * H * I), weight_ih.subarray(2 * H * I, 3 * H * I)]);
    return {
      V_p_h: { data: V_p_h, width: H },
      V_dx: { data: V_dx, width: I },
      constants: { data: concatenate([]), width: 0 },
    };
  },
  inputs: ['xs', 'dys'],
  carries: ['dh_nexts'],
  outputs: ['dxs'],
  recorded: ['each_hs', 'residuals'],
  phases: [
    {
      kind: 'steps',
      read: ['dys', 'residuals', 'each_hs'],
      kept: ['adjoints'],
      carried: [{ name: 'dh_nexts', next: 'dhs' }],
      each: [],
      kernels: [
        // g_h = dh_next + dy; dn = g_h * (1 - z); da_n = dn * (1 - n * n); dh_n = da_n * r; dz = g_h * (h - n); da_z = dz * (z * (1 - z)); dr = da_n * u_n; da_r = dr * (r * (1 - r))
        {
          result: 'adjoints',
          width: ({ H }) => 4 * H,
          planes: ['dh_nexts', 'dys', 'residuals', 'each_hs'],
          dimensions: ['H'],
          numbers: ['batch', 'first'],
          source: `
            function adjoints(dh_nexts, dys, residuals, each_hs, H, batch, first) {
              let j = this.thread.x; // in its part of the row
              if (j >= H) j = j - H;
              if (j >= H) j = j - H;
              if (j >= H) j = j - H;
              const row = this.thread.y + this.thread.z * this.output.y;
              if (row >= batch) return 0; // this row's sequence has ended
              const dh_next = dh_nexts[row][j];
              const dy = dys[first + row][j];
              const z = residuals[first + row][j + H];
              const n = residuals[first + row][j + 3 * H];
              const r = residuals[first + row][j];
              const h = each_hs[first + row][j];
              const u_n = residuals[first + row][j + 2 * H];
              const g_h = dh_next + dy;
              const dn = g_h * (1 - z);
              const da_n = dn * (1 - n * n);
              const dh_n = da_n * r;
              const dz = g_h * (h - n);
              const da_z = dz * (z * (1 - z));
              const dr = da_n * u_n;
              const da_r = dr * (r * (1 - r));
              if (this.thread.x < H) return da_r;
              if (this.thread.x < 2 * H) return da_z;
              if (this.thread.x < 3 * H) return dh_n;
              return da_n;
            }
          `,
        },
        // g_h = dh_next + dy; dh = g_h * z + p_h
        {
          result: 'dhs',
          width: ({ H }) => H,
          planes: ['dh_nexts', 'adjoints', 'V_p_h', 'dys', 'residuals'],
          dimensions: ['H'],
          numbers: ['batch', 'first'],
          source: `
            function dhs(dh_nexts, adjoints, V_p_h, dys, residuals, H, batch, first) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              if (row >= batch) return dh_nexts[row][j]; // this row's sequence has ended
              // p_h = [da_r; da_z; dh_n] @ [W_hr; W_hz; W_hn]
              let p_h = 0;
              for (let start = 0; start < 3 * H; start += 64) {
                let part_p_h = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= 3 * H) break;
                  part_p_h += V_p_h[start + k][j] * adjoints[row][start + k];
                }
                p_h += part_p_h;
              }
              const dh_next = dh_nexts[row][j];
              const dy = dys[first + row][j];
              const z = residuals[first + row][j + H];
              const g_h = dh_next + dy;
              const dh = g_h * z + p_h;
              return dh;
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
        // dx = [da_r; da_z; da_n] @ [W_ir; W_iz; W_in]
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
              for (let start = 0; start < 3 * H; start += 64) {
                let part_sum = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= 3 * H) break;
                  let element_V_dx = 0;
                  if (start + k < 2 * H) {
                    element_V_dx = adjoints[row][start + k];
                  } else {
                    element_V_dx = adjoints[row][start + k + H];
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
    // [db_r; db_z; db_in; db_hn] = [da_r; da_z; da_n; dh_n]
    {
      result: 'sums',
      width: ({ H }) => 4 * H,
      height: () => 1,
      planes: ['adjoints'],
      dimensions: ['H'],
      numbers: ['rows'],
      source: `
        function sums(adjoints, H, rows) {
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
              } else if (j < 3 * H) {
                element = adjoints[start + k][j + H];
              } else {
                element = adjoints[start + k][j - H];
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
      planes: ['adjoints', 'xs'],
      dimensions: ['H'],
      numbers: ['rows'],
      source: `
        function sums2(adjoints, xs, H, rows) {
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
                element = adjoints[start + k][row + H];
              }
              part_sum += element * xs[start + k][j];
            }
            sum += part_sum;
          }
          return sum;
        }
      `,
    },
    // [dW_hr; dW_hz; dW_hn] = outer([da_r; da_z; dh_n], h)
    {
      result: 'sums3',
      width: ({ H }) => H,
      height: ({ H }) => 3 * H,
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
    const dweight_ih = new Float32Array(3 * H * I);
    const dweight_hh = new Float32Array(3 * H * H);
    const dbias_ih = new Float32Array(3 * H);
    const dbias_hh = new Float32Array(3 * H);
    dbias_ih.set(sums['sums']!.subarray(0, H));
    dbias_ih.set(sums['sums']!.subarray(H, 2 * H), H);
    dbias_ih.set(sums['sums']!.subarray(2 * H, 3 * H), 2 * H);
    dbias_hh.set(sums['sums']!.subarray(3 * H, 4 * H), 2 * H);
    dweight_ih.set(sums['sums2']!.subarray(0, H * I));
    dweight_ih.set(sums['sums2']!.subarray(H * I, 2 * H * I), H * I);
    dweight_ih.set(sums['sums2']!.subarray(2 * H * I, 3 * H * I), 2 * H * I);
    dweight_hh.set(sums['sums3']!.subarray(0, H * H));
    dweight_hh.set(sums['sums3']!.subarray(H * H, 2 * H * H), H * H);
    dweight_hh.set(sums['sums3']!.subarray(2 * H * H, 3 * H * H), 2 * H * H);
    dbias_hh.set(dbias_ih.subarray(0, H));
    dbias_hh.set(dbias_ih.subarray(H, 2 * H), H);
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
