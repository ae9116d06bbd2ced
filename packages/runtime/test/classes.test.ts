import { describe, expect, test } from 'vitest';
import {
  type Backend,
  defineGRU,
  defineLSTM,
  defineRNN,
  type Mode,
  packPaddedSequence,
  type StateDict,
  type Tensor,
  tensor,
} from '../src/index.ts';
import { anyBackend, anyBackendLater, type TestCell, type Values } from './any-cell.ts';
import { gru, gruResetBefore, lstm, lstmProjected, rnnRelu, rnnTanh } from './cells.ts';
import { ramp, row } from './reference.ts';
import { runStack } from './run-cell.ts';

const range = (n: number) => [...new Array(n).keys()];
const I = 2;
const H = 3;
const P = 2;
const T = 4;
const B = 3;

/** What the tests use of any class; its own types are tested in types.test.ts. */
interface AnyLayer {
  readonly options: { readonly hiddenSize: number };
  stateDict(): Readonly<Record<string, Tensor>>;
  forward(input: unknown, state?: unknown): Promise<Record<string, Tensor>>;
  vjp(
    input: unknown,
    state?: unknown,
  ): Promise<Record<string, Tensor> & { pullback(given: object): Promise<Record<string, Tensor>> }>;
  stream(options?: object): {
    step(x: Float64Array): Promise<Float64Array>;
    readonly state: Promise<Tensor | Tensor[]>;
    reset(state?: unknown): void;
  };
}

interface AnyClass {
  create(options: object): Promise<AnyLayer>;
  fromStateDict(dict: StateDict, options?: object): Promise<AnyLayer>;
}

/** The classes, what is special about each case, and the cell that then runs. */
const CASES = [
  { name: 'GRU', options: {}, cell: gru },
  { name: 'GRU', options: { resetAfter: false }, cell: gruResetBefore },
  { name: 'LSTM', options: {}, cell: lstm },
  { name: 'LSTM', options: { projSize: P }, cell: lstmProjected },
  { name: 'RNN', options: {}, cell: rnnTanh },
  { name: 'RNN', options: { nonlinearity: 'relu' }, cell: rnnRelu },
] as const;

function classes<M extends Mode, X>(of: (cell: TestCell) => Backend<M, X>): Record<string, AnyClass> {
  return {
    GRU: defineGRU({ gru: of(gru), gru_reset_before: of(gruResetBefore) }),
    LSTM: defineLSTM({ lstm: of(lstm), lstm_projected: of(lstmProjected) }),
    RNN: defineRNN({ rnn_tanh: of(rnnTanh), rnn_relu: of(rnnRelu) }),
  } as never;
}

/** The widths of a cell's states. */
const widthsOf = (cell: TestCell): number[] =>
  cell.signature.states.map(({ shape }) => ({ I, H, P })[shape[0] as 'H' | 'P']);

const one = <T>(values: readonly T[]): T | readonly T[] => (values.length === 1 ? values[0]! : values);

for (const [mode, of] of [
  ['sync', anyBackend],
  ['async', anyBackendLater],
] as const) {
  const made = classes<Mode, unknown>(of as never);

  describe.each(CASES)(`mode ${mode}: $name, $options`, ({ name, options: special, cell }) => {
    const create = (options: object = {}) =>
      made[name]!.create({ inputSize: I, hiddenSize: H, dtype: 'float64', seed: 1, ...special, ...options });
    const names = cell.signature.states.map((state) => state.name);
    const widths = widthsOf(cell);
    const initial = (...shape: number[]) => widths.map((width, i) => ramp([...shape, width], 0.1 * (i + 1)));
    const statesAt = (states: readonly Tensor[], b: number, count: number): Values[] =>
      range(count).map((k) => Object.fromEntries(names.map((each, i) => [each, row(states[i]!, k, b)])));

    test.each([
      { numLayers: 1, bidirectional: false, batchFirst: false, bias: true },
      { numLayers: 2, bidirectional: true, batchFirst: true, bias: false },
      { numLayers: 3, bidirectional: false, batchFirst: true, bias: true },
      { numLayers: 2, bidirectional: true, batchFirst: false, bias: true },
    ])(
      'outputs and last states are the equations, with $numLayers layers, bidirectional $bidirectional, batchFirst $batchFirst, bias $bias',
      async (options) => {
        const layer = await create(options);
        const count = options.numLayers * (options.bidirectional ? 2 : 1);
        const { batchFirst } = options;
        const input = ramp(batchFirst ? [B, T, I] : [T, B, I]);
        const states = initial(count, B);
        const result = await layer.forward(input, one(states));
        const at = (tensor_: Tensor, b: number, t: number) => (batchFirst ? row(tensor_, b, t) : row(tensor_, t, b));
        for (const b of range(B)) {
          const steps = range(T).map((t) => ({ x: at(input, b, t) }));
          const sequence = { steps, states: statesAt(states, b, count) };
          const expected = runStack(cell, layer.stateDict(), sequence, options);
          for (const t of range(T)) {
            expectClose(at(result['output']!, b, t), expected.outputs[t]!["h'"]!);
          }
          for (const k of range(count)) {
            for (const each of names) expectClose(row(result[`${each}n`]!, k, b), expected.states[k]![each]!);
          }
        }
      },
    );

    test('a packed sequence gives each sequence alone, last states in the caller’s order', async () => {
      const layer = await create({ numLayers: 2, bidirectional: true });
      const input = ramp([T, B, I]);
      const states = initial(4, B);
      const lengths = [2, 4, 3];
      const packed = packPaddedSequence(input, lengths, { enforceSorted: false });
      const result = await layer.forward(packed, one(states));
      for (const b of range(B)) {
        const steps = range(lengths[b]!).map((t) => ({ x: row(input, t, b) }));
        const expected = runStack(
          cell,
          layer.stateDict(),
          { steps, states: statesAt(states, b, 4) },
          {
            numLayers: 2,
            bidirectional: true,
          },
        );
        for (const k of range(4)) {
          for (const each of names) expectClose(row(result[`${each}n`]!, k, b), expected.states[k]![each]!);
        }
      }
    });

    test('an unbatched input is a batch of one', async () => {
      const layer = await create({ bidirectional: true });
      const input = ramp([T, I]);
      const states = initial(2);
      const result = await layer.forward(input, one(states));
      const batched = (each: Tensor) => ({ ...each, shape: [each.shape[0]!, 1, ...each.shape.slice(1)] });
      const expected = await layer.forward(batched(input), one(states.map(batched)));
      for (const [key, value] of Object.entries(result)) expect(value.data).toEqual(expected[key]!.data);
      expect(result['output']!.shape).toEqual([T, 2 * widths[0]!]);
      names.forEach((each, i) => {
        expect(result[`${each}n`]!.shape).toEqual([2, widths[i]]);
      });
    });

    test('states left out are zeros', async () => {
      const layer = await create();
      const input = ramp([T, B, I]);
      const zeros = initial(1, B).map(({ data, shape }) => ({ data: data.map(() => 0), shape }));
      expect(await layer.forward(input)).toEqual(await layer.forward(input, one(zeros)));
    });

    test('B = 0 gives empty results and gradients of the right shapes', async () => {
      const layer = await create({ bidirectional: true });
      const { pullback, ...result } = await layer.vjp(tensor(new Float64Array(), [T, 0, I]));
      expect(result['output']!.shape).toEqual([T, 0, 2 * widths[0]!]);
      names.forEach((each, i) => {
        expect(result[`${each}n`]!.shape).toEqual([2, 0, widths[i]]);
      });
      const gradients = await pullback({ output: result['output'] });
      expect(gradients['input']!.shape).toEqual([T, 0, I]);
      names.forEach((each, i) => {
        expect(gradients[`${each}0`]!.shape).toEqual([2, 0, widths[i]]);
      });
    });

    test('a stream gives the rows of forward, and its states', async () => {
      const layer = await create({ numLayers: 2 });
      const states = initial(2, B);
      const input = ramp([T, B, I]);
      const expected = await layer.forward(input, one(states));
      const options = Object.fromEntries(names.map((each, i) => [`${each}0`, states[i]]));
      const stream = layer.stream({ batchSize: B, ...options });
      for (const t of range(T)) {
        const y = await stream.step(Float64Array.from(range(B).flatMap((b) => row(input, t, b))));
        expect([...y]).toEqual(range(B).flatMap((b) => row(expected['output']!, t, b)));
      }
      const last = names.map((each) => expected[`${each}n`]!);
      expect(await stream.state).toEqual(one(last));
      stream.reset(one(states));
      expect(await stream.state).toEqual(one(states));
      stream.reset();
      expect([await stream.state].flat().every(({ data }) => data.every((value) => value === 0))).toBe(true);
    });

    test('gradients are the slopes of forward, of every output, state and parameter', async () => {
      const options = { numLayers: 2, bidirectional: true };
      const layer = await create(options);
      const input = ramp([T, B, I], 0.3);
      const states = initial(4, B);
      const { pullback, ...result } = await layer.vjp(input, one(states));
      const cotangents = Object.fromEntries(
        Object.entries(result).map(([key, { data, shape }], i) => [
          key,
          { data: data.map((_, j) => ((j * 7 + i) % 5) - 2), shape },
        ]),
      );
      const found = await pullback(cotangents);
      const loss = async (of: AnyLayer, x: Tensor, given: readonly Tensor[]): Promise<number> =>
        Object.entries(await of.forward(x, one(given))).reduce(
          (total, [key, { data }]) =>
            total + [...data].reduce((s, value, j) => s + value * cotangents[key]!.data[j]!, 0),
          0,
        );
      const moved = ({ data, shape }: Tensor, at: number, by: number): Tensor => {
        const copy = data.slice();
        copy[at]! += by;
        return { data: copy, shape };
      };
      const slope = async (run: (by: number) => Promise<number>): Promise<number> =>
        ((await run(1e-4)) - (await run(-1e-4))) / 2e-4;
      for (const at of [0, 5, 11]) {
        expect(found['input']!.data[at]).toBeCloseTo(await slope((by) => loss(layer, moved(input, at, by), states)), 6);
      }
      for (const [i, each] of names.entries()) {
        const expected = await slope((by) =>
          loss(
            layer,
            input,
            states.map((state, j) => (i === j ? moved(state, 7, by) : state)),
          ),
        );
        expect(found[`${each}0`]!.data[7]).toBeCloseTo(expected, 6);
      }
      const dict = layer.stateDict();
      const gradients = found['parameters'] as unknown as Readonly<Record<string, Tensor>>;
      expect(Object.keys(gradients)).toEqual(Object.keys(dict));
      for (const key of Object.keys(dict)) {
        const expected = await slope(async (by) =>
          loss(
            await made[name]!.fromStateDict(
              { ...dict, [key]: moved(dict[key]!, 1, by) },
              { dtype: 'float64', ...special },
            ),
            input,
            states,
          ),
        );
        expect(gradients[key]!.data[1], key).toBeCloseTo(expected, 6);
      }
    });
  });
}

function expectClose(got: readonly number[], expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  for (const [i, value] of got.entries()) expect(value).toBeCloseTo(expected[i]!, 9);
}
