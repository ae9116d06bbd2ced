// Generated from packages/spec/src/cells/rnn_tanh.ts by packages/scalar/codegen. Do not edit.
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

import type { Kernels } from '@congruent/scalar/define';

type Dimensions = Readonly<Record<'I' | 'H', number>>;

type Vector = Float32Array;

type Tensors = readonly [weight_ih: Vector, weight_hh: Vector, bias_ih: Vector, bias_hh: Vector];

export const kernels: Kernels = { prepare, scratch, run, stepper, residuals, record, prepareBackward, backwardScratch, pullBack };

/** Room for the residuals of `rows` rows: h, h_next. */
function residuals({ H }: Dimensions, rows: number): Vector {
  return new Float32Array(rows * 2 * H);
}

/** The parameters in the order in which the products read them. */
interface Weights {
  readonly I: number;
  readonly H: number;
  /** [H, I]: W_ih */
  readonly W_x: Float64Array;
  /** [H]: b_h */
  readonly b_x: Vector;
  /** [H, H]: W_hh */
  readonly W_h: Float64Array;
}

/** Once for the parameters: computes what depends on nothing else, and packs the matrix of each product. */
function prepare(tensors: Tensors, { I, H }: Dimensions): Weights {
  const { fround } = Math;
  const [weight_ih, weight_hh, bias_ih, bias_hh] = tensors;
  const b_hs = new Float32Array(H);
  const b_x = new Float32Array(H);
  const W_x = new Float64Array(stack(block(weight_ih, 0, H * I)));
  const W_h = new Float64Array(stack(block(weight_hh, 0, H * H)));
  for (let j = 0; j < H; j++) {
    const b_ih = bias_ih[j]!;
    const b_hh = bias_hh[j]!;
    const b_h = fround(b_ih + b_hh);
    b_hs[j] = b_h;
  }
  copy(b_hs, 0, b_x, 0, H);
  return { I, H, W_x, b_x, W_h };
}

/** Working memory: of all rows, and of the row in hand. */
interface Scratch {
  /** [rows, H]: x_h */
  readonly Wx: Vector;
  /** [H]: h_h */
  readonly Wh: Vector;
}

/** Working memory for sequences of up to `rows` rows. */
function scratch({ H }: Dimensions, rows: number): Scratch {
  return {
    Wx: new Float32Array(rows * H),
    Wh: new Float32Array(H),
  };
}

/** For the rows of all steps at once: what no step needs to wait for. */
function eachRow(weights: Weights, scratch: Scratch, rows: number, xs: Vector): void {
  const { I, H, W_x, b_x } = weights;
  const { Wx } = scratch;
  for (let row = 0; row < rows; row++) {
    // x_h = W_ih @ x + b_h
    product(W_x, H, I, xs, row * I, Wx, row * H);
    addTo(Wx, row * H, b_x, 0, H);
  }
}

/** One step of `batch` rows, of which the first is row `first` of the sequence; overwrites what it hands on. */
function step(weights: Weights, scratch: Scratch, first: number, batch: number, hs: Vector, h_nexts: Vector): void {
  const { fround } = Math;
  const { H, W_h } = weights;
  const { Wx, Wh } = scratch;
  for (let row = first; row < first + batch; row++) {
    // h_h = W_hh @ h
    product(W_h, H, H, hs, (row - first) * H, Wh, 0);
    for (let j = 0; j < H; j++) {
      const x_h = Wx[row * H + j]!;
      const h_h = Wh[j]!;
      const h_next = tanh(fround(x_h + h_h)); // next state
      hs[(row - first) * H + j] = h_next;
      h_nexts[row * H + j] = h_next;
    }
  }
}

/** One step of `batch` rows, of which the first is row `first` of the sequence; overwrites what it hands on. */
function recordStep(weights: Weights, scratch: Scratch, first: number, batch: number, hs: Vector, h_nexts: Vector, residuals: Vector): void {
  const { fround } = Math;
  const { H, W_h } = weights;
  const { Wx, Wh } = scratch;
  for (let row = first; row < first + batch; row++) {
    // h_h = W_hh @ h
    product(W_h, H, H, hs, (row - first) * H, Wh, 0);
    for (let j = 0; j < H; j++) {
      const x_h = Wx[row * H + j]!;
      const h_h = Wh[j]!;
      const h = hs[(row - first) * H + j]!;
      const h_next = tanh(fround(x_h + h_h)); // next state
      hs[(row - first) * H + j] = h_next;
      h_nexts[row * H + j] = h_next;
      residuals[row * 2 * H + j] = h;
      residuals[row * 2 * H + H + j] = h_next;
    }
  }
}

/** The whole sequence: overwrites the states with the last ones, writes the outputs. */
function run(weights: Weights, scratch: Scratch, batchSizes: readonly number[], reverse: boolean, xs: Vector, hs: Vector, h_nexts: Vector): void {
  const rows = rowsIn(batchSizes);
  eachRow(weights, scratch, rows, xs);
  eachStep(batchSizes, reverse, (first, batch) => step(weights, scratch, first, batch, hs, h_nexts));
}

/** A step of `batch` rows over these operands. */
function stepper(weights: Weights, scratch: Scratch, batch: number, xs: Vector, hs: Vector, h_nexts: Vector): () => void {
  return () => {
    eachRow(weights, scratch, batch, xs);
    step(weights, scratch, 0, batch, hs, h_nexts);
  };
}

/** As `run`, and writes the residuals. */
function record(weights: Weights, scratch: Scratch, batchSizes: readonly number[], reverse: boolean, xs: Vector, hs: Vector, h_nexts: Vector, residuals: Vector): void {
  const rows = rowsIn(batchSizes);
  eachRow(weights, scratch, rows, xs);
  eachStep(batchSizes, reverse, (first, batch) => recordStep(weights, scratch, first, batch, hs, h_nexts, residuals));
}

/** The parameters in the order in which the products of the backward pass read them. */
interface BackwardWeights {
  readonly I: number;
  readonly H: number;
  /** [H, H]: W_hh, transposed */
  readonly V_dh: Float64Array;
  /** [I, H]: W_ih, transposed */
  readonly V_dx: Float64Array;
}

/** Once for the parameters: computes what depends on nothing else, and packs the matrix of each product. */
function prepareBackward(tensors: Tensors, { I, H }: Dimensions): BackwardWeights {
  const [weight_ih, weight_hh] = tensors;
  const V_dh = new Float64Array(transposed(stack(block(weight_hh, 0, H * H)), H, H, 0, H));
  const V_dx = new Float64Array(transposed(stack(block(weight_ih, 0, H * I)), H, I, 0, I));
  return { I, H, V_dh, V_dx };
}

/** Working memory of the backward pass: of all rows, and of the row in hand. */
interface BackwardScratch {
  /** [rows, H]: da_h */
  readonly da_hs: Vector;
  /** [H]: dh */
  readonly whole_dh: Vector;
}

/** Working memory of the backward pass for sequences of up to `rows` rows. */
function backwardScratch({ H }: Dimensions, rows: number): BackwardScratch {
  return {
    da_hs: new Float32Array(rows * H),
    whole_dh: new Float32Array(H),
  };
}

/** One step of `batch` rows, of which the first is row `first` of the sequence; overwrites what it hands on. */
function stepBack(weights: BackwardWeights, scratch: BackwardScratch, first: number, batch: number, dys: Vector, dh_nexts: Vector, residuals: Vector): void {
  const { fround } = Math;
  const { H, V_dh } = weights;
  const { da_hs, whole_dh } = scratch;
  for (let row = first; row < first + batch; row++) {
    for (let j = 0; j < H; j++) {
      const dh_next = dh_nexts[(row - first) * H + j]!;
      const dy = dys[row * H + j]!;
      const h_next = residuals[row * 2 * H + H + j]!;
      const g_h = fround(dh_next + dy);
      const da_h = fround(g_h * fround(1 - fround(h_next * h_next)));
      da_hs[row * H + j] = da_h;
    }
    // dh = da_h @ W_hh
    product(V_dh, H, H, da_hs, row * H, whole_dh, 0);
    copy(whole_dh, 0, dh_nexts, (row - first) * H, H);
  }
}

/** For the rows of all steps at once: what no step needs to wait for. */
function eachRowBack(weights: BackwardWeights, scratch: BackwardScratch, rows: number, dxs: Vector): void {
  const { I, H, V_dx } = weights;
  const { da_hs } = scratch;
  for (let row = 0; row < rows; row++) {
    // dx = da_h @ W_ih
    product(V_dx, I, H, da_hs, row * H, dxs, row * I);
  }
}

/** The gradients of the parameters: sums over the rows of all steps. */
function sumGradients(weights: BackwardWeights, scratch: BackwardScratch, rows: number, xs: Vector, residuals: Vector, dweight_ih: Vector, dweight_hh: Vector, dbias_ih: Vector, dbias_hh: Vector): void {
  const { I, H } = weights;
  const { da_hs } = scratch;
  const columns = [
    transposed(da_hs, rows, H, 0, H),
  ];
  let right: Float64Array;
  // db_h = da_h, summed
  right = new Float64Array(rows).fill(1);
  sumOfOuter(columns[0]!, H, right, 1, rows, dbias_ih, 0);
  // dW_ih = outer(da_h, x), summed
  right = new Float64Array(transposed(xs, rows, I, 0, I));
  sumOfOuter(columns[0]!, H, right, I, rows, dweight_ih, 0);
  // dW_hh = outer(da_h, h), summed
  right = new Float64Array(transposed(residuals, rows, 2 * H, 0, H));
  sumOfOuter(columns[0]!, H, right, H, rows, dweight_hh, 0);
  copy(dbias_ih, 0, dbias_hh, 0, H);
}

/** The whole sequence backwards: writes the adjoints of inputs and tensors, overwrites the states' with the first ones. */
function pullBack(weights: BackwardWeights, scratch: BackwardScratch, residuals: Vector, batchSizes: readonly number[], reverse: boolean, xs: Vector, dys: Vector, dxs: Vector, dh_nexts: Vector, dweight_ih: Vector, dweight_hh: Vector, dbias_ih: Vector, dbias_hh: Vector): void {
  const rows = rowsIn(batchSizes);
  eachStep(batchSizes, !reverse, (first, batch) => stepBack(weights, scratch, first, batch, dys, dh_nexts, residuals));
  eachRowBack(weights, scratch, rows, dxs);
  sumGradients(weights, scratch, rows, xs, residuals, dweight_ih, dweight_hh, dbias_ih, dbias_hh);
}

/** tanh(x), within 1.5 ulp. */
function tanh(x: number): number {
  const { abs, floor, fround } = Math;
  const y = abs(x);
  const v = y > 10 ? 10 : y; // 1 - tanh v rounds to 0 there; NaN passes
  const k = floor(fround(0.5 - fround(v * 2.885390043258667)));
  const t = fround(v + fround(k * 0.3465735912322998)); // 2 v = 2 t - k ln 2, |t| ≤ ln 2 / 4
  const z = fround(t * t);
  const p = fround(t + fround(z * fround(fround(fround(fround(0.04442404583096504 * z) + fround(fround(0.13386476039886475 * t) + 0.33333760499954224)) * z) + fround(fround(0.6666617393493652 * t) + 0.9999999403953552)))); // (e^2t - 1) / 2
  const q = pow2(k);
  const w = fround(1 - fround(q / fround(fround(fround(0.5 * q) + 0.5) + p))); // tanh v
  const g = x < w ? x : w; // x is beyond w, or -w, where w is the result
  const b = -w < g ? g : -w;
  const f = fround(x * x);
  const m = fround(x * fround(1 + fround(f * fround(fround(fround(fround(fround(fround(fround(fround(-0.006047165021300316 * f) + 0.020912306383252144) * f) + -0.05381417274475098) * f) + 0.1333223134279251) * f) + -0.3333330750465393)))); // ±0 are themselves
  const u = y < 0.5799999833106995 ? m : b;
  return u;
}

/** 2^k for k from -126 to 127. */
const POWERS: Vector = Float32Array.from({ length: 254 }, (_, index) => 2 ** (index - 126));

/** 2^k for an integer k, exact. */
function pow2(k: number): number {
  return POWERS[(k + 126) | 0]!;
}

/** The 64 elements of the vector in hand. */
const part: Float64Array = new Float64Array(64);

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

/** Adds the elements from `at` on to those from `to` on. */
function addTo(out: Vector, to: number, v: Vector, at: number, length: number): void {
  const { fround } = Math;
  for (let j = 0; j < length; j++) out[to + j] = fround(out[to + j]! + v[at + j]!);
}

/** Copies the elements from `at` on to those from `to` on. */
function copy(v: Vector, at: number, out: Vector, to: number, length: number): void {
  for (let j = 0; j < length; j++) out[to + j] = v[at + j]!;
}

/** `length` elements from `at` on. */
function block(tensor: Vector, at: number, length: number): Vector {
  return tensor.subarray(at, at + length);
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

/** `width` columns of an array of rows, from `start` on, as rows: [width, rows]. */
function transposed(array: Vector, rows: number, stride: number, start: number, width: number): Vector {
  const result = new Float32Array(width * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++) result[column * rows + row] = array[row * stride + start + column]!;
  }
  return result;
}

/** out[to + i, k] = Σ_row left[i, row] right[k, row]: the sum over all rows of the products of two values' elements. */
function sumOfOuter(left: Vector, lefts: number, right: Float64Array, rights: number, rows: number, out: Vector, to: number): void {
  for (let i = 0; i < lefts; i++) product(right, rights, rows, left, i * rows, out, to + i * rights);
}

/** How many rows all steps have. */
function rowsIn(batchSizes: readonly number[]): number {
  return batchSizes.reduce((sum, batch) => sum + batch, 0);
}

/** Calls `step` for each step in turn: with its first row among those of the sequence, and how many it has. */
function eachStep(batchSizes: readonly number[], backwards: boolean, step: (first: number, batch: number) => void): void {
  let first = backwards ? rowsIn(batchSizes) : 0;
  for (const batch of backwards ? batchSizes.toReversed() : batchSizes) {
    if (backwards) first -= batch;
    step(first, batch);
    if (!backwards) first += batch;
  }
}
