// Generated from packages/spec/src/cells/gru.ts by packages/scalar/codegen. Do not edit.
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

type Dimensions = Readonly<Record<'I' | 'H', number>>;
type Vector = Float64Array;

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

/** The parameters in the order in which the products read them. */
export interface Weights {
  readonly I: number;
  readonly H: number;
  /** [3 * H, I]: W_ir, W_iz, W_in */
  readonly W_x: Float64Array;
  /** [3 * H]: b_r, b_z, b_in */
  readonly b_x: Vector;
  /** [3 * H, H]: W_hr, W_hz, W_hn */
  readonly W_h: Float64Array;
  /** [H]: b_hn */
  readonly b_hns: Vector;
}

/** 2^k for k from -1022 to 1023. */
const POWERS: Vector = Float64Array.from({ length: 2046 }, (_, index) => 2 ** (index - 1022));

/** 2^k for an integer k, exact. */
function pow2(k: number): number {
  return POWERS[(k + 1022) | 0]!;
}

/** sigmoid(x), within 2.5 ulp. */
function sigmoid(x: number): number {
  const { abs, floor } = Math;
  const y = -abs(x);
  const v = y < -746 ? -746 : y; // e^v rounds to 0 there; NaN passes
  const k = floor((v * 1.4426950408889634) + 0.5);
  const t = (v - (k * 0.693147180559663)) - (k * 2.8235290563031577e-13); // v = k ln 2 + t, |t| ≤ ln 2 / 2
  const p = 1 + (t + ((t * t) * ((((((((((((((((((2.5053776497551877e-8 * t) + 2.762609311280371e-7) * t) + 0.0000027557407684312353) * t) + 0.000024801505141880353) * t) + 0.0001984126971871166) * t) + 0.0013888888931667918) * t) + 0.008333333333389734) * t) + 0.041666666666576466) * t) + 0.16666666666666588) * t) + 0.5000000000000006))); // e^t
  const i = floor(k * 0.5);
  const e = (p * pow2(i)) * pow2(k - i); // e^v, subnormal results rounded once
  const s = (x < 0 ? e : 1) / (1 + e); // no cancellation, no overflow
  return s;
}

/** tanh(x), within 2.5 ulp. */
function tanh(x: number): number {
  const { abs, floor } = Math;
  const y = -2 * abs(x);
  const v = y < -40 ? -40 : y; // e^v - 1 rounds to -1 there; NaN passes
  const k = floor((v * 1.4426950408889634) + 0.5);
  const t = (v - (k * 0.693147180559663)) - (k * 2.8235290563031577e-13); // v = k ln 2 + t, |t| ≤ ln 2 / 2
  const p = t + ((t * t) * ((((((((((((((((((2.5053776497551877e-8 * t) + 2.762609311280371e-7) * t) + 0.0000027557407684312353) * t) + 0.000024801505141880353) * t) + 0.0001984126971871166) * t) + 0.0013888888931667918) * t) + 0.008333333333389734) * t) + 0.041666666666576466) * t) + 0.16666666666666588) * t) + 0.5000000000000006)); // e^t - 1
  const q = pow2(k);
  const m = (q * p) + (q - 1); // e^v - 1, full relative accuracy for tiny v
  const w = m / (m + 2); // -tanh(|x|)
  const u = x < 0 ? w : (x > 0 ? -w : x); // ±0 and NaN are themselves
  return u;
}

/** Once for the parameters: folds what depends on nothing else, and stacks the matrices of each product. */
export function prepare(parameters: Readonly<Record<string, FloatArray>>, { I, H }: Dimensions): Weights {
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
  const b_rs = new Float64Array(H);
  const b_zs = new Float64Array(H);
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
    I,
    H,
    W_x: stack(W_irs, W_izs, W_ins),
    b_x: stack(b_rs, b_zs, b_ins),
    W_h: stack(W_hrs, W_hzs, W_hns),
    b_hns: b_hns.slice(),
  };
}

/** Working memory: values of all rows, and of the row in hand. */
export interface Scratch {
  /** [rows, 3 * H] */
  readonly Wx: Vector;
  /** [3 * H] */
  readonly Wh: Vector;
}

/** Working memory for sequences of up to `rows` rows. */
export function scratch({ H }: Dimensions, rows: number): Scratch {
  return {
    Wx: new Float64Array(rows * 3 * H),
    Wh: new Float64Array(3 * H),
  };
}

/** Once for the rows of all steps: everything that does not need the state. */
export function before(weights: Weights, scratch: Scratch, rows: number, xs: Vector): void {
  const { H, I, W_x, b_x } = weights;
  const { Wx } = scratch;
  for (let row = 0; row < rows; row++) {
    // [x_r; x_z; x_n] = [W_ir; W_iz; W_in] @ x + [b_r; b_z; b_in]
    product(W_x, 3 * H, I, xs, row * I, Wx, row * 3 * H);
    addTo(Wx, row * 3 * H, b_x);
  }
}

/** One step of `batch` rows, of which the first is row `first` of the sequence; overwrites the state. */
export function step(weights: Weights, scratch: Scratch, first: number, batch: number, hs: Vector): void {
  const { H, W_h, b_hns } = weights;
  const { Wh, Wx } = scratch;
  for (let row = 0; row < batch; row++) {
    // [h_r; h_z; h_n] = [W_hr; W_hz; W_hn] @ h
    product(W_h, 3 * H, H, hs, row * H, Wh, 0);
    for (let j = 0; j < H; j++) {
      const x_r = Wx[(first + row) * 3 * H + j]!;
      const h_r = Wh[j]!;
      const x_z = Wx[(first + row) * 3 * H + H + j]!;
      const h_z = Wh[H + j]!;
      const x_n = Wx[(first + row) * 3 * H + 2 * H + j]!;
      const h_n = Wh[2 * H + j]!;
      const b_hn = b_hns[j]!;
      const h = hs[row * H + j]!;
      const r = sigmoid(x_r + h_r); // reset gate
      const z = sigmoid(x_z + h_z); // update gate
      const n = tanh(x_n + (r * (h_n + b_hn))); // candidate
      const h_next = ((1 - z) * n) + (z * h); // next state
      hs[row * H + j] = h_next;
    }
  }
}

/** What the forward pass records for the way back. */
export interface Trace {
  /** [rows, H] */
  readonly kept_hs: Vector;
  /** [rows, H] */
  readonly kept_rs: Vector;
  /** [rows, H] */
  readonly kept_zs: Vector;
  /** [rows, H] */
  readonly kept_u_ns: Vector;
  /** [rows, H] */
  readonly kept_ns: Vector;
}

/** Room for what sequences of up to `rows` rows record. */
export function trace({ H }: Dimensions, rows: number): Trace {
  return {
    kept_hs: new Float64Array(rows * H),
    kept_rs: new Float64Array(rows * H),
    kept_zs: new Float64Array(rows * H),
    kept_u_ns: new Float64Array(rows * H),
    kept_ns: new Float64Array(rows * H),
  };
}

/** As `step`, and records. */
export function recordStep(weights: Weights, scratch: Scratch, trace: Trace, first: number, batch: number, hs: Vector): void {
  const { H, W_h, b_hns } = weights;
  const { Wh, Wx } = scratch;
  const { kept_hs, kept_rs, kept_zs, kept_u_ns, kept_ns } = trace;
  for (let row = 0; row < batch; row++) {
    // [h_r; h_z; h_n] = [W_hr; W_hz; W_hn] @ h
    product(W_h, 3 * H, H, hs, row * H, Wh, 0);
    for (let j = 0; j < H; j++) {
      const x_r = Wx[(first + row) * 3 * H + j]!;
      const h_r = Wh[j]!;
      const x_z = Wx[(first + row) * 3 * H + H + j]!;
      const h_z = Wh[H + j]!;
      const h_n = Wh[2 * H + j]!;
      const b_hn = b_hns[j]!;
      const x_n = Wx[(first + row) * 3 * H + 2 * H + j]!;
      const h = hs[row * H + j]!;
      const r = sigmoid(x_r + h_r); // reset gate
      const z = sigmoid(x_z + h_z); // update gate
      const u_n = h_n + b_hn;
      const n = tanh(x_n + (r * u_n)); // candidate
      const h_next = ((1 - z) * n) + (z * h); // next state
      hs[row * H + j] = h_next;
      kept_hs[(first + row) * H + j] = h;
      kept_rs[(first + row) * H + j] = r;
      kept_zs[(first + row) * H + j] = z;
      kept_u_ns[(first + row) * H + j] = u_n;
      kept_ns[(first + row) * H + j] = n;
    }
  }
}

/** The parameters in the order in which the way back reads them. */
export interface AdjointWeights {
  readonly I: number;
  readonly H: number;
  /** [H, 3 * H]: W_hr, W_hz, W_hn, transposed */
  readonly V_p_h: Float64Array;
  /** [I, 3 * H]: W_ir, W_iz, W_in, transposed */
  readonly V_dx: Float64Array;
}

/** Once for the parameters: transposes the matrices of each product. */
export function prepareAdjoint(parameters: Readonly<Record<string, FloatArray>>, { I, H }: Dimensions): AdjointWeights {
  const W_irs = block(parameters['weight_ih'], 0, H * I);
  const W_izs = block(parameters['weight_ih'], 1, H * I);
  const W_ins = block(parameters['weight_ih'], 2, H * I);
  const W_hrs = block(parameters['weight_hh'], 0, H * H);
  const W_hzs = block(parameters['weight_hh'], 1, H * H);
  const W_hns = block(parameters['weight_hh'], 2, H * H);
  return {
    I,
    H,
    V_p_h: transposed(stack(W_hrs, W_hzs, W_hns), 3 * H, H, 0, H),
    V_dx: transposed(stack(W_irs, W_izs, W_ins), 3 * H, I, 0, I),
  };
}

/** Working memory of the way back: values of all rows, and of the row in hand. */
export interface AdjointScratch {
  /** [rows, 3 * H] */
  readonly into_p_h: Vector;
  /** [rows, 3 * H] */
  readonly into_dx: Vector;
  /** [H] */
  readonly g_hs: Vector;
  /** [H] */
  readonly p_hs: Vector;
}

/** Working memory of the way back, for sequences of up to `rows` rows. */
export function adjointScratch({ H }: Dimensions, rows: number): AdjointScratch {
  return {
    into_p_h: new Float64Array(rows * 3 * H),
    into_dx: new Float64Array(rows * 3 * H),
    g_hs: new Float64Array(H),
    p_hs: new Float64Array(H),
  };
}

/** One step backwards of `batch` rows, of which the first is row `first` of the sequence; overwrites what the step after gave. */
export function stepBack(weights: AdjointWeights, scratch: AdjointScratch, trace: Trace, first: number, batch: number, dys: Vector, dh_nexts: Vector): void {
  const { H, V_p_h } = weights;
  const { g_hs, into_dx, into_p_h, p_hs } = scratch;
  const { kept_zs, kept_ns, kept_rs, kept_hs, kept_u_ns } = trace;
  for (let row = 0; row < batch; row++) {
    for (let j = 0; j < H; j++) {
      const dh_next = dh_nexts[row * H + j]!;
      const dy = dys[(first + row) * H + j]!;
      const z = kept_zs[(first + row) * H + j]!;
      const n = kept_ns[(first + row) * H + j]!;
      const r = kept_rs[(first + row) * H + j]!;
      const h = kept_hs[(first + row) * H + j]!;
      const u_n = kept_u_ns[(first + row) * H + j]!;
      const g_h = dh_next + dy;
      const dn = g_h * (1 - z);
      const da_n = dn * (1 - (n * n));
      const dh_n = da_n * r;
      const dz = g_h * (h - n);
      const da_z = dz * (z * (1 - z));
      const dr = da_n * u_n;
      const da_r = dr * (r * (1 - r));
      g_hs[j] = g_h;
      into_dx[(first + row) * 3 * H + 2 * H + j] = da_n;
      into_p_h[(first + row) * 3 * H + 2 * H + j] = dh_n;
      into_p_h[(first + row) * 3 * H + H + j] = da_z;
      into_dx[(first + row) * 3 * H + H + j] = da_z;
      into_p_h[(first + row) * 3 * H + j] = da_r;
      into_dx[(first + row) * 3 * H + j] = da_r;
    }
    // p_h = [da_r; da_z; dh_n] @ [W_hr; W_hz; W_hn]
    product(V_p_h, H, 3 * H, into_p_h, (first + row) * 3 * H, p_hs, 0);
    for (let j = 0; j < H; j++) {
      const g_h = g_hs[j]!;
      const z = kept_zs[(first + row) * H + j]!;
      const p_h = p_hs[j]!;
      const dh = (g_h * z) + p_h;
      dh_nexts[row * H + j] = dh;
    }
  }
}

/** Once for the rows of all steps: what no step waits for. */
export function afterSteps(weights: AdjointWeights, scratch: AdjointScratch, _trace: Trace, rows: number, dxs: Vector): void {
  const { H, I, V_dx } = weights;
  const { into_dx } = scratch;
  for (let row = 0; row < rows; row++) {
    // dx = [da_r; da_z; da_n] @ [W_ir; W_iz; W_in]
    product(V_dx, I, 3 * H, into_dx, row * 3 * H, dxs, row * I);
  }
}

/** The gradients of the parameters, as the layers name and stack them: sums over the rows of all steps. */
export function gradients(weights: AdjointWeights, scratch: AdjointScratch, trace: Trace, rows: number, xs: Vector): Record<string, Vector> {
  const { H, I } = weights;
  const { into_p_h, into_dx } = scratch;
  const { kept_hs } = trace;
  const weight_ih = new Float64Array(3 * H * I);
  const weight_hh = new Float64Array(3 * H * H);
  const bias_ih = new Float64Array(3 * H);
  const bias_hh = new Float64Array(3 * H);
  const dW_irs = block(weight_ih, 0, H * I);
  const dW_izs = block(weight_ih, 1, H * I);
  const dW_ins = block(weight_ih, 2, H * I);
  const dW_hrs = block(weight_hh, 0, H * H);
  const dW_hzs = block(weight_hh, 1, H * H);
  const dW_hns = block(weight_hh, 2, H * H);
  const db_rs = block(bias_ih, 0, H);
  const db_zs = block(bias_ih, 1, H);
  const db_ins = block(bias_ih, 2, H);
  const db_hns = block(bias_hh, 2, H);
  const columns_da_r = transposed(into_p_h, rows, 3 * H, 0, H);
  const columns_da_z = transposed(into_p_h, rows, 3 * H, H, H);
  const columns_da_n = transposed(into_dx, rows, 3 * H, 2 * H, H);
  const columns_dh_n = transposed(into_p_h, rows, 3 * H, 2 * H, H);
  const columns_x_operand = transposed(xs, rows, I, 0, I);
  const columns_h_operand = transposed(kept_hs, rows, H, 0, H);
  const ones = new Float64Array(rows).fill(1);
  // [db_r; db_z; db_in; db_hn] = [da_r; da_z; da_n; dh_n], summed
  sumOfOuter(columns_da_r, H, ones, 1, rows, db_rs);
  sumOfOuter(columns_da_z, H, ones, 1, rows, db_zs);
  sumOfOuter(columns_da_n, H, ones, 1, rows, db_ins);
  sumOfOuter(columns_dh_n, H, ones, 1, rows, db_hns);
  // [dW_ir; dW_iz; dW_in] = outer([da_r; da_z; da_n], x), summed
  sumOfOuter(columns_da_r, H, columns_x_operand, I, rows, dW_irs);
  sumOfOuter(columns_da_z, H, columns_x_operand, I, rows, dW_izs);
  sumOfOuter(columns_da_n, H, columns_x_operand, I, rows, dW_ins);
  // [dW_hr; dW_hz; dW_hn] = outer([da_r; da_z; dh_n], h), summed
  sumOfOuter(columns_da_r, H, columns_h_operand, H, rows, dW_hrs);
  sumOfOuter(columns_da_z, H, columns_h_operand, H, rows, dW_hzs);
  sumOfOuter(columns_dh_n, H, columns_h_operand, H, rows, dW_hns);
  block(bias_hh, 0, H).set(db_rs); // db_hr = db_r
  block(bias_hh, 1, H).set(db_zs); // db_hz = db_z
  return { weight_ih, weight_hh, bias_ih, bias_hh };
}

/** The 64 elements of the vector in hand. */
const part = new Float64Array(64);

/**
 * out[to + i] = Σ_k W[i, k] v[at + k] for the `rows` rows of W: sums of 64 products from the left, added from the left.
 * 8 rows at a time, so that their additions overlap.
 */
function product(W: Float64Array, rows: number, columns: number, v: Vector, at: number, out: Vector, to: number): void {
  for (let start = 0; start < columns; start += 64) {
    const length = Math.min(64, columns - start);
    for (let k = 0; k < length; k++) part[k] = v[at + start + k]!;
    let i = 0;
    for (; i + 8 <= rows; i += 8) {
      const row0 = i * columns + start;
      const row1 = row0 + columns;
      const row2 = row1 + columns;
      const row3 = row2 + columns;
      const row4 = row3 + columns;
      const row5 = row4 + columns;
      const row6 = row5 + columns;
      const row7 = row6 + columns;
      let sum0 = 0;
      let sum1 = 0;
      let sum2 = 0;
      let sum3 = 0;
      let sum4 = 0;
      let sum5 = 0;
      let sum6 = 0;
      let sum7 = 0;
      for (let k = 0; k < length; k++) {
        const vk = part[k]!;
        sum0 = sum0 + W[row0 + k]! * vk;
        sum1 = sum1 + W[row1 + k]! * vk;
        sum2 = sum2 + W[row2 + k]! * vk;
        sum3 = sum3 + W[row3 + k]! * vk;
        sum4 = sum4 + W[row4 + k]! * vk;
        sum5 = sum5 + W[row5 + k]! * vk;
        sum6 = sum6 + W[row6 + k]! * vk;
        sum7 = sum7 + W[row7 + k]! * vk;
      }
      const into = to + i;
      out[into] = start === 0 ? sum0 : out[into]! + sum0;
      out[into + 1] = start === 0 ? sum1 : out[into + 1]! + sum1;
      out[into + 2] = start === 0 ? sum2 : out[into + 2]! + sum2;
      out[into + 3] = start === 0 ? sum3 : out[into + 3]! + sum3;
      out[into + 4] = start === 0 ? sum4 : out[into + 4]! + sum4;
      out[into + 5] = start === 0 ? sum5 : out[into + 5]! + sum5;
      out[into + 6] = start === 0 ? sum6 : out[into + 6]! + sum6;
      out[into + 7] = start === 0 ? sum7 : out[into + 7]! + sum7;
    }
    for (; i < rows; i++) {
      const row = i * columns + start;
      let sum = 0;
      for (let k = 0; k < length; k++) sum = sum + W[row + k]! * part[k]!;
      out[to + i] = start === 0 ? sum : out[to + i]! + sum;
    }
  }
}

/** Adds a vector to the elements from `to` on. */
function addTo(out: Vector, to: number, vector: Vector): void {
  for (let j = 0; j < vector.length; j++) out[to + j] = out[to + j]! + vector[j]!;
}

/** `width` columns of an array of rows, from `start` on, as rows: [width, rows]. */
function transposed(array: Vector, rows: number, stride: number, start: number, width: number): Vector {
  const result = new Float64Array(width * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++) result[column * rows + row] = array[row * stride + start + column]!;
  }
  return result;
}

/** out[i, k] = Σ_row left[i, row] right[k, row]: the sum over all rows of the products of two values' elements. */
function sumOfOuter(left: Vector, lefts: number, right: Float64Array, rights: number, rows: number, out: Vector): void {
  for (let i = 0; i < lefts; i++) product(right, rights, rows, left, i * rows, out, i * rights);
}

/** The block of `length` elements at `index` of a stacked parameter. */
function block(parameter: FloatArray | undefined, index: number, length: number): Vector {
  return (parameter as Vector).subarray(index * length, (index + 1) * length);
}

/** The blocks one after the other, copied. */
function stack(...blocks: readonly Vector[]): Vector {
  const all = new Float64Array(blocks.reduce((length, { length: more }) => length + more, 0));
  let at = 0;
  for (const each of blocks) {
    all.set(each, at);
    at += each.length;
  }
  return all;
}
