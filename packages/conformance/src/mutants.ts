import { type Arithmetic, float32, float64 } from '@congruent/codegen';
import type { FloatArray, GRUResult, Tensor } from '@congruent/runtime';
import {
  arithmeticMutant,
  callMutant,
  cellMutant,
  changeBlocks,
  loadMutant,
  type Mutant,
  moduleMutant,
  runMutant,
} from './mutation.ts';
import { swapped, takeSteps } from './rearrange.ts';

/** Wrong equations and wrong layouts. */
export const cellMutants: readonly Mutant[] = [
  cellMutant('z and 1 − z swapped', ['(1 - z) * n + z * h', 'z * n + (1 - z) * h']),
  cellMutant('reset before the product', ['r * (W_hn @ h + b_hn)', '(W_hn @ (r * h) + b_hn)']),
  cellMutant('b_hn outside the reset', ['r * (W_hn @ h + b_hn)', 'r * (W_hn @ h) + b_hn']),
  cellMutant('b_in and b_hn swapped', ['W_in @ x + b_in', 'W_in @ x + b_hn'], ['W_hn @ h + b_hn)', 'W_hn @ h + b_in)']),
  cellMutant('b_in inside the reset', ['+ b_in + r * (', '+ r * (b_in + ']),
  cellMutant('tanh is sigmoid', ['tanh(', 'sigmoid(']),
  cellMutant('sigmoid of the update gate is tanh', ['z  = sigmoid(', 'z  = tanh(']),
  cellMutant(
    'r and z swapped in the equations',
    ['+ r * (W_hn', '+ z * (W_hn'],
    ['(1 - z) * n + z * h', '(1 - r) * n + r * h'],
  ),
  cellMutant('update gate twice', ['z * h  ', 'z * z * h  ']),
  cellMutant('h not kept', ['+ z * h  ', '+ 0 * z * h  ']),
  cellMutant(
    'gates z, r, n in all tensors',
    ['[W_ir; W_iz; W_in]', '[W_iz; W_ir; W_in]'],
    ['[W_hr; W_hz; W_hn]', '[W_hz; W_hr; W_hn]'],
    ['[b_ir; b_iz; b_in]', '[b_iz; b_ir; b_in]'],
    ['[b_hr; b_hz; b_hn]', '[b_hz; b_hr; b_hn]'],
  ),
  cellMutant('gates z, r, n in weight_hh', ['[W_hr; W_hz; W_hn]', '[W_hz; W_hr; W_hn]']),
  cellMutant('gates r, n, z in weight_ih', ['[W_ir; W_iz; W_in]', '[W_ir; W_in; W_iz]']),
  cellMutant('gates z, r, n in bias_ih', ['[b_ir; b_iz; b_in]', '[b_iz; b_ir; b_in]']),
  cellMutant('gates r, n, z in bias_hh', ['[b_hr; b_hz; b_hn]', '[b_hr; b_hn; b_hz]']),
];

const lastColumn = (tensor: FloatArray, rows: number, columns: number): FloatArray =>
  tensor.map((value, i) => (i % columns === columns - 1 ? 0 : value)).subarray(0, 3 * rows * columns);

const transposed = (block: FloatArray, size: number): FloatArray =>
  block.map((_, i) => block[(i % size) * size + Math.floor(i / size)]!);

/** Parameters loaded wrongly. */
export const loadMutants: readonly Mutant[] = [
  loadMutant('recurrent matrices transposed', ({ weight_hh, ...rest }, { H }) => ({
    ...rest,
    weight_hh: changeBlocks(weight_hh!, H, H, (block) => transposed(block, H)),
  })),
  loadMutant('last column of W_ih dropped', (parameters, { I, H }) => ({
    ...parameters,
    weight_ih: lastColumn(parameters['weight_ih']!, H, I),
  })),
  loadMutant('last column of W_hh dropped', (parameters, { H }) => ({
    ...parameters,
    weight_hh: lastColumn(parameters['weight_hh']!, H, H),
  })),
  loadMutant('bias_hh ignored', (parameters) => ({ ...parameters, bias_hh: parameters['bias_hh']!.map(() => 0) })),
  loadMutant('bias_ih ignored', (parameters) => ({ ...parameters, bias_ih: parameters['bias_ih']!.map(() => 0) })),
  loadMutant('NaN in parameters becomes 0', (parameters) =>
    Object.fromEntries(
      Object.entries(parameters).map(([name, data]) => [name, data.map((value) => (Number.isNaN(value) ? 0 : value))]),
    ),
  ),
];

const outputs = new WeakSet<FloatArray>();

/** Sequences run wrongly. */
export const runMutants: readonly Mutant[] = [
  runMutant('h stale: every step starts at h0', (run, H) => (call, sequence) => {
    const width = sequence.input.length / sequence.batchSizes.reduce((sum, size) => sum + size, 0);
    let row = 0;
    const output = sequence.batchSizes.flatMap((size) => {
      const input = sequence.input.slice(row * width, (row + size) * width);
      row += size;
      const state = sequence.state.slice(0, size * H);
      return [...run(call, { ...sequence, input, state, batchSizes: [size] }).output];
    });
    const { state } = run(call, sequence);
    return {
      output: state instanceof Float64Array ? Float64Array.from(output) : Float32Array.from(output),
      state,
    };
  }),
  runMutant('reverse not reversed', (run) => (call, sequence) => run(call, { ...sequence, reverse: false })),
  runMutant('reverse output in the order of computation', (run, H) => (call, sequence) => {
    const result = run(call, sequence);
    const batch = sequence.batchSizes[0]!;
    if (!sequence.reverse || sequence.batchSizes.some((size) => size !== batch)) return result;
    const steps = sequence.batchSizes.length;
    const order = Array.from({ length: steps }, (_, t) => steps - 1 - t);
    return { ...result, output: takeSteps({ data: result.output, shape: [steps, batch, H] }, order).data };
  }),
  runMutant('lengths ignored: states go on through the padding', (run) => (call, sequence) => {
    const result = run(call, sequence);
    const [batch, steps] = [sequence.batchSizes[0]!, sequence.batchSizes.length];
    const rows = sequence.batchSizes.reduce((sum, size) => sum + size, 0);
    const width = sequence.input.length / rows;
    const input = new (sequence.input.constructor as Float32ArrayConstructor)(steps * batch * width);
    let row = 0;
    sequence.batchSizes.forEach((size, t) => {
      input.set((sequence.input as Float32Array).subarray(row * width, (row + size) * width), t * batch * width);
      row += size;
    });
    const padded = { ...sequence, input, batchSizes: new Array<number>(steps).fill(batch) };
    return { ...result, state: run(call, padded).state };
  }),
  runMutant('reverse of a packed sequence starts at the common end', (run, H) => (call, sequence) => {
    if (!sequence.reverse) return run(call, sequence);
    const last = sequence.batchSizes.at(-1)!;
    return run(call, { ...sequence, state: sequence.state.map((value, i) => (i < last * H ? value : 0)) });
  }),
  runMutant('h0 ignored', (run) => (call, sequence) => run(call, { ...sequence, state: sequence.state.map(() => 0) })),
  runMutant(
    'h0 of the first row for all rows',
    (run, H) => (call, sequence) =>
      run(call, { ...sequence, state: sequence.state.map((_, i) => sequence.state[i % H]!) }),
  ),
  runMutant('hn is h0', (run) => (call, sequence) => ({ ...run(call, sequence), state: sequence.state })),
  runMutant('upper layers see the input one step late', (run, H) => (call, sequence) => {
    const late = outputs.has(sequence.input);
    const shift = late ? sequence.batchSizes[0]! * H : 0;
    const input = sequence.input.map((value, i) => (i < shift ? value : sequence.input[i - shift]!));
    const result = run(call, { ...sequence, input });
    outputs.add(result.output);
    return result;
  }),
  runMutant('input overwritten in place', (run) => (call, sequence) => {
    const result = run(call, sequence);
    sequence.input.fill(0);
    return result;
  }),
  runMutant('rows after the first four lost', (run, H) => (call, sequence) => {
    const result = run(call, sequence);
    const rows = sequence.batchSizes.reduce((sum, size) => sum + size, 0);
    return rows % 4 === 0
      ? result
      : { ...result, output: result.output.map((value, i) => (i < (rows - (rows % 4)) * H ? value : 0)) };
  }),
  runMutant('output rounded to half precision', (run) => (call, sequence) => {
    const { output, state } = run(call, sequence);
    return { output: output.map(half), state: state.map(half) };
  }),
];

/** To 11 bits, as a float16 has, by Veltkamp's splitting. */
const half = (value: number): number => {
  const scaled = value * (2 ** 42 + 1);
  return Number.isFinite(scaled) ? scaled - (scaled - value) : value;
};

const with32 = (change: Partial<Arithmetic<number>>): { arithmetic: { float32: Arithmetic<number> } } => ({
  arithmetic: { float32: { ...float32, ...change } },
});

const exact = (row: readonly number[], vector: readonly number[]): number =>
  row.reduce((sum, weight, k) => sum + weight * vector[k]!, 0);

/** Numbers computed wrongly. */
export const arithmeticMutants: readonly Mutant[] = [
  arithmeticMutant(
    'products summed in half precision',
    with32({ dot: (row, vector) => row.reduce((sum, weight, k) => half(sum + weight * vector[k]!), 0) }),
  ),
  arithmeticMutant('float64 computed in float32', { arithmetic: { float64: { ...float32, dtype: 'float64' } } }),
  arithmeticMutant(
    'NaN becomes 0 in the functions',
    with32({ call: (_, x, operations) => (Number.isNaN(x) ? 0 : operations(x)) }),
  ),
  arithmeticMutant(
    'operands of functions clamped to ±4',
    with32({ call: (_, x, operations) => operations(Math.max(-4, Math.min(4, x))) }),
  ),
  arithmeticMutant(
    'functions through e^x, which overflows',
    with32({ call: ({ name }, x) => (name === 'tanh' ? naiveTanh(x) : naiveSigmoid(x)) }),
  ),
  arithmeticMutant(
    'functions from a table of 256 steps',
    with32({ call: (_, x, operations) => operations(Math.round(x * 256) / 256) }),
  ),
  arithmeticMutant(
    'tanh by a rational approximation',
    with32({ call: ({ name }, x, operations) => (name === 'tanh' ? rationalTanh(x) : operations(x)) }),
  ),
  arithmeticMutant(
    'subnormal numbers become 0',
    with32({ binary: (operator, left, right) => flushed(float32.binary(operator, left, right)) }),
  ),
  arithmeticMutant('summed exactly, though said to be deterministic', {
    ...with32({ dot: (row, vector) => Math.fround(exact(row, vector)) }),
    supports: { deterministic: true },
  }),
  arithmeticMutant('summed from the right, though said to be deterministic', {
    ...with32({ dot: (row, vector) => float32.dot(row.toReversed(), vector.toReversed()) }),
    supports: { deterministic: true },
  }),
  arithmeticMutant('float64 summed from the right, though said to be deterministic', {
    arithmetic: { float64: { ...float64, dot: (row, vector) => float64.dot(row.toReversed(), vector.toReversed()) } },
    supports: { deterministic: true },
  }),
];

const { fround } = Math;
const flushed = (value: number): number => (Math.abs(value) < 2 ** -126 ? 0 : value);
const exponential = (x: number): number => fround(Math.exp(x));
const naiveTanh = (x: number): number => fround(fround(exponential(2 * x) - 1) / fround(exponential(2 * x) + 1));
const naiveSigmoid = (x: number): number => fround(exponential(x) / fround(1 + exponential(x)));
const rationalTanh = (x: number): number => {
  const v = Math.max(-4.97, Math.min(4.97, x));
  const s = v * v;
  return fround((v * (135135 + s * (17325 + s * (378 + s)))) / (135135 + s * (62370 + s * (3150 + s * 28))));
};

const copy = (tensor: Tensor): Tensor => ({ data: tensor.data.slice(), shape: tensor.shape });

/** The layers put together wrongly. */
export const stackMutants: readonly Mutant[] = [
  callMutant('directions side by side in the wrong order', ({ join }) => ({
    join: (parts, rows, mask) => join(parts.toReversed(), rows, mask),
  })),
  callMutant('dropout not applied', ({ join }) => ({ join: (parts, rows) => join(parts, rows, undefined) })),
  callMutant('dropout without the division by 1 − p', ({ join }) => ({
    join: (parts, rows, mask) =>
      join(
        parts,
        rows,
        mask?.map((value) => (value === 0 ? 0 : 1)),
      ),
  })),
  callMutant('dropout adds NaN where it zeroes', ({ join }) => ({
    join: (parts, rows, mask) =>
      join(
        parts,
        rows,
        mask?.map((value) => value || Number.NaN),
      ),
  })),
  callMutant("the caller's arrays used as buffers, and h0 overwritten", ({ upload }) => ({
    upload: (data) => {
      const buffer = upload(data);
      data.fill(0);
      return buffer;
    },
  })),
  callMutant('results in one shared array', () => ({ download: (buffer) => share(buffer) })),
  moduleMutant('dropout acts in evaluation mode', (gru) => {
    Object.assign(gru, { eval: () => gru });
  }),
  moduleMutant('hn by direction, then by layer', (gru) => {
    const { numLayers, bidirectional } = gru.options;
    changeResult(gru, ({ output, hn }) => {
      if (!bidirectional) return { output, hn };
      const order = Array.from({ length: 2 * numLayers }, (_, k) => (k % numLayers) * 2 + Math.floor(k / numLayers));
      const H = hn.shape.at(-1)!;
      const data = takeSteps({ data: hn.data, shape: [2 * numLayers, hn.data.length / (2 * numLayers * H), H] }, order);
      return { output, hn: { data: data.data, shape: hn.shape } };
    });
  }),
  moduleMutant('hn with the batch first under batchFirst', (gru) => {
    changeResult(gru, ({ output, hn }) =>
      gru.options.batchFirst && hn.shape.length === 3 ? { output, hn: swapped(hn) } : { output, hn },
    );
  }),
  moduleMutant('stream ignores h0', (gru) => {
    const stream = gru.stream.bind(gru);
    Object.assign(gru, { stream: ({ batchSize }: { batchSize?: number } = {}) => stream({ batchSize }) });
  }),
  moduleMutant('NaN in the input becomes 0', (gru) => {
    const forward = gru.forward.bind(gru);
    Object.assign(gru, {
      forward: (input: Tensor, h0?: Tensor) => {
        const clean = input && !('batchSizes' in input) && ArrayBuffer.isView(input.data) ? copy(input) : undefined;
        return forward(clean ? { ...clean, data: clean.data.map((v) => (Number.isNaN(v) ? 0 : v)) } : input, h0);
      },
    });
  }),
];

const pool = new Map<number, FloatArray>();
const share = (buffer: FloatArray): FloatArray => {
  const shared = pool.get(buffer.length);
  if (shared?.constructor === buffer.constructor) {
    shared.set(buffer);
    return shared;
  }
  pool.set(buffer.length, buffer);
  return buffer;
};

function changeResult(
  gru: { forward(input: Tensor, h0?: Tensor): GRUResult | Promise<GRUResult> },
  change: (result: GRUResult) => GRUResult,
): void {
  const forward = gru.forward.bind(gru);
  Object.assign(gru, { forward: async (input: Tensor, h0?: Tensor) => change(await forward(input, h0)) });
}

/** Every wrong backend that the suite is known to notice. */
export const mutants: readonly Mutant[] = [
  ...cellMutants,
  ...loadMutants,
  ...runMutants,
  ...arithmeticMutants,
  ...stackMutants,
];
