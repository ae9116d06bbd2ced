// Generated from packages/spec/src/cells/gru_reset_before.ts by packages/scalar/codegen. Do not edit.
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

import type { Kernels } from '@congruent/scalar/define';

type Dimensions = Readonly<Record<'I' | 'H', number>>;

type Vector = Float32Array;

type Tensors = readonly [weight_ih: Vector, weight_hh: Vector, bias_ih: Vector, bias_hh: Vector];

export const kernels: Kernels = { prepare, scratch, run, stepper, residuals, record, prepareBackward, backwardScratch, pullBack };

/** Room for the residuals of `rows` rows: h, r, z, n. */
function residuals({ H }: Dimensions, rows: number): Vector {
  return new Float32Array(rows * 4 * H);
}

/** The parameters in the order in which the products read them. */
interface Weights {
  readonly I: number;
  readonly H: number;
  /** [3 * H, I]: W_ir, W_iz, W_in */
  readonly W_x: Float64Array;
  /** [3 * H]: b_r, b_z, b_n */
  readonly b_x: Vector;
  /** [2 * H, H]: W_hr, W_hz */
  readonly W_h: Float64Array;
  /** [H, H]: W_hn */
  readonly W_v: Float64Array;
}

/** Once for the parameters: computes what depends on nothing else, and packs the matrix of each product. */
function prepare(tensors: Tensors, { I, H }: Dimensions): Weights {
  const { fround } = Math;
  const [weight_ih, weight_hh, bias_ih, bias_hh] = tensors;
  const b_rs = new Float32Array(H);
  const b_zs = new Float32Array(H);
  const b_ns = new Float32Array(H);
  const b_x = new Float32Array(3 * H);
  const W_x = new Float64Array(stack(block(weight_ih, 0, H * I), block(weight_ih, H * I, H * I), block(weight_ih, 2 * H * I, H * I)));
  const W_h = new Float64Array(stack(block(weight_hh, 0, H * H), block(weight_hh, H * H, H * H)));
  const W_v = new Float64Array(stack(block(weight_hh, 2 * H * H, H * H)));
  for (let j = 0; j < H; j++) {
    const b_ir = bias_ih[j]!;
    const b_hr = bias_hh[j]!;
    const b_iz = bias_ih[H + j]!;
    const b_hz = bias_hh[H + j]!;
    const b_in = bias_ih[2 * H + j]!;
    const b_hn = bias_hh[2 * H + j]!;
    const b_r = fround(b_ir + b_hr);
    const b_z = fround(b_iz + b_hz);
    const b_n = fround(b_in + b_hn);
    b_rs[j] = b_r;
    b_zs[j] = b_z;
    b_ns[j] = b_n;
  }
  copy(b_rs, 0, b_x, 0, H);
  copy(b_zs, 0, b_x, H, H);
  copy(b_ns, 0, b_x, 2 * H, H);
  return { I, H, W_x, b_x, W_h, W_v };
}

/** Working memory: of all rows, and of the row in hand. */
interface Scratch {
  /** [rows, 3 * H]: x_r, x_z, x_n */
  readonly Wx: Vector;
  /** [2 * H]: h_r, h_z */
  readonly Wh: Vector;
  /** [H]: v */
  readonly vs: Vector;
  /** [H]: v_n */
  readonly Wv: Vector;
}

/** Working memory for sequences of up to `rows` rows. */
function scratch({ H }: Dimensions, rows: number): Scratch {
  return {
    Wx: new Float32Array(rows * 3 * H),
    Wh: new Float32Array(2 * H),
    vs: new Float32Array(H),
    Wv: new Float32Array(H),
  };
}

/** For the rows of all steps at once: what no step needs to wait for. */
function eachRow(weights: Weights, scratch: Scratch, rows: number, xs: Vector): void {
  const { I, H, W_x, b_x } = weights;
  const { Wx } = scratch;
  for (let row = 0; row < rows; row++) {
    // [x_r; x_z; x_n] = [W_ir; W_iz; W_in] @ x + [b_r; b_z; b_n]
    product(W_x, 3 * H, I, xs, row * I, Wx, row * 3 * H);
    addTo(Wx, row * 3 * H, b_x, 0, 3 * H);
  }
}

/** One step of `batch` rows, of which the first is row `first` of the sequence; overwrites what it hands on. */
function step(weights: Weights, scratch: Scratch, first: number, batch: number, hs: Vector, h_nexts: Vector): void {
  const { fround } = Math;
  const { H, W_h, W_v } = weights;
  const { Wx, Wh, vs, Wv } = scratch;
  for (let row = first; row < first + batch; row++) {
    // [h_r; h_z] = [W_hr; W_hz] @ h
    product(W_h, 2 * H, H, hs, (row - first) * H, Wh, 0);
    for (let j = 0; j < H; j++) {
      const x_r = Wx[row * 3 * H + j]!;
      const h_r = Wh[j]!;
      const h = hs[(row - first) * H + j]!;
      const r = sigmoid(fround(x_r + h_r)); // reset gate
      const v = fround(r * h);
      vs[j] = v;
    }
    // v_n = W_hn @ v
    product(W_v, H, H, vs, 0, Wv, 0);
    for (let j = 0; j < H; j++) {
      const x_z = Wx[row * 3 * H + H + j]!;
      const h_z = Wh[H + j]!;
      const x_n = Wx[row * 3 * H + 2 * H + j]!;
      const v_n = Wv[j]!;
      const h = hs[(row - first) * H + j]!;
      const z = sigmoid(fround(x_z + h_z)); // update gate
      const n = tanh(fround(x_n + v_n)); // candidate
      const h_next = fround(fround(fround(1 - z) * n) + fround(z * h)); // next state
      hs[(row - first) * H + j] = h_next;
      h_nexts[row * H + j] = h_next;
    }
  }
}

/** One step of `batch` rows, of which the first is row `first` of the sequence; overwrites what it hands on. */
function recordStep(weights: Weights, scratch: Scratch, first: number, batch: number, hs: Vector, h_nexts: Vector, residuals: Vector): void {
  const { fround } = Math;
  const { H, W_h, W_v } = weights;
  const { Wx, Wh, vs, Wv } = scratch;
  for (let row = first; row < first + batch; row++) {
    // [h_r; h_z] = [W_hr; W_hz] @ h
    product(W_h, 2 * H, H, hs, (row - first) * H, Wh, 0);
    for (let j = 0; j < H; j++) {
      const x_r = Wx[row * 3 * H + j]!;
      const h_r = Wh[j]!;
      const h = hs[(row - first) * H + j]!;
      const r = sigmoid(fround(x_r + h_r)); // reset gate
      const v = fround(r * h);
      vs[j] = v;
      residuals[row * 4 * H + j] = h;
      residuals[row * 4 * H + H + j] = r;
    }
    // v_n = W_hn @ v
    product(W_v, H, H, vs, 0, Wv, 0);
    for (let j = 0; j < H; j++) {
      const x_z = Wx[row * 3 * H + H + j]!;
      const h_z = Wh[H + j]!;
      const x_n = Wx[row * 3 * H + 2 * H + j]!;
      const v_n = Wv[j]!;
      const h = hs[(row - first) * H + j]!;
      const z = sigmoid(fround(x_z + h_z)); // update gate
      const n = tanh(fround(x_n + v_n)); // candidate
      const h_next = fround(fround(fround(1 - z) * n) + fround(z * h)); // next state
      hs[(row - first) * H + j] = h_next;
      h_nexts[row * H + j] = h_next;
      residuals[row * 4 * H + 2 * H + j] = z;
      residuals[row * 4 * H + 3 * H + j] = n;
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
  /** [H, H]: W_hn, transposed */
  readonly V_dv: Float64Array;
  /** [H, 2 * H]: W_hr, W_hz, transposed */
  readonly V_p_h: Float64Array;
  /** [I, 3 * H]: W_ir, W_iz, W_in, transposed */
  readonly V_dx: Float64Array;
}

/** Once for the parameters: computes what depends on nothing else, and packs the matrix of each product. */
function prepareBackward(tensors: Tensors, { I, H }: Dimensions): BackwardWeights {
  const [weight_ih, weight_hh] = tensors;
  const V_dv = new Float64Array(transposed(stack(block(weight_hh, 2 * H * H, H * H)), H, H, 0, H));
  const V_p_h = new Float64Array(transposed(stack(block(weight_hh, 0, H * H), block(weight_hh, H * H, H * H)), 2 * H, H, 0, H));
  const V_dx = new Float64Array(transposed(stack(block(weight_ih, 0, H * I), block(weight_ih, H * I, H * I), block(weight_ih, 2 * H * I, H * I)), 3 * H, I, 0, I));
  return { I, H, V_dv, V_p_h, V_dx };
}

/** Working memory of the backward pass: of all rows, and of the row in hand. */
interface BackwardScratch {
  /** [rows, 2 * H]: da_r, da_z */
  readonly into_p_h: Vector;
  /** [rows, 3 * H]: da_r, da_z, da_n */
  readonly into_dx: Vector;
  /** [rows, H]: v */
  readonly vs: Vector;
  /** [H]: g_h */
  readonly g_hs: Vector;
  /** [H]: dv */
  readonly whole_dv: Vector;
  /** [H]: p_h */
  readonly whole_p_h: Vector;
}

/** Working memory of the backward pass for sequences of up to `rows` rows. */
function backwardScratch({ H }: Dimensions, rows: number): BackwardScratch {
  return {
    into_p_h: new Float32Array(rows * 2 * H),
    into_dx: new Float32Array(rows * 3 * H),
    vs: new Float32Array(rows * H),
    g_hs: new Float32Array(H),
    whole_dv: new Float32Array(H),
    whole_p_h: new Float32Array(H),
  };
}

/** For the rows of all steps at once: what no step needs to wait for. */
function eachRowBack(weights: BackwardWeights, scratch: BackwardScratch, rows: number, residuals: Vector): void {
  const { fround } = Math;
  const { H } = weights;
  const { vs } = scratch;
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < H; j++) {
      const r = residuals[row * 4 * H + H + j]!;
      const h = residuals[row * 4 * H + j]!;
      const v = fround(r * h);
      vs[row * H + j] = v;
    }
  }
}

/** One step of `batch` rows, of which the first is row `first` of the sequence; overwrites what it hands on. */
function stepBack(weights: BackwardWeights, scratch: BackwardScratch, first: number, batch: number, dys: Vector, dh_nexts: Vector, residuals: Vector): void {
  const { fround } = Math;
  const { H, V_dv, V_p_h } = weights;
  const { into_p_h, into_dx, g_hs, whole_dv, whole_p_h } = scratch;
  for (let row = first; row < first + batch; row++) {
    for (let j = 0; j < H; j++) {
      const dh_next = dh_nexts[(row - first) * H + j]!;
      const dy = dys[row * H + j]!;
      const z = residuals[row * 4 * H + 2 * H + j]!;
      const n = residuals[row * 4 * H + 3 * H + j]!;
      const g_h = fround(dh_next + dy);
      const dn = fround(g_h * fround(1 - z));
      const da_n = fround(dn * fround(1 - fround(n * n)));
      g_hs[j] = g_h;
      into_dx[row * 3 * H + 2 * H + j] = da_n;
    }
    // dv = da_n @ W_hn
    product(V_dv, H, H, into_dx, row * 3 * H + 2 * H, whole_dv, 0);
    for (let j = 0; j < H; j++) {
      const g_h = g_hs[j]!;
      const h = residuals[row * 4 * H + j]!;
      const n = residuals[row * 4 * H + 3 * H + j]!;
      const z = residuals[row * 4 * H + 2 * H + j]!;
      const dv = whole_dv[j]!;
      const r = residuals[row * 4 * H + H + j]!;
      const dz = fround(g_h * fround(h - n));
      const da_z = fround(dz * fround(z * fround(1 - z)));
      const dr = fround(dv * h);
      const da_r = fround(dr * fround(r * fround(1 - r)));
      into_p_h[row * 2 * H + H + j] = da_z;
      into_dx[row * 3 * H + H + j] = da_z;
      into_p_h[row * 2 * H + j] = da_r;
      into_dx[row * 3 * H + j] = da_r;
    }
    // p_h = [da_r; da_z] @ [W_hr; W_hz]
    product(V_p_h, H, 2 * H, into_p_h, row * 2 * H, whole_p_h, 0);
    for (let j = 0; j < H; j++) {
      const g_h = g_hs[j]!;
      const z = residuals[row * 4 * H + 2 * H + j]!;
      const dv = whole_dv[j]!;
      const r = residuals[row * 4 * H + H + j]!;
      const p_h = whole_p_h[j]!;
      const dh = fround(fround(fround(g_h * z) + fround(dv * r)) + p_h);
      dh_nexts[(row - first) * H + j] = dh;
    }
  }
}

/** For the rows of all steps at once: what no step needs to wait for. */
function eachRowBack2(weights: BackwardWeights, scratch: BackwardScratch, rows: number, dxs: Vector): void {
  const { I, H, V_dx } = weights;
  const { into_dx } = scratch;
  for (let row = 0; row < rows; row++) {
    // dx = [da_r; da_z; da_n] @ [W_ir; W_iz; W_in]
    product(V_dx, I, 3 * H, into_dx, row * 3 * H, dxs, row * I);
  }
}

/** The gradients of the parameters: sums over the rows of all steps. */
function sumGradients(weights: BackwardWeights, scratch: BackwardScratch, rows: number, xs: Vector, residuals: Vector, dweight_ih: Vector, dweight_hh: Vector, dbias_ih: Vector, dbias_hh: Vector): void {
  const { I, H } = weights;
  const { into_p_h, into_dx, vs } = scratch;
  const columns = [
    transposed(into_p_h, rows, 2 * H, 0, H),
    transposed(into_p_h, rows, 2 * H, H, H),
    transposed(into_dx, rows, 3 * H, 2 * H, H),
  ];
  let right: Float64Array;
  // [db_r; db_z; db_n] = [da_r; da_z; da_n], summed
  right = new Float64Array(rows).fill(1);
  sumOfOuter(columns[0]!, H, right, 1, rows, dbias_ih, 0);
  sumOfOuter(columns[1]!, H, right, 1, rows, dbias_ih, H);
  sumOfOuter(columns[2]!, H, right, 1, rows, dbias_ih, 2 * H);
  // [dW_ir; dW_iz; dW_in] = outer([da_r; da_z; da_n], x), summed
  right = new Float64Array(transposed(xs, rows, I, 0, I));
  sumOfOuter(columns[0]!, H, right, I, rows, dweight_ih, 0);
  sumOfOuter(columns[1]!, H, right, I, rows, dweight_ih, H * I);
  sumOfOuter(columns[2]!, H, right, I, rows, dweight_ih, 2 * H * I);
  // [dW_hr; dW_hz] = outer([da_r; da_z], h), summed
  right = new Float64Array(transposed(residuals, rows, 4 * H, 0, H));
  sumOfOuter(columns[0]!, H, right, H, rows, dweight_hh, 0);
  sumOfOuter(columns[1]!, H, right, H, rows, dweight_hh, H * H);
  // dW_hn = outer(da_n, v), summed
  right = new Float64Array(transposed(vs, rows, H, 0, H));
  sumOfOuter(columns[2]!, H, right, H, rows, dweight_hh, 2 * H * H);
  copy(dbias_ih, 0, dbias_hh, 0, H);
  copy(dbias_ih, H, dbias_hh, H, H);
  copy(dbias_ih, 2 * H, dbias_hh, 2 * H, H);
}

/** The whole sequence backwards: writes the adjoints of inputs and tensors, overwrites the states' with the first ones. */
function pullBack(weights: BackwardWeights, scratch: BackwardScratch, residuals: Vector, batchSizes: readonly number[], reverse: boolean, xs: Vector, dys: Vector, dxs: Vector, dh_nexts: Vector, dweight_ih: Vector, dweight_hh: Vector, dbias_ih: Vector, dbias_hh: Vector): void {
  const rows = rowsIn(batchSizes);
  eachRowBack(weights, scratch, rows, residuals);
  eachStep(batchSizes, !reverse, (first, batch) => stepBack(weights, scratch, first, batch, dys, dh_nexts, residuals));
  eachRowBack2(weights, scratch, rows, dxs);
  sumGradients(weights, scratch, rows, xs, residuals, dweight_ih, dweight_hh, dbias_ih, dbias_hh);
}

/** sigmoid(x), within 1.5 ulp. */
function sigmoid(x: number): number {
  const { abs, floor, fround } = Math;
  const y = abs(x);
  const v = y > 104 ? 104 : y; // e^-v rounds to 0 there; NaN passes
  const k = floor(fround(0.5 - fround(v * 1.4426950216293335)));
  const t = fround(fround(v + fround(k * 0.693145751953125)) + fround(k * 0.000001428606765330187)); // v = t - k ln 2, |t| ≤ ln 2 / 2
  const q = fround(pow2(fround(k + 64)) * 5.421010862427522e-20); // 2^k, which may be subnormal
  const z = fround(t * t);
  const r = fround(q + fround(t + fround(z * fround(fround(fround(fround(0.0013882514322176576 * z) + fround(fround(0.008366547524929047 * t) + 0.04166720062494278)) * z) + fround(fround(0.1666654348373413 * t) + 0.4999999701976776))))); // 2^k + e^t - 1
  const d = fround(1 + r);
  const c = fround(1 / d);
  const g = fround(q * c);
  const w = fround(g - fround(g * fround(c * fround(r - fround(d - 1))))); // sigmoid(-|x|)
  const m = fround(1 - w);
  const n = fround(x + 0.5); // below w for x < 0, above 1 - w for x > 0
  const u = n < m ? n : m;
  const s = w < u ? u : w;
  return s;
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
