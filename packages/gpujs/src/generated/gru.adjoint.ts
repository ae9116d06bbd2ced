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

import type { FloatArray } from '@congruent/runtime';
import type { Dimensions, KernelSource, StateName, SumSource } from '../cell.ts';
import { block, concatenate, type HostPlane, parts, stacked } from '../planes.ts';

/** What the way back reads of the forward pass, for the rows of all steps, from the states before each. */
export const keep: readonly KernelSource[] = [
  // [h_r; h_z; h_n] = [W_hr; W_hz; W_hn] @ h
  {
    result: 'Wh',
    width: ({ H }) => 3 * H,
    planes: ['W_h', 'hs'],
    numbers: ['H'],
    source: `
function Wh(W_h, hs, H) {
  const j = this.thread.x;
  const row = this.thread.y + this.thread.z * this.output.y;
  let sum = 0;
  for (let start = 0; start < H; start += 64) {
    let part_sum = 0;
    for (let k = 0; k < 64; k++) {
      if (start + k >= H) break;
      const h_k = hs[row][start + k];
      part_sum += W_h[start + k][j] * h_k;
    }
    sum += part_sum;
  }
  return sum;
}
`,
  },
  // r = spec_sigmoid(x_r + h_r); z = spec_sigmoid(x_z + h_z); u_n = h_n + b_hn; n = spec_tanh(x_n + r * u_n)
  {
    result: 'kept',
    width: ({ H }) => 4 * H,
    planes: ['Wx', 'Wh', 'b_hns'],
    numbers: ['H'],
    source: `
function kept(Wx, Wh, b_hns, H) {
  let j = this.thread.x; // in its part of the row
  if (j >= H) j = j - H;
  if (j >= H) j = j - H;
  if (j >= H) j = j - H;
  const row = this.thread.y + this.thread.z * this.output.y;
  const x_r = Wx[row][j];
  const h_r = Wh[row][j];
  const x_z = Wx[row][H + j];
  const h_z = Wh[row][H + j];
  const h_n = Wh[row][2 * H + j];
  const b_hn = b_hns[0][j];
  const x_n = Wx[row][2 * H + j];
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
];

/** The planes of the forward pass that the way back reads. */
export const recorded: readonly string[] = ['xs', 'hs', 'kept'];

/** Once for the parameters: stacks the matrices of each product. */
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
  return {
    V_p_h: stacked(H, W_hrs, W_hzs, W_hns),
    V_dx: stacked(I, W_irs, W_izs, W_ins),
  };
}

/** The plane of the adjoints of the outputs of all steps. */
export const output = 'dys';

/** The plane of the adjoint of each state after a step, and that of the one before it. */
export const states: readonly StateName[] = [{ name: 'dh_nexts', next: 'dhs' }];

/** For the rows of each step, from the last to the first, in order. */
export const step: readonly KernelSource[] = [
  // g_h = dh_next + dy; dn = g_h * (1 - z); da_n = dn * (1 - n * n); dh_n = da_n * r; dz = g_h * (h - n); da_z = dz * (z * (1 - z)); dr = da_n * u_n; da_r = dr * (r * (1 - r))
  {
    result: 'back',
    width: ({ H }) => 4 * H,
    planes: ['dh_nexts', 'dys', 'kept', 'hs'],
    numbers: ['first', 'H', 'batch'],
    source: `
function back(dh_nexts, dys, kept, hs, first, H, batch) {
  let j = this.thread.x; // in its part of the row
  if (j >= H) j = j - H;
  if (j >= H) j = j - H;
  if (j >= H) j = j - H;
  const row = this.thread.y + this.thread.z * this.output.y;
  if (row >= batch) return 0; // this row's sequence has ended
  const dh_next = dh_nexts[row][j];
  const dy = dys[first + row][j];
  const z = kept[first + row][H + j];
  const n = kept[first + row][3 * H + j];
  const r = kept[first + row][j];
  const h = hs[first + row][j];
  const u_n = kept[first + row][2 * H + j];
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
    planes: ['dh_nexts', 'V_p_h', 'back', 'dys', 'kept'],
    numbers: ['H', 'first', 'batch'],
    source: `
function dh(dh_nexts, V_p_h, back, dys, kept, H, first, batch) {
  const j = this.thread.x;
  const row = this.thread.y + this.thread.z * this.output.y;
  if (row >= batch) return dh_nexts[row][j]; // this row's sequence has ended
  // p_h = [da_r; da_z; dh_n] @ [W_hr; W_hz; W_hn]
  let p_h = 0;
  for (let start = 0; start < 3 * H; start += 64) {
    let part_p_h = 0;
    for (let k = 0; k < 64; k++) {
      if (start + k >= 3 * H) break;
      part_p_h += V_p_h[start + k][j] * back[row][start + k];
    }
    p_h += part_p_h;
  }
  const dh_next = dh_nexts[row][j];
  const dy = dys[first + row][j];
  const z = kept[first + row][H + j];
  const g_h = dh_next + dy;
  const dh = g_h * z + p_h;
  return dh;
}
`,
  },
];

/** The planes of the steps that are read once all of them are done. */
export const carried: readonly string[] = ['back'];

/** Once for the rows of all steps: what no step waits for. */
export const after: readonly KernelSource[] = [
  // dx = [da_r; da_z; da_n] @ [W_ir; W_iz; W_in]
  {
    result: 'dxs',
    width: ({ I }) => I,
    planes: ['V_dx', 'back'],
    numbers: ['H'],
    source: `
function dx(V_dx, back, H) {
  const j = this.thread.x;
  const row = this.thread.y + this.thread.z * this.output.y;
  // dx = [da_r; da_z; da_n] @ [W_ir; W_iz; W_in]
  let dx = 0;
  for (let start = 0; start < 3 * H; start += 64) {
    let part_dx = 0;
    for (let k = 0; k < 64; k++) {
      if (start + k >= 3 * H) break;
      let element_dx = 0;
      if (start + k < 2 * H) {
        element_dx = back[row][start + k];
      } else {
        element_dx = back[row][start + k + H];
      }
      part_dx += V_dx[start + k][j] * element_dx;
    }
    dx += part_dx;
  }
  return dx;
}
`,
  },
];

/** The plane of the gradient of the inputs. */
export const input = 'dxs';

/** Rows that a sum adds up before it adds them to the total. */
export const sumBlock = 64;

/** Sums over the rows of all steps. */
export const sums: readonly SumSource[] = [
  // [db_r; db_z; db_in; db_hn] = [da_r; da_z; da_n; dh_n], summed
  {
    result: 'sums',
    width: ({ H }) => 4 * H,
    height: () => 1,
    planes: ['back'],
    numbers: ['H', 'rows'],
    source: `
function sums(back, H, rows) {
  const j = this.thread.x;
  const row = this.thread.y + this.thread.z * this.output.y;
  let sum = 0;
  for (let start = 0; start < rows; start += 64) {
    let part_sum = 0;
    for (let k = 0; k < 64; k++) {
      if (start + k >= rows) break;
      let adjoint = 0;
      if (j < 2 * H) {
        adjoint = back[start + k][j];
      } else if (j < 3 * H) {
        adjoint = back[start + k][j + H];
      } else {
        adjoint = back[start + k][j - H];
      }
      part_sum += adjoint;
    }
    sum += part_sum;
  }
  return sum;
}
`,
  },
  // [dW_ir; dW_iz; dW_in] = outer([da_r; da_z; da_n], x), summed
  {
    result: 'sums_x',
    width: ({ I }) => I,
    height: ({ H }) => 3 * H,
    planes: ['back', 'xs'],
    numbers: ['H', 'rows'],
    source: `
function sums_x(back, xs, H, rows) {
  const j = this.thread.x;
  const row = this.thread.y + this.thread.z * this.output.y;
  let sum = 0;
  for (let start = 0; start < rows; start += 64) {
    let part_sum = 0;
    for (let k = 0; k < 64; k++) {
      if (start + k >= rows) break;
      let adjoint = 0;
      if (row < 2 * H) {
        adjoint = back[start + k][row];
      } else {
        adjoint = back[start + k][row + H];
      }
      part_sum += adjoint * xs[start + k][j];
    }
    sum += part_sum;
  }
  return sum;
}
`,
  },
  // [dW_hr; dW_hz; dW_hn] = outer([da_r; da_z; dh_n], h), summed
  {
    result: 'sums_h',
    width: ({ H }) => H,
    height: ({ H }) => 3 * H,
    planes: ['back', 'hs'],
    numbers: ['rows'],
    source: `
function sums_h(back, hs, rows) {
  const j = this.thread.x;
  const row = this.thread.y + this.thread.z * this.output.y;
  let sum = 0;
  for (let start = 0; start < rows; start += 64) {
    let part_sum = 0;
    for (let k = 0; k < 64; k++) {
      if (start + k >= rows) break;
      part_sum += back[start + k][row] * hs[start + k][j];
    }
    sum += part_sum;
  }
  return sum;
}
`,
  },
];

/** The gradients of the parameters, as the layers name and stack them, from the sums. */
export function gradients(
  sums: Readonly<Record<string, Float32Array>>,
  { I, H }: Dimensions,
): Record<string, Float32Array> {
  const [db_rs, db_zs, db_ins, db_hns] = parts(sums['sums']!, H, H, H, H);
  const [dW_irs, dW_izs, dW_ins] = parts(sums['sums_x']!, H * I, H * I, H * I);
  const [dW_hrs, dW_hzs, dW_hns] = parts(sums['sums_h']!, H * H, H * H, H * H);
  return {
    weight_ih: concatenate([dW_irs, dW_izs, dW_ins]),
    weight_hh: concatenate([dW_hrs, dW_hzs, dW_hns]),
    bias_ih: concatenate([db_rs, db_zs, db_ins]),
    bias_hh: concatenate([db_rs, db_zs, db_hns]),
  };
}
