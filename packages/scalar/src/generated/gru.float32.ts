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

import type { CellSignature, Dimensions, FloatArray } from '@congruent/runtime';

type Vector = Float32Array;

/** The parameters, as the layers name and stack them. */
export const signature: CellSignature = {
  name: 'gru',
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

/** Working memory: values of all rows, and of the row in hand. */
export interface Scratch {
  /** [rows, 3 * H] */
  readonly Wx: Vector;
  /** [3 * H] */
  readonly Wh: Vector;
}

/** 2^k for k from -126 to 127. */
const POWERS: Vector = Float32Array.from({ length: 254 }, (_, index) => 2 ** (index - 126));

/** 2^k for an integer k, exact. */
function pow2(k: number): number {
  return POWERS[(k + 126) | 0]!;
}

/** sigmoid(x), within 2.5 ulp. */
function sigmoid(x: number): number {
  const { abs, floor, fround } = Math;
  const y = -abs(x);
  const v = y < -104 ? -104 : y; // e^v rounds to 0 there; NaN passes
  const k = floor(fround(fround(v * 1.4426950216293335) + 0.5));
  const t = fround(fround(v - fround(k * 0.693145751953125)) - fround(k * 0.000001428606765330187)); // v = k ln 2 + t, |t| ≤ ln 2 / 2
  const p = fround(1 + fround(t + fround(fround(t * t) * fround(fround(fround(fround(fround(fround(fround(fround(0.0013882514322176576 * t) + 0.008366547524929047) * t) + 0.04166720062494278) * t) + 0.1666654348373413) * t) + 0.4999999701976776)))); // e^t
  const i = floor(fround(k * 0.5));
  const e = fround(fround(p * pow2(i)) * pow2(fround(k - i))); // e^v, subnormal results rounded once
  const s = fround((x < 0 ? e : 1) / fround(1 + e)); // no cancellation, no overflow
  return s;
}

/** tanh(x), within 2.5 ulp. */
function tanh(x: number): number {
  const { abs, floor, fround } = Math;
  const y = -fround(2 * abs(x));
  const v = y < -20 ? -20 : y; // e^v - 1 rounds to -1 there; NaN passes
  const k = floor(fround(fround(v * 1.4426950216293335) + 0.5));
  const t = fround(fround(v - fround(k * 0.693145751953125)) - fround(k * 0.000001428606765330187)); // v = k ln 2 + t, |t| ≤ ln 2 / 2
  const p = fround(t + fround(fround(t * t) * fround(fround(fround(fround(fround(fround(fround(fround(0.0013882514322176576 * t) + 0.008366547524929047) * t) + 0.04166720062494278) * t) + 0.1666654348373413) * t) + 0.4999999701976776))); // e^t - 1
  const q = pow2(k);
  const m = fround(fround(q * p) + fround(q - 1)); // e^v - 1, full relative accuracy for tiny v
  const w = fround(m / fround(m + 2)); // -tanh(|x|)
  const u = x < 0 ? w : (x > 0 ? -w : x); // ±0 and NaN are themselves
  return u;
}

/** Once for the parameters: folds what depends on nothing else, and stacks the matrices of each product. */
export function prepare(parameters: Readonly<Record<string, FloatArray>>, { I, H }: Dimensions): Weights {
  const { fround } = Math;
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
    const b_r = fround(b_ir + b_hr);
    const b_z = fround(b_iz + b_hz);
    b_rs[j] = b_r;
    b_zs[j] = b_z;
  }

  return {
    I,
    H,
    W_x: new Float64Array(stack(W_irs, W_izs, W_ins)),
    b_x: stack(b_rs, b_zs, b_ins),
    W_h: new Float64Array(stack(W_hrs, W_hzs, W_hns)),
    b_hns: b_hns.slice(),
  };
}

/** Working memory for sequences of up to `rows` rows. */
export function scratch({ H }: Dimensions, rows: number): Scratch {
  return {
    Wx: new Float32Array(rows * 3 * H),
    Wh: new Float32Array(3 * H),
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
  const { fround } = Math;
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
      const r = sigmoid(fround(x_r + h_r)); // reset gate
      const z = sigmoid(fround(x_z + h_z)); // update gate
      const n = tanh(fround(x_n + fround(r * fround(h_n + b_hn)))); // candidate
      const h_next = fround(fround(fround(1 - z) * n) + fround(z * h)); // next state
      hs[row * H + j] = h_next;
    }
  }
}

/** The 64 elements of the vector in hand. */
const part = new Float64Array(64);

/**
 * out[to + i] = Σ_k W[i, k] v[at + k] for the `rows` rows of W: sums of 64 products from the left, added from the left.
 * 8 rows at a time, so that their additions overlap.
 *
 * W and the vector are float32 values held in float64, as they are exact there and V8, which has no float32 arithmetic
 * outside of WebAssembly, would convert each of them whenever it is used.
 */
function product(W: Float64Array, rows: number, columns: number, v: Vector, at: number, out: Vector, to: number): void {
  const { fround } = Math;
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
        sum0 = fround(sum0 + fround(W[row0 + k]! * vk));
        sum1 = fround(sum1 + fround(W[row1 + k]! * vk));
        sum2 = fround(sum2 + fround(W[row2 + k]! * vk));
        sum3 = fround(sum3 + fround(W[row3 + k]! * vk));
        sum4 = fround(sum4 + fround(W[row4 + k]! * vk));
        sum5 = fround(sum5 + fround(W[row5 + k]! * vk));
        sum6 = fround(sum6 + fround(W[row6 + k]! * vk));
        sum7 = fround(sum7 + fround(W[row7 + k]! * vk));
      }
      const into = to + i;
      out[into] = start === 0 ? sum0 : fround(out[into]! + sum0);
      out[into + 1] = start === 0 ? sum1 : fround(out[into + 1]! + sum1);
      out[into + 2] = start === 0 ? sum2 : fround(out[into + 2]! + sum2);
      out[into + 3] = start === 0 ? sum3 : fround(out[into + 3]! + sum3);
      out[into + 4] = start === 0 ? sum4 : fround(out[into + 4]! + sum4);
      out[into + 5] = start === 0 ? sum5 : fround(out[into + 5]! + sum5);
      out[into + 6] = start === 0 ? sum6 : fround(out[into + 6]! + sum6);
      out[into + 7] = start === 0 ? sum7 : fround(out[into + 7]! + sum7);
    }
    for (; i < rows; i++) {
      const row = i * columns + start;
      let sum = 0;
      for (let k = 0; k < length; k++) sum = fround(sum + fround(W[row + k]! * part[k]!));
      out[to + i] = start === 0 ? sum : fround(out[to + i]! + sum);
    }
  }
}

/** Adds a vector to the elements from `to` on. */
function addTo(out: Vector, to: number, vector: Vector): void {
  const { fround } = Math;
  for (let j = 0; j < vector.length; j++) out[to + j] = fround(out[to + j]! + vector[j]!);
}

/** The block of `length` elements at `index` of a stacked parameter. */
function block(parameter: FloatArray | undefined, index: number, length: number): Vector {
  return (parameter as Vector).subarray(index * length, (index + 1) * length);
}

/** The blocks one after the other, copied. */
function stack(...blocks: readonly Vector[]): Vector {
  const all = new Float32Array(blocks.reduce((length, { length: more }) => length + more, 0));
  let at = 0;
  for (const each of blocks) {
    all.set(each, at);
    at += each.length;
  }
  return all;
}
