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

import type { CellSignature, FloatArray } from '@congruent/runtime';
import type { Dimensions, KernelSource, StateName } from '../cell.ts';
import { block, type HostPlane, row, transposed } from '../planes.ts';

/** The way back. */
export * as adjoint from './gru.adjoint.ts';

/** The parameters, as the layers name and stack them. */
export const signature: CellSignature = {
  name: 'gru',
  inputs: [{ name: 'x', shape: ['I'] }],
  states: [{ name: 'h', shape: ['H'] }],
  outputs: [{ name: "h'", shape: ['H'], state: 'h' }],
  parameters: {
    weight_ih: { blocks: ['W_ir', 'W_iz', 'W_in'], shape: ['H', 'I'] },
    weight_hh: { blocks: ['W_hr', 'W_hz', 'W_hn'], shape: ['H', 'H'] },
    bias_ih: { blocks: ['b_ir', 'b_iz', 'b_in'], shape: ['H'] },
    bias_hh: { blocks: ['b_hr', 'b_hz', 'b_hn'], shape: ['H'] },
  },
};

/** The functions the kernels call. */
export const functions: readonly string[] = [
  // 2^k for an integer k from -126 to 127, exact.
  `
function pow2(k) {
  let p = 1;
  let n = Math.abs(k);
  if (n >= 64) {
    p = p * (k < 0 ? 5.421010862427522e-20 : 18446744073709552000);
    n = n - 64;
  }
  if (n >= 32) {
    p = p * (k < 0 ? 2.3283064365386963e-10 : 4294967296);
    n = n - 32;
  }
  if (n >= 16) {
    p = p * (k < 0 ? 0.0000152587890625 : 65536);
    n = n - 16;
  }
  if (n >= 8) {
    p = p * (k < 0 ? 0.00390625 : 256);
    n = n - 8;
  }
  if (n >= 4) {
    p = p * (k < 0 ? 0.0625 : 16);
    n = n - 4;
  }
  if (n >= 2) {
    p = p * (k < 0 ? 0.25 : 4);
    n = n - 2;
  }
  if (n >= 1) {
    p = p * (k < 0 ? 0.5 : 2);
    n = n - 1;
  }
  return p;
}
`,
  // sigmoid(x) of the specification, within 2.5 ulp where + - * / are rounded as IEEE says.
  `
function spec_sigmoid(x) {
  const y = -Math.abs(x);
  const v = y < -104 ? -104 : y; // e^v rounds to 0 there; NaN passes
  const k = Math.floor(v * 1.4426950216293335 + 0.5);
  const t = v - k * 0.693145751953125 - k * 0.000001428606765330187; // v = k ln 2 + t, |t| ≤ ln 2 / 2
  const p = 1 + (t + t * t * ((((0.0013882514322176576 * t + 0.008366547524929047) * t + 0.04166720062494278) * t + 0.1666654348373413) * t + 0.4999999701976776)); // e^t
  const i = Math.floor(k * 0.5);
  const e = p * pow2(i) * pow2(k - i); // e^v, subnormal results rounded once
  const s = (x < 0 ? e : 1) / (1 + e); // no cancellation, no overflow
  return Math.fround(s);
}
`,
  // tanh(x) of the specification, within 2.5 ulp where + - * / are rounded as IEEE says.
  `
function spec_tanh(x) {
  const y = -(2 * Math.abs(x));
  const v = y < -20 ? -20 : y; // e^v - 1 rounds to -1 there; NaN passes
  const k = Math.floor(v * 1.4426950216293335 + 0.5);
  const t = v - k * 0.693145751953125 - k * 0.000001428606765330187; // v = k ln 2 + t, |t| ≤ ln 2 / 2
  const p = t + t * t * ((((0.0013882514322176576 * t + 0.008366547524929047) * t + 0.04166720062494278) * t + 0.1666654348373413) * t + 0.4999999701976776); // e^t - 1
  const q = pow2(k);
  const m = q * p + (q - 1); // e^v - 1, full relative accuracy for tiny v
  const w = m / (m + 2); // -tanh(|x|)
  const u = x < 0 ? w : (x > 0 ? -w : x); // ±0 and NaN are themselves
  return Math.fround(u);
}
`,
];

/** Once for the parameters: folds what depends on nothing else, and stacks the matrices of each product. */
export function prepare(
  parameters: Readonly<Record<string, FloatArray>>,
  { I, H }: Dimensions,
): Readonly<Record<string, HostPlane>> {
  const W_irs = block(parameters['weight_ih'], 0, H * I);
  const W_izs = block(parameters['weight_ih'], 1, H * I);
  const W_ins = block(parameters['weight_ih'], 2, H * I);
  const W_hrs = block(parameters['weight_hh'], 0, H * H);
  const W_hzs = block(parameters['weight_hh'], 1, H * H);
  const W_hns = block(parameters['weight_hh'], 2, H * H);
  const b_irs = block(parameters['bias_ih'], 0, H);
  const b_izs = block(parameters['bias_ih'], 1, H);
  const b_ins = block(parameters['bias_ih'], 2, H);
  const b_hrs = block(parameters['bias_hh'], 0, H);
  const b_hzs = block(parameters['bias_hh'], 1, H);
  const b_hns = block(parameters['bias_hh'], 2, H);
  const b_rs = new Float32Array(H);
  const b_zs = new Float32Array(H);
  for (let j = 0; j < H; j++) {
    const b_ir = b_irs[j]!;
    const b_hr = b_hrs[j]!;
    const b_iz = b_izs[j]!;
    const b_hz = b_hzs[j]!;
    const b_r = b_ir + b_hr;
    const b_z = b_iz + b_hz;
    b_rs[j] = b_r;
    b_zs[j] = b_z;
  }
  return {
    W_x: transposed(I, W_irs, W_izs, W_ins),
    b_x: row(b_rs, b_zs, b_ins),
    W_h: transposed(H, W_hrs, W_hzs, W_hns),
    b_hns: row(b_hns),
  };
}

/** Once for the rows of all steps: everything that does not need the state. */
export const before: readonly KernelSource[] = [
  // [x_r; x_z; x_n] = [W_ir; W_iz; W_in] @ x + [b_r; b_z; b_in]
  {
    result: 'Wx',
    width: ({ H }) => 3 * H,
    planes: ['W_x', 'xs', 'b_x'],
    numbers: ['I'],
    source: `
function Wx(W_x, xs, b_x, I) {
  const j = this.thread.x;
  const row = this.thread.y + this.thread.z * this.output.y;
  let sum = 0;
  for (let start = 0; start < I; start += 64) {
    let part_sum = 0;
    for (let k = 0; k < 64; k++) {
      if (start + k >= I) break;
      const x_k = xs[row][start + k];
      part_sum += W_x[start + k][j] * x_k;
    }
    sum += part_sum;
  }
  return sum + b_x[0][j];
}
`,
  },
];

/** For the rows of each step, in order. */
export const step: readonly KernelSource[] = [
  // r = spec_sigmoid(x_r + h_r); z = spec_sigmoid(x_z + h_z); n = spec_tanh(x_n + r * (h_n + b_hn)); h' = (1 - z) * n + z * h
  {
    result: 'h_nexts',
    width: ({ H }) => H,
    planes: ['hs', 'W_h', 'Wx', 'b_hns'],
    numbers: ['H', 'first', 'batch'],
    source: `
function h_next(hs, W_h, Wx, b_hns, H, first, batch) {
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
      const h_k = hs[row][start + k];
      part_h_r += W_h[start + k][j] * h_k;
      part_h_z += W_h[start + k][H + j] * h_k;
      part_h_n += W_h[start + k][2 * H + j] * h_k;
    }
    h_r += part_h_r;
    h_z += part_h_z;
    h_n += part_h_n;
  }
  const x_r = Wx[first + row][j];
  const x_z = Wx[first + row][H + j];
  const x_n = Wx[first + row][2 * H + j];
  const b_hn = b_hns[0][j];
  const h = hs[row][j];
  const r = spec_sigmoid(x_r + h_r); // reset gate
  const z = spec_sigmoid(x_z + h_z); // update gate
  const n = spec_tanh(x_n + r * (h_n + b_hn)); // candidate
  const h_next = (1 - z) * n + z * h; // next state
  return h_next;
}
`,
  },
];

/** The plane of the inputs. */
export const input = 'xs';

/** The plane of each state, and that of its next value. */
export const states: readonly StateName[] = [{ name: 'hs', next: 'h_nexts' }];
