import { expect, expectTypeOf, test } from 'vitest';
import {
  type GRU as AnyGRU,
  type LSTM as AnyLSTM,
  type CellClass,
  defineCell,
  defineGRU,
  defineLayer,
  defineLSTM,
  defineLSTMCell,
  type GRUClass,
  type LayerClass,
  type LSTMResult,
  MATH,
  type OwnLayer,
  type PackedSequence,
  packSequence,
  type Tensor,
} from '../src/index.ts';
import { anyBackend, anyBackendLater } from './any-cell.ts';
import { gru, lstm, several } from './cells.ts';
import { ramp } from './reference.ts';

// As a backend package exports them: a value and a type of one name, with the declared types that `.d.ts` files have.
export const GRU: GRUClass<'sync', { readonly math?: 'exact' | undefined }> = defineGRU({
  gru: { ...anyBackend(gru), options: { math: MATH } },
});
export type GRU = AnyGRU<'sync'>;
export const LSTM = defineLSTM({ lstm: anyBackend(lstm) });
export type LSTM = AnyLSTM<'sync'>;
const LSTMCell = defineLSTMCell({ lstm: anyBackend(lstm) });
const Later = defineLSTM({ lstm: anyBackendLater(lstm) });

export const made = GRU.createSync({ inputSize: 2, hiddenSize: 3, math: 'exact' });

interface Names {
  readonly inputs: readonly ['x', 'dt'];
  readonly states: readonly ['h', 's'];
  readonly outputs: readonly ['y', 'v'];
  readonly sizes: 'I' | 'H' | 'O';
}
const Several: LayerClass<Names, 'sync'> = defineLayer(anyBackend(several), 'Several');
const SeveralCell: CellClass<Names, 'sync'> = defineCell(anyBackend(several), 'SeveralCell');

const sizes = { inputSize: 2, hiddenSize: 3 } as const;

test('a class is a type, so that a variable can hold one of it or nothing', () => {
  let held: GRU | null = null;
  held = GRU.createSync(sizes);
  expectTypeOf(held).toEqualTypeOf<GRU>();
  expect(held).toBeInstanceOf(GRU);
});

test('a tensor gives tensors, a packed sequence a packed one', () => {
  const layer = GRU.createSync(sizes);
  const x = { data: new Float32Array(4), shape: [2, 2] };
  expectTypeOf(layer.forward(x)).toMatchTypeOf<{ output: Tensor; hn: Tensor }>();
  expectTypeOf(layer.forward(packSequence([x])).output).toEqualTypeOf<PackedSequence>();
  const either: Tensor | PackedSequence = x;
  expectTypeOf(layer.forward(either as Tensor | PackedSequence).output).toEqualTypeOf<Tensor | PackedSequence>();
});

test('two states are a pair, in operands, results and gradients', () => {
  const layer = LSTM.createSync({ ...sizes, dtype: 'float64' });
  const states = [ramp([1, 3]), ramp([1, 3])] as const;
  const { pullback, ...result } = layer.vjp(ramp([2, 2]), states);
  expectTypeOf(result).toMatchTypeOf<LSTMResult>();
  expectTypeOf(pullback({ cn: result.cn })).toMatchTypeOf<{ input: Tensor; h0: Tensor; c0: Tensor }>();
  expectTypeOf(layer.stream({ c0: states[1] }).state).toEqualTypeOf<readonly [Tensor, Tensor]>();
  // @ts-expect-error one state alone is none of an LSTM
  expect(() => layer.forward(ramp([2, 2]), states[0])).toThrow();
  const [h1, c1] = LSTMCell.createSync({ ...sizes, dtype: 'float64' }).forward(ramp([2]), [ramp([3]), ramp([3])]);
  expect([h1.shape, c1.shape]).toEqual([[3], [3]]);
});

test('an async backend gives promises', async () => {
  const layer = await Later.create(sizes);
  const reply = layer.forward({ data: new Float32Array(4), shape: [2, 2] });
  expectTypeOf(reply).resolves.toMatchTypeOf<LSTMResult>();
  expect((await reply).cn.shape).toEqual([1, 3]);
});

test('a cell of one’s own has the names of its inputs, states, outputs and sizes', () => {
  const layer: OwnLayer<Names, 'sync'> = Several.createSync({ sizes: { I: 2, H: 3, O: 4 }, dtype: 'float64' });
  const { outputs, sn } = layer.forward({ x: ramp([2, 2]), dt: ramp([2]) });
  expectTypeOf(outputs).toEqualTypeOf<{ readonly y: Tensor; readonly v: Tensor }>();
  expectTypeOf(sn).toEqualTypeOf<Tensor>();
  const cell = SeveralCell.createSync({ sizes: { I: 2, H: 3, O: 4 }, dtype: 'float64' });
  expectTypeOf(cell.forward({ x: ramp([2]), dt: { data: new Float64Array(1), shape: [] } }).h1).toEqualTypeOf<Tensor>();
  // @ts-expect-error a size is missing
  expect(() => Several.createSync({ sizes: { I: 2, H: 3 } })).toThrow();
});
