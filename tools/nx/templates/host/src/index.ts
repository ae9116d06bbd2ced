import {
  type Backend,
  type BackendInfo,
  backendInfo,
  type Call,
  type Dimensions,
  defineGRU,
  defineGRUCell,
  type Engine,
  type FloatArray,
  type GRUCellClass,
  type GRUClass,
  gradients,
  type Layer,
  type LayerStream,
  type RecordedRun,
  type Sequence,
  type Trace,
} from '@congruent/runtime';
import * as gru from './generated/gru.ts';

type Zeros = (length: number) => FloatArray;
type Tensors = Readonly<Record<string, FloatArray>>;

/** The buffers are plain arrays. */
const callWith = (zeros: Zeros): Call<'sync', FloatArray> => ({
  upload: (data) => data.slice(),
  download: (buffer) => buffer.slice(),
  join(parts, rows, mask) {
    const joined = zeros(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (let row = 0; row < rows; row++) {
      for (const part of parts) {
        const width = part.length / rows;
        joined.set(part.subarray(row * width, (row + 1) * width), at);
        at += width;
      }
    }
    return mask ? joined.map((value, i) => value * mask[i]!) : joined;
  },
  split(whole, count, rows, mask) {
    const masked = mask ? whole.map((value, i) => value * mask[i]!) : whole;
    const width = whole.length / rows / count;
    return Array.from({ length: count }, (_, part) => {
      const one = zeros(rows * width);
      for (let row = 0; row < rows; row++) {
        const from = (row * count + part) * width;
        one.set(masked.subarray(from, from + width), row * width);
      }
      return one;
    });
  },
  add: (left, right) => left.map((value, i) => value + right[i]!),
  end: () => {},
});

/** Each row of each step in the order of time: its place among all rows, and in its step. */
function places(batchSizes: readonly number[], reverse: boolean): { row: number; b: number }[] {
  const starts = batchSizes.map((_, t) => batchSizes.slice(0, t).reduce((sum, size) => sum + size, 0));
  const steps = batchSizes.map((size, t) => Array.from({ length: size }, (_, b) => ({ row: starts[t]! + b, b })));
  return (reverse ? steps.reverse() : steps).flat();
}

const rowOf = (rows: FloatArray, index: number, width: number): FloatArray =>
  rows.subarray(index * width, (index + 1) * width);

class __Name__Layer implements Layer<'sync', FloatArray> {
  private weights: gru.Weights | undefined;
  private readonly dimensions: Dimensions;
  private readonly zeros: Zeros;

  constructor(dimensions: Dimensions, zeros: Zeros) {
    this.dimensions = dimensions;
    this.zeros = zeros;
  }

  load(parameters: Tensors): void {
    const copies = Object.entries(parameters).map(([name, data]) => [name, data.slice()]);
    this.weights = gru.prepare(Object.fromEntries(copies), this.dimensions);
  }

  run(call: unknown, sequence: Sequence<FloatArray>) {
    return this.record(call, sequence);
  }

  record(_: unknown, { input, state, batchSizes, reverse }: Sequence<FloatArray>): RecordedRun<'sync', FloatArray> {
    const { I, H } = this.dimensions;
    const inOrder = places(batchSizes, reverse);
    const output = this.zeros(inOrder.length * H);
    const last = state.slice();
    const kept: gru.Kept[] = [];
    for (const { row, b } of inOrder) {
      const step = gru.step(this.weights!, rowOf(input, row, I).slice(), rowOf(last, b, H).slice());
      last.set(step.next, b * H);
      output.set(step.next, row * H);
      kept[row] = step.kept;
    }
    return { output, state: last, trace: this.trace(kept, inOrder) };
  }

  stream(batch: number, below: LayerStream<'sync'> | undefined): LayerStream<'sync'> {
    const { I, H } = this.dimensions;
    const [input, state] = [this.zeros(batch * I), this.zeros(batch * H)];
    return {
      write: (x) => input.set(x),
      step: () => {
        const x = below ? below.read() : input;
        for (let b = 0; b < batch; b++) {
          state.set(gru.step(this.weights!, rowOf(x, b, I), rowOf(state, b, H)).next, b * H);
        }
      },
      read: () => state,
      setState: (h) => state.set(h),
      dispose: () => {},
    };
  }

  /** The way back over rows that were run in this order. */
  private trace(kept: readonly gru.Kept[], inOrder: ReturnType<typeof places>): Trace<'sync', FloatArray> {
    const { I, H } = this.dimensions;
    return {
      pullback: (_, parameters, adjoints) => {
        const weights = gru.prepare(parameters, this.dimensions);
        const input = this.zeros(inOrder.length * I);
        const state = adjoints.state.slice();
        const rows: gru.Row[] = [];
        for (const { row, b } of inOrder.toReversed()) {
          const back = gru.back(weights, kept[row]!, rowOf(adjoints.output, row, H), rowOf(state, b, H));
          input.set(back.input, row * I);
          state.set(back.state, b * H);
          rows[row] = back.row;
        }
        const found = Object.entries(gru.gradients(weights, rows)).map(([name, values]) => {
          const buffer = this.zeros(values.length);
          buffer.set(values);
          return [name, buffer] as const;
        });
        return { input, state, parameters: Object.fromEntries(found) };
      },
      dispose: () => {},
    };
  }
}

const openSync = ({ dtype }: { readonly dtype: 'float32' | 'float64' }): Engine<'sync', FloatArray> => {
  const zeros: Zeros = (length) => (dtype === 'float64' ? new Float64Array(length) : new Float32Array(length));
  return {
    layer: (dimensions) => new __Name__Layer(dimensions, zeros),
    call: () => callWith(zeros),
    dispose: () => {},
  };
};

const __name__: Backend<'sync', FloatArray> = {
  name: '__name__',
  mode: 'sync',
  supports: { sync: true, float64: true, training: true, deterministic: false },
  options: [],
  signature: gru.signature,
  gradients,
  open: async (options) => openSync(options),
  openSync,
};

export const GRU: GRUClass<'sync'> = /* @__PURE__ */ defineGRU(__name__);
export const GRUCell: GRUCellClass<'sync'> = /* @__PURE__ */ defineGRUCell(__name__);
export const backend: BackendInfo = /* @__PURE__ */ backendInfo(__name__);
export * from '@congruent/runtime/public';
