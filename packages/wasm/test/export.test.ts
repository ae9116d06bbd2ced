import { float32, type InterpretedValue, interpreter } from '@congruent/codegen';
import * as scalar from '@congruent/scalar';
import '@congruent/scalar/sync/gru_reset_before';
import '@congruent/scalar/sync/lstm_projected';
import '@congruent/scalar/sync/rnn_relu';
import { type Cell, defineCell, gru, gruResetBefore, lstm, lstmProjected, rnnRelu, rnnTanh } from '@congruent/spec';
import { cells } from '@congruent/spec/catalogue';
import { expect, test } from 'vitest';
import { numbers } from '../../../tools/testing/numbers.ts';
import * as wasm from '../src/index.ts';
import '../src/generated/gru_reset_before.float32.sync.ts';
import '../src/generated/lstm_projected.float32.sync.ts';
import '../src/generated/rnn_relu.float32.sync.ts';
import { modelFrom, modelOfCell, running, sizeOf } from './exported.ts';

const STEPS = 5;

/** What one of torch's layers streams, whichever backend runs it. */
type Streamed = (
  backend: typeof scalar,
  options: { inputSize: number; hiddenSize: number; numLayers: number },
) => {
  stateDict(): scalar.StateDict;
  stream(): { step(x: Float32Array): scalar.FloatArray };
};

const LAYERS: readonly (readonly [name: string, cell: Cell, layers: Streamed])[] = [
  ['gru', gru, ({ GRU }, options) => GRU.createSync(options)],
  ['gru without bias', gru, ({ GRU }, options) => GRU.createSync({ ...options, bias: false })],
  ['gru_reset_before', gruResetBefore, ({ GRU }, options) => GRU.createSync({ ...options, resetAfter: false })],
  ['lstm', lstm, ({ LSTM }, options) => LSTM.createSync(options)],
  ['lstm that is projected', lstm, ({ LSTM }, options) => LSTM.createSync({ ...options, projSize: 2 })],
  ['lstm_projected', lstmProjected, ({ LSTM }, options) => LSTM.createSync({ ...options, projSize: 2 })],
  ['rnn_tanh', rnnTanh, ({ RNN }, options) => RNN.createSync(options)],
  ['rnn_relu', rnnRelu, ({ RNN }, options) => RNN.createSync({ ...options, nonlinearity: 'relu' })],
];

/** On both sides of every border: a vector, two abreast, a panel, a block of the sum. */
const SIZES = [
  { inputSize: 1, hiddenSize: 3, numLayers: 1 },
  { inputSize: 5, hiddenSize: 8, numLayers: 2 },
  { inputSize: 65, hiddenSize: 17, numLayers: 3 },
  { inputSize: 64, hiddenSize: 129, numLayers: 1 },
];

const firstDifference = (got: ArrayLike<number>, wanted: ArrayLike<number>): number =>
  got.length === wanted.length
    ? Array.from(wanted).findIndex((value, at) => !Object.is(got[at], value))
    : wanted.length;

for (const [name, cell, layersIn] of LAYERS) {
  for (const size of SIZES) {
    for (const simd of [true, false]) {
      const what = `${name}, I${size.inputSize} H${size.hiddenSize}, ${size.numLayers} layers, ${simd ? 'SIMD' : 'no SIMD'}`;
      test(`${what}: an exported model has the bits of stream.step of scalar and of wasm`, async () => {
        const layers = layersIn(scalar, size);
        const streams = [layers.stream(), loaded(layersIn(wasm as unknown as typeof scalar, size), layers).stream()];
        const model = await running(modelFrom(cell, layers.stateDict()), simd);
        const x = numbers('float32', STEPS * size.inputSize).map((value) => 3 * value);
        const rows: number[] = [];
        for (let t = 0; t < STEPS; t++) {
          const row = x.slice(t * size.inputSize, (t + 1) * size.inputSize);
          const y = Array.from(model.step(row));
          for (const stream of streams) expect(firstDifference(y, stream.step(row))).toBe(-1);
          rows.push(...y);
        }
        model.reset();
        expect(firstDifference(model.run(x, STEPS), rows)).toBe(-1);
      });
    }
  }
}

function loaded<T extends { stateDict(): scalar.StateDict }>(layers: T, from: T): T {
  (layers as unknown as scalar.GRU).loadStateDict(from.stateDict());
  return layers;
}

/** The rows that a model gives, by the interpreter, its outputs one after the other. */
function interpreted({ program, tensors }: ReturnType<typeof modelOfCell>, x: Float32Array): number[] {
  const { cell } = program;
  const shapes = new Map(cell.parameters.map(({ name, shape }) => [name, shape]));
  const parameters = cell.tensors.flatMap(({ name, blocks }) => {
    const data = tensors.get(name)!;
    return blocks.map((block, at) => {
      const shape = shapes.get(block.name)!;
      return [block.name, valueFrom(data.subarray(at * sizeOf(shape), (at + 1) * sizeOf(shape)), shape)];
    });
  });
  const { forward } = interpreter(program, float32, Object.fromEntries(parameters));
  let states = Object.fromEntries(
    cell.states.map(({ name, shape }) => [name, valueFrom(new Float32Array(sizeOf(shape)), shape)]),
  );
  let at = 0;
  const rows: number[] = [];
  while (at < x.length) {
    const inputs = cell.inputs.map(({ name, shape }) => {
      at += sizeOf(shape);
      return [name, valueFrom(x.subarray(at - sizeOf(shape), at), shape)];
    });
    const row = forward({ ...Object.fromEntries(inputs), ...states });
    states = row.states;
    rows.push(...cell.outputs.flatMap(({ name }) => [row.outputs[name] as number | readonly number[]].flat()));
  }
  return rows;
}

/** Numbers as the interpreter takes them. */
function valueFrom(data: Float32Array, shape: readonly (number | string)[]): InterpretedValue<number> {
  const [, columns] = shape.map(Number);
  if (shape.length === 0) return data[0]!;
  if (columns === undefined) return [...data];
  return Array.from({ length: data.length / columns }, (_, row) => [
    ...data.subarray(row * columns, (row + 1) * columns),
  ]);
}

test('a model of a file that packs its parameters has the bits of one that does not', async () => {
  const equations = "c(x[I], h[H]) -> h'\nh' = tanh(W @ x + U @ h + b)\n";
  const plain = defineCell(`${equations}layout plain\nW = [W]   U = [U]   b = [b]`);
  const packed = defineCell(`${equations}layout keras\nkernel = [W | U]^T   bias = [b]`);
  const [I, H] = [2, 3];
  const [W, U, b] = [numbers('float32', H * I, 1), numbers('float32', H * H, 2), numbers('float32', H, 3)];
  const rows = [...Array(I + H).keys()].flatMap((k) =>
    [...Array(H).keys()].map((row) => (k < I ? W[row * I + k]! : U[row * H + k - I]!)),
  );
  const ofPlain = modelFrom(plain, {
    W_l0: { data: W, shape: [H, I] },
    U_l0: { data: U, shape: [H, H] },
    b_l0: { data: b, shape: [H] },
  });
  const ofPacked = modelFrom(packed, {
    kernel_l0: { data: Float32Array.from(rows), shape: [I + H, H] },
    bias_l0: { data: b, shape: [H] },
  });
  const x = numbers('float32', STEPS * I);
  const [wanted, got] = await Promise.all(
    [ofPlain, ofPacked].map(async (model) => (await running(model)).run(x, STEPS)),
  );
  expect(firstDifference(got!, wanted!)).toBe(-1);
});

for (const simd of [true, false]) {
  test.each(cells.map((cell) => [cell.name, cell] as const))(
    `${simd ? 'SIMD' : 'no SIMD'}: %s of the catalogue, exported, has the bits of the interpreter`,
    async (_, cell) => {
      const model = modelOfCell(cell);
      const width =
        cell.inputs.length === 0 ? 0 : model.program.cell.inputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
      const x = numbers('float32', STEPS * width);
      const exported = await running(model, simd);
      expect(firstDifference(exported.run(x, STEPS), interpreted(model, x))).toBe(-1);
    },
  );
}
