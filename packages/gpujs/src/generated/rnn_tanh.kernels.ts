// Generated from packages/spec/src/cells/rnn_tanh.ts by packages/gpujs/codegen. Do not edit.
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

import type { GpuBackward, GpuKernels, GpuPass } from '@congruent/gpujs/define';
import { concatenate, interleave, stack } from '@congruent/gpujs/define';

type Dimension = 'I' | 'H';

/** The functions that kernels call. */
const functions: readonly string[] = [
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
    const b_hs = new Float32Array(H);
    const W_x = new Float32Array(H * I);
    const b_x = new Float32Array(H);
    const W_h = new Float32Array(H * H);
    interleave(W_x, I, [weight_ih]);
    interleave(W_h, H, [weight_hh]);
    for (let j = 0; j < H; j++) {
      const b_ih = bias_ih[j]!;
      const b_hh = bias_hh[j]!;
      const b_h = Math.fround(b_ih + b_hh);
      b_hs[j] = b_h;
    }
    b_x.set(b_hs);
    return {
      b_hs: { data: b_hs, width: H },
      W_x: { data: W_x, width: H },
      b_x: { data: b_x, width: H },
      W_h: { data: W_h, width: H },
      constants: { data: concatenate([b_x]), width: H },
    };
  },
  inputs: ['xs'],
  carries: ['hs'],
  outputs: ['h_nexts'],
  recorded: ['each_hs', 'h_nexts'],
  phases: [
    {
      kind: 'rows',
      read: ['xs'],
      kept: ['Wx'],
      kernels: [
        // x_h = W_ih @ x + b_h
        {
          result: 'Wx',
          width: ({ H }) => H,
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
        // h_next = tanh(x_h + h_h)
        {
          result: 'h_nexts',
          width: ({ H }) => H,
          planes: ['hs', 'W_h', 'Wx'],
          dimensions: ['H'],
          numbers: ['batch', 'first'],
          source: `
            function h_nexts(hs, W_h, Wx, H, batch, first) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              if (row >= batch) return hs[row][j]; // this row's sequence has ended
              // h_h = W_hh @ h
              let h_h = 0;
              for (let start = 0; start < H; start += 64) {
                let part_h_h = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= H) break;
                  part_h_h += W_h[start + k][j] * hs[row][start + k];
                }
                h_h += part_h_h;
              }
              const x_h = Wx[first + row][j];
              const h_next = spec_tanh(x_h + h_h); // next state
              return h_next;
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
    const V_dh = new Float32Array(H * H);
    const V_dx = new Float32Array(H * I);
    stack(V_dh, [weight_hh]);
    stack(V_dx, [weight_ih]);
    return {
      V_dh: { data: V_dh, width: H },
      V_dx: { data: V_dx, width: I },
      constants: { data: concatenate([]), width: 0 },
    };
  },
  inputs: ['xs', 'dys'],
  carries: ['dh_nexts'],
  outputs: ['dxs'],
  recorded: ['each_hs', 'h_nexts'],
  phases: [
    {
      kind: 'steps',
      read: ['dys', 'h_nexts'],
      kept: ['da_hs'],
      carried: [{ name: 'dh_nexts', next: 'dhs' }],
      each: [],
      kernels: [
        // g_h = dh_next + dy; da_h = g_h * (1 - h_next * h_next)
        {
          result: 'da_hs',
          width: ({ H }) => H,
          planes: ['dh_nexts', 'dys', 'h_nexts'],
          dimensions: [],
          numbers: ['batch', 'first'],
          source: `
            function da_hs(dh_nexts, dys, h_nexts, batch, first) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              if (row >= batch) return 0; // this row's sequence has ended
              const dh_next = dh_nexts[row][j];
              const dy = dys[first + row][j];
              const h_next = h_nexts[first + row][j];
              const g_h = dh_next + dy;
              const da_h = g_h * (1 - h_next * h_next);
              return da_h;
            }
          `,
        },
        // dh = da_h @ W_hh
        {
          result: 'dhs',
          width: ({ H }) => H,
          planes: ['dh_nexts', 'da_hs', 'V_dh'],
          dimensions: ['H'],
          numbers: ['batch'],
          source: `
            function dhs(dh_nexts, da_hs, V_dh, H, batch) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              if (row >= batch) return dh_nexts[row][j]; // this row's sequence has ended
              let sum = 0;
              for (let start = 0; start < H; start += 64) {
                let part_sum = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= H) break;
                  part_sum += V_dh[start + k][j] * da_hs[row][start + k];
                }
                sum += part_sum;
              }
              return sum;
            }
          `,
        },
      ],
    },
    {
      kind: 'rows',
      read: ['da_hs'],
      kept: ['dxs'],
      kernels: [
        // dx = da_h @ W_ih
        {
          result: 'dxs',
          width: ({ I }) => I,
          planes: ['da_hs', 'V_dx'],
          dimensions: ['H'],
          numbers: [],
          source: `
            function dxs(da_hs, V_dx, H) {
              const j = this.thread.x;
              const row = this.thread.y + this.thread.z * this.output.y;
              let sum = 0;
              for (let start = 0; start < H; start += 64) {
                let part_sum = 0;
                for (let k = 0; k < 64; k++) {
                  if (start + k >= H) break;
                  part_sum += V_dx[start + k][j] * da_hs[row][start + k];
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
    // db_h = da_h
    {
      result: 'sums',
      width: ({ H }) => H,
      height: () => 1,
      planes: ['da_hs'],
      dimensions: [],
      numbers: ['rows'],
      source: `
        function sums(da_hs, rows) {
          const j = this.thread.x;
          const row = this.thread.y + this.thread.z * this.output.y;
          let sum = 0;
          for (let start = 0; start < rows; start += 64) {
            let part_sum = 0;
            for (let k = 0; k < 64; k++) {
              if (start + k >= rows) break;
              part_sum += da_hs[start + k][j];
            }
            sum += part_sum;
          }
          return sum;
        }
      `,
    },
    // dW_ih = outer(da_h, x)
    {
      result: 'sums2',
      width: ({ I }) => I,
      height: ({ H }) => H,
      planes: ['da_hs', 'xs'],
      dimensions: [],
      numbers: ['rows'],
      source: `
        function sums2(da_hs, xs, rows) {
          const j = this.thread.x;
          const row = this.thread.y + this.thread.z * this.output.y;
          let sum = 0;
          for (let start = 0; start < rows; start += 64) {
            let part_sum = 0;
            for (let k = 0; k < 64; k++) {
              if (start + k >= rows) break;
              part_sum += da_hs[start + k][row] * xs[start + k][j];
            }
            sum += part_sum;
          }
          return sum;
        }
      `,
    },
    // dW_hh = outer(da_h, h)
    {
      result: 'sums3',
      width: ({ H }) => H,
      height: ({ H }) => H,
      planes: ['da_hs', 'each_hs'],
      dimensions: [],
      numbers: ['rows'],
      source: `
        function sums3(da_hs, each_hs, rows) {
          const j = this.thread.x;
          const row = this.thread.y + this.thread.z * this.output.y;
          let sum = 0;
          for (let start = 0; start < rows; start += 64) {
            let part_sum = 0;
            for (let k = 0; k < 64; k++) {
              if (start + k >= rows) break;
              part_sum += da_hs[start + k][row] * each_hs[start + k][j];
            }
            sum += part_sum;
          }
          return sum;
        }
      `,
    },
  ],
  gradients(sums, _weights, { I, H }) {
    const dweight_ih = new Float32Array(H * I);
    const dweight_hh = new Float32Array(H * H);
    const dbias_ih = new Float32Array(H);
    const dbias_hh = new Float32Array(H);
    dbias_ih.set(sums['sums']!);
    dweight_ih.set(sums['sums2']!);
    dweight_hh.set(sums['sums3']!);
    dbias_hh.set(dbias_ih);
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
