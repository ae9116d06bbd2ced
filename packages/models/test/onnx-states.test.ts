import { describe, expect, test } from 'vitest';
import * as onnx from './onnx-model.ts';
import { H, I, layersOf, numbers, rejects, weights } from './onnx-small.ts';

describe('initial states', () => {
  const withState = (inputs: readonly string[], ...fields: readonly onnx.Message[]) =>
    layersOf(...weights(4), ...fields, onnx.node('LSTM', ['X', 'W', 'R', 'B', '', ...inputs], ['Y'], 'lstm'));
  const state = (name: string, dims: readonly number[], values: readonly number[]) =>
    onnx.initializer(onnx.raw(name, dims, values));

  test('of one sequence, where all begin alike', async () => {
    const [layer] = await withState(
      ['h', 'c'],
      state('h', [1, 2, H], [1, 2, 3, 1, 2, 3]),
      state('c', [1, 2, H], [4, 5, 6, 4, 5, 6]),
    );
    expect(layer!.initialStates).toEqual([
      { data: Float32Array.of(1, 2, 3), shape: [1, 1, H] },
      { data: Float32Array.of(4, 5, 6), shape: [1, 1, H] },
    ]);
  });

  test('of each sequence, where they differ; zeros where there is no cell state', async () => {
    const [layer] = await withState(['h'], state('h', [1, 2, H], [1, 2, 3, 4, 5, 6]));
    expect(layer!.initialStates).toEqual([
      { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [1, 2, H] },
      { data: new Float32Array(6), shape: [1, 2, H] },
    ]);
  });

  test('repeated for a batch that is known later', async () => {
    const [layer] = await withState(
      ['h'],
      onnx.graphInput('shape'),
      onnx.constant('h1', onnx.raw('', [1, 1, H], [7, 8, 9])),
      onnx.node('Expand', ['h1', 'shape'], ['h'], 'expand'),
    );
    expect(layer!.initialStates).toMatchObject([{ data: Float32Array.of(7, 8, 9) }, { data: new Float32Array(H) }]);
  });

  test('repeated beside one that differs for each sequence', async () => {
    const [layer] = await withState(
      ['h', 'c'],
      onnx.graphInput('shape'),
      onnx.constant('h1', onnx.raw('', [1, 1, H], [7, 8, 9])),
      onnx.node('Expand', ['h1', 'shape'], ['h'], 'expand'),
      state('c', [1, 2, H], [1, 2, 3, 4, 5, 6]),
    );
    expect(layer!.initialStates).toEqual([
      { data: Float32Array.of(7, 8, 9, 7, 8, 9), shape: [1, 2, H] },
      { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [1, 2, H] },
    ]);
  });

  const one = (name: string) => onnx.constant(name, onnx.raw('', [1, 1, H], [7, 8, 9]));
  const two = (name: string) => onnx.constant(name, onnx.raw('', [2, 1, H], [1, 2, 3, 7, 8, 9]));
  const index = (name: string, ...values: readonly number[]) => onnx.constant(name, onnx.indices('', values));
  const node = (opType: string, inputs: readonly string[], output: string, ...attributes: readonly onnx.Message[]) =>
    onnx.node(opType, inputs, [output], output, ...attributes);
  const slice = (from: number, to: number) => [
    index('from', from),
    index('to', to),
    index('axis', 0),
    node('Slice', ['h2', 'from', 'to', 'axis'], 'h'),
  ];

  /** How exporters repeat what a model has learned for a batch of any size. */
  const REPEATED: Readonly<Record<string, readonly onnx.Message[]>> = {
    Tile: [one('h1'), node('Tile', ['h1', 'shape'], 'h')],
    'Expand and Tile': [one('h1'), node('Expand', ['h1', 'shape'], 'h2'), node('Tile', ['h2', 'shape'], 'h')],
    'CastLike and Expand': [one('h1'), node('CastLike', ['h1', 'shape'], 'h2'), node('Expand', ['h2', 'shape'], 'h')],
    'Expand and Cast': [one('h1'), node('Expand', ['h1', 'shape'], 'h2'), node('Cast', ['h2'], 'h', onnx.int('to', 1))],
    'Expand, of which a layer takes its own': [two('h1'), node('Expand', ['h1', 'shape'], 'h2'), ...slice(1, 2)],
    'Expand over the layers, too': [one('h1'), node('Expand', ['h1', 'shape'], 'h2'), ...slice(3, 4)],
    'Expand and Transpose': [
      onnx.constant('h1', onnx.raw('', [1, 1, H], [7, 8, 9])),
      node('Expand', ['h1', 'shape'], 'h2'),
      node('Transpose', ['h2'], 'h', onnx.ints('perm', [1, 0, 2])),
    ],
  };

  test.each(Object.entries(REPEATED))('repeated by %s', async (_, fields) => {
    const [layer] = await withState(['h'], onnx.graphInput('shape'), ...fields);
    expect(layer!.notes).toEqual([]);
    expect(layer!.initialStates).toEqual([
      { data: Float32Array.of(7, 8, 9), shape: [1, 1, H] },
      { data: new Float32Array(H), shape: [1, 1, H] },
    ]);
  });

  test('of one number, which fills a shape that is known later', async () => {
    const value = (number: number) =>
      onnx.inner(5, onnx.message(onnx.text(1, 'value'), onnx.inner(5, onnx.raw('', [1], [number]))));
    const shape = onnx.graphInput('shape');
    const [filled] = await withState(['h'], shape, node('ConstantOfShape', ['shape'], 'h', value(5)));
    expect(filled!.initialStates).toMatchObject([{ data: Float32Array.of(5, 5, 5) }, { data: new Float32Array(H) }]);
    for (const zero of [[value(0)], []]) {
      const zeros = node('ConstantOfShape', ['shape'], 'z', ...zero);
      const joined = node('Concat', ['f16', 'f16'], 'h', onnx.int('axis', 0));
      // To float16, in which other numbers would be rounded.
      const cast = node('Cast', ['z'], 'f16', onnx.int('to', 10));
      const [layer] = await withState(['h'], shape, zeros, cast, joined);
      expect(layer!.notes).toEqual([]);
      expect(layer).not.toHaveProperty('initialStates');
    }
  });

  /** What comes of numbers of the file, and is not known here. */
  const UNKNOWN: Readonly<Record<string, readonly onnx.Message[]>> = {
    Mul: [one('h1'), node('Expand', ['h1', 'shape'], 'h2'), node('Mul', ['h2', 'h1'], 'h')],
    Tanh: [one('h1'), node('Tanh', ['h1'], 'h')],
    // Of a Tile the third and fourth are the first and second again.
    Slice: [two('h1'), node('Tile', ['h1', 'shape'], 'h2'), ...slice(2, 4)],
  };

  test.each(Object.entries(UNKNOWN))(
    'that the file computes by %s are named, and not left out',
    async (name, fields) => {
      const [layer] = await withState(['h'], onnx.graphInput('shape'), ...fields);
      expect(layer!.notes).toEqual([
        expect.stringMatching(`^its initial state is computed by .*${name === 'Slice' ? 'Tile' : name}`),
      ]);
      expect(layer).not.toHaveProperty('initialStates');
    },
  );

  test('of a type that is not read are named, and not left out', async () => {
    const [layer] = await withState(
      ['h'],
      onnx.initializer(onnx.tensor('h', [1, 1, H], 22, onnx.bytes(9, new Uint8Array(2)))),
    );
    expect(layer!.notes).toEqual(["its initial state has elements of ONNX's type 22, which are not read"]);
  });

  test('from outside may be computed by anything, of shapes too', async () => {
    const fields = [onnx.graphInput('before'), one('h1'), node('Mul', ['before', 'h1'], 'h')];
    const [layer] = await withState(['h'], ...fields);
    expect(layer!.notes).toEqual([]);
  });

  test('are of as many sequences as there are lengths', async () => {
    const lengths = onnx.constant('lengths', onnx.indices('', [4, 2]));
    for (const rows of [
      [7, 8, 9],
      [7, 8, 9, 7, 8, 9],
    ]) {
      const [layer] = await layersOf(
        ...weights(3),
        lengths,
        state('h', [1, rows.length / H, H], rows),
        onnx.node('GRU', ['X', 'W', 'R', 'B', 'lengths', 'h'], ['Y'], 'gru'),
      );
      expect(layer!.initialStates).toEqual({ data: Float32Array.of(7, 8, 9, 7, 8, 9), shape: [1, 2, H] });
    }
  });

  test('of which the file has one, and the other comes from outside, are not left out', async () => {
    const [layer] = await withState(['h', 'c'], onnx.graphInput('h'), state('c', [1, 1, H], [1, 2, 3]));
    expect(layer!.notes).toEqual(['one of its initial states is in the file, and the other is not']);
  });

  test('are shared by no more nodes than a file of its size has', () => {
    const rows = 20_000;
    const shared = state('h', [1, rows, 1], numbers(rows));
    const small = ['W', 'R'].map((name) => onnx.initializer(onnx.raw(name, [1, 1, 1], [1])));
    const nodes = Array.from({ length: 300 }, (_, k) => onnx.node('RNN', ['X', 'W', 'R', '', '', 'h'], [`Y${k}`], ''));
    return rejects(onnx.model(...small, shared, ...nodes), 'MODEL_UNSAFE', /share weights/);
  });

  test('are not repeated for more sequences than a file of its size may have', () => {
    const [wide, many] = [2000, 40_000];
    const weight = (name: string, width: number) =>
      onnx.initializer(onnx.raw(name, [1, wide, width], new Array(wide * width).fill(0)));
    const lengths = onnx.constant('lengths', onnx.indices('', new Array(many).fill(1)));
    const h = state('h', [1, 1, wide], numbers(wide));
    const rnn = onnx.node('RNN', ['X', 'W', 'R', '', 'lengths', 'h'], ['Y'], 'rnn');
    return rejects(onnx.model(weight('W', 1), weight('R', wide), lengths, h, rnn), 'MODEL_UNSAFE', /share weights/);
  });

  test('of a file with operators that branch are not looked for without an end', async () => {
    const deep = Array.from({ length: 60 }, (_, k) =>
      node('Concat', [`z${k}`, `z${k}`], k === 59 ? 'h' : `z${k + 1}`, onnx.int('axis', 0)),
    );
    const [layer] = await withState(['h'], onnx.graphInput('shape'), node('ConstantOfShape', ['shape'], 'z0'), ...deep);
    expect(layer!.notes).toEqual([expect.stringMatching(/^its initial state is computed by/)]);
  });

  test('of different batches are refused', () => {
    const lstm = onnx.node('LSTM', ['X', 'W', 'R', 'B', '', 'h', 'c'], ['Y'], 'lstm');
    const [h, c] = [state('h', [1, 2, H], numbers(2 * H)), state('c', [1, 4, H], numbers(4 * H))];
    return rejects(onnx.model(...weights(4), h, c, lstm), 'MODEL_FORMAT', /different batches/);
  });

  test('none where they are zeros, or inputs', async () => {
    const [zero] = await withState(['h'], state('h', [1, 1, H], [0, 0, 0]));
    expect(zero).not.toHaveProperty('initialStates');
    const [given] = await withState(['h'], onnx.graphInput('h'));
    expect(given).not.toHaveProperty('initialStates');
    expect(given!.notes).toEqual([]);
  });

  test('with layout 1, directions and batch change places', async () => {
    const both = (gates: number, width: number) => numbers(2 * gates * H * width);
    const [layer] = await layersOf(
      onnx.initializer(onnx.raw('W', [2, H, I], both(1, I))),
      onnx.initializer(onnx.raw('R', [2, H, H], both(1, H))),
      state('h', [2, 2, H], numbers(12)),
      onnx.node(
        'RNN',
        ['X', 'W', 'R', '', '', 'h'],
        ['Y'],
        'rnn',
        onnx.string('direction', 'bidirectional'),
        onnx.int('layout', 1),
      ),
    );
    expect(layer!.options).toMatchObject({ batchFirst: true, bidirectional: true });
    expect(layer!.initialStates).toEqual({
      data: Float32Array.of(1, 2, 3, 7, 8, 9, 4, 5, 6, 10, 11, 12),
      shape: [2, 2, H],
    });
    expect([...layer!.parameters['weight_ih_l0_reverse']!.data]).toEqual([7, 8, 9, 10, 11, 12]);
  });

  test('of another shape are refused', () =>
    rejects(
      onnx.model(
        ...weights(3),
        state('h', [1, H], [1, 2, 3]),
        onnx.node('GRU', ['X', 'W', 'R', 'B', '', 'h'], ['Y'], 'gru'),
      ),
      'MODEL_FORMAT',
      /node "gru": an initial state is \[1, 3\], and not \[1, B, 3\]/,
    ));
});
