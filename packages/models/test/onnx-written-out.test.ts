import { expect, test } from 'vitest';
import { type Layer, readModel } from '../src/index.ts';
import * as onnx from './onnx-model.ts';

// Cells that exporters write out in single operators.

const [I, H] = [2, 3];
const G = 4 * H;

const numbers = (count: number, from = 0): number[] => Array.from({ length: count }, (_, k) => k + from);

const layersOf = async (...fields: readonly onnx.Message[]): Promise<readonly Layer[]> =>
  (await readModel(onnx.model(...fields))).layers;

const node = (opType: string, inputs: readonly string[], output: string, ...attributes: readonly onnx.Message[]) =>
  onnx.node(opType, inputs, [output], '', ...attributes);

/** From the sum `s` to the next states `h1` and `c1`; `order` is that of the gates in the sum. */
const gates = (order = 'ifgo', cell = 'c', step = ''): readonly onnx.Message[] => [
  onnx.node(
    'Split',
    [`s${step}`],
    [...order].map((gate) => `a_${gate}${step}`),
    '',
    onnx.int('axis', 1),
  ),
  ...['i', 'f', 'o'].map((gate) => node('Sigmoid', [`a_${gate}${step}`], `${gate}${step}`)),
  node('Tanh', [`a_g${step}`], `g${step}`),
  node('Mul', [cell, `f${step}`], `fc${step}`),
  node('Mul', [`i${step}`, `g${step}`], `ig${step}`),
  node('Add', [`ig${step}`, `fc${step}`], `c1${step}`),
  node('Tanh', [`c1${step}`], `t${step}`),
  onnx.node('Mul', [`o${step}`, `t${step}`], [`h1${step}`], `cell${step}`),
];

/** As MatMul has the weights: [inputs, 4H]. */
const matrix = (name: string, rows: number, from = 0): onnx.Message =>
  onnx.initializer(onnx.raw(name, [rows, G], numbers(rows * G, from)));
const bias = (name: string, from: number): onnx.Message => onnx.initializer(onnx.raw(name, [G], numbers(G, from)));

/** x @ W + h @ R + b */
const sum = (x = 'x', h = 'h', step = ''): readonly onnx.Message[] => [
  node('MatMul', [x, 'W'], `xW${step}`),
  node('MatMul', [h, 'R'], `hR${step}`),
  node('Add', [`xW${step}`, `hR${step}`], `xh${step}`),
  node('Add', [`xh${step}`, 'b'], `s${step}`),
];

const inputs = ['x', 'h', 'c'].map(onnx.graphInput);

test("as torch's LSTMCell is exported: two Gemm with their biases, named after its weights", async () => {
  const [layer, ...more] = await layersOf(
    ...inputs,
    ...[I, H].map((columns, k) =>
      onnx.initializer(onnx.raw(`rnn.weight_${k ? 'hh' : 'ih'}`, [G, columns], numbers(G * columns, 100 * k))),
    ),
    ...[bias('rnn.bias_ih', 7), bias('rnn.bias_hh', 70)],
    node('Gemm', ['h', 'rnn.weight_hh', 'rnn.bias_hh'], 'hR', onnx.int('transB', 1)),
    node('Gemm', ['x', 'rnn.weight_ih', 'rnn.bias_ih'], 'xW', onnx.int('transB', 1)),
    node('Add', ['hR', 'xW'], 's'),
    ...gates(),
  );
  expect(more).toEqual([]);
  expect(layer).toEqual({
    kind: 'LSTMCell',
    name: 'rnn',
    options: { inputSize: I, hiddenSize: H, bias: true, dtype: 'float32' },
    parameters: {
      weight_ih: { data: Float32Array.from(numbers(G * I)), shape: [G, I] },
      weight_hh: { data: Float32Array.from(numbers(G * H, 100)), shape: [G, H] },
      bias_ih: { data: Float32Array.from(numbers(G, 7)), shape: [G] },
      bias_hh: { data: Float32Array.from(numbers(G, 70)), shape: [G] },
    },
    notes: [],
  });
});

test.each(['ifgo', 'oigf', 'fgio'])('gates in the order %s, by what is done with them', async (order) => {
  const weights = [matrix('W', I), matrix('R', H), bias('b', 0)];
  const [layer] = await layersOf(...inputs, ...weights, ...sum(), ...gates(order));
  expect(layer).toMatchObject({ kind: 'LSTMCell', name: 'cell', notes: [] });
  const rows = [...'ifgo'].flatMap((gate) => numbers(H, H * order.indexOf(gate)));
  expect([...layer!.parameters['bias_ih']!.data]).toEqual(rows);
  expect([...layer!.parameters['bias_hh']!.data]).toEqual(new Array(G).fill(0));
  expect([...layer!.parameters['weight_ih']!.data]).toEqual(rows.flatMap((row) => [row, G + row]));
});

test('steps that are unrolled are one cell', async () => {
  const weights = [matrix('W', I), matrix('R', H), bias('b', 0)];
  const second = [...sum('x', 'h1', '2'), ...gates('ifgo', 'c1', '2')];
  const layers = await layersOf(...inputs, ...weights, ...sum(), ...gates(), ...second);
  expect(layers.map(({ name }) => name)).toEqual(['cell']);
});

test('a state as wide as the input is what comes from where the cell state does', async () => {
  const state = onnx.graphInput('state');
  const at = (k: number, output: string): readonly onnx.Message[] => [
    onnx.constant(`k${k}`, onnx.indices('', [k])),
    node('Gather', ['state', `k${k}`], output),
  ];
  const weights = [matrix('W', H, 500), matrix('R', H), bias('b', 0)];
  const [layer] = await layersOf(
    ...[onnx.graphInput('x'), state, ...at(0, 'h'), ...at(1, 'c')],
    ...[...weights, ...sum(), ...gates()],
  );
  expect(layer!.notes).toEqual([]);
  expect(layer!.parameters['weight_ih']!.data[0]).toBe(500);
  const [unclear] = await layersOf(state, ...at(0, 'h'), ...at(1, 'c'), ...weights, ...sum('h'), ...gates());
  expect(unclear).toMatchObject({ name: 'cell', parameters: {}, notes: [expect.stringContaining('cannot be told')] });
});

test('in a Loop, whose weights are handed on from run to run, the state is what the next run gets', async () => {
  const body = onnx.graph(
    ...['k', 'go', 'h', 'c', 'W', 'R', 'b'].map(onnx.graphInput),
    node('Gather', ['X', 'k'], 'x'),
    ...[...sum('x', 'h'), ...gates()],
    node('Identity', ['R'], 'R1'),
    ...['go', 'h1', 'c1', 'W', 'R1', 'b', 'h1'].map((name) => onnx.inner(12, onnx.text(1, name))),
  );
  const [layer] = await layersOf(
    ...['X', 'h0'].map(onnx.graphInput),
    ...[matrix('V', H, 500), matrix('U', H), bias('a', 0)],
    onnx.node('Loop', ['', '', 'h0', 'h0', 'V', 'U', 'a'], ['hn', 'cn'], 'loop', onnx.subgraph('body', body)),
  );
  expect(layer).toMatchObject({ kind: 'LSTMCell', options: { inputSize: H, hiddenSize: H }, notes: [] });
  expect(layer!.parameters['weight_ih']!.data[0]).toBe(500);
});

test.each<readonly [string, readonly onnx.Message[]]>([
  ['a gate with another function', [...sum(), ...gates().slice(0, 1), node('Relu', ['a_i'], 'i'), ...gates().slice(2)]],
  [
    'a sum with a third product',
    [...sum('x', 'h', '0'), node('MatMul', ['y', 'W'], 'yW'), node('Add', ['s0', 'yW'], 's'), ...gates()],
  ],
  [
    'a bias of one number',
    [
      ...sum('x', 'h', '0'),
      onnx.initializer(onnx.raw('shift', [1], [1])),
      ...[node('Add', ['s0', 'shift'], 's'), ...gates()],
    ],
  ],
  ['weights that are not known', [node('MatMul', ['x', 'V'], 'xV'), node('Add', ['xV', 'b'], 's'), ...gates()]],
])('%s makes it another cell, which is none', async (_, nodes) => {
  const weights = [matrix('W', I), matrix('R', H), bias('b', 0)];
  expect(await layersOf(...inputs, ...['y', 'V'].map(onnx.graphInput), ...weights, ...nodes)).toEqual([]);
});

/** A GRU as Keras has it, its gates z, r, n by Split of the input's product and by Slice of the state's. */
const gru = (order = 'zrn', one = 1): readonly onnx.Message[] => {
  const slice = (gate: string): readonly onnx.Message[] => {
    const at = order.indexOf(gate);
    const bounds = [
      [0, at * H],
      [2 ** 31 - 1, at === 2 ? 2 ** 31 - 1 : (at + 1) * H],
      [0, 1],
    ].map((values, k) => onnx.constant(`bound${gate}${k}`, onnx.indices('', values)));
    return [...bounds, node('Slice', ['hs', ...[0, 1, 2].map((k) => `bound${gate}${k}`)], `h_${gate}`)];
  };
  return [
    ...[I, H].map((rows, k) =>
      onnx.initializer(onnx.raw(k ? 'R' : 'W', [rows, 3 * H], numbers(rows * 3 * H, 100 * k))),
    ),
    onnx.initializer(onnx.raw('biases', [2, 3 * H], numbers(6 * H))),
    onnx.initializer(onnx.raw('one', [], [one])),
    onnx.node('Split', ['biases'], ['bx', 'bh'], '', onnx.int('axis', 0)),
    ...['bx', 'bh'].map((name) => node('Squeeze', [name], `${name}1`, onnx.ints('axes', [0]))),
    ...[node('MatMul', ['x', 'W'], 'xW'), node('Add', ['xW', 'bx1'], 'xs')],
    ...[node('MatMul', ['h', 'R'], 'hR'), node('Add', ['bh1', 'hR'], 'hs')],
    onnx.node(
      'Split',
      ['xs'],
      [...order].map((gate) => `x_${gate}`),
      '',
      onnx.int('axis', -1),
    ),
    ...[...order].flatMap(slice),
    ...[node('Add', ['x_z', 'h_z'], 'a_z'), node('Sigmoid', ['a_z'], 'z')],
    ...[node('Add', ['h_r', 'x_r'], 'a_r'), node('Sigmoid', ['a_r'], 'r')],
    ...[node('Mul', ['r', 'h_n'], 'rh'), node('Add', ['x_n', 'rh'], 'a_n'), node('Tanh', ['a_n'], 'n')],
    ...[node('Sub', ['one', 'z'], 'z1'), node('Mul', ['z1', 'n'], 'zn'), node('Mul', ['z', 'h'], 'zh')],
    onnx.node('Add', ['zh', 'zn'], ['h1'], 'gru'),
  ];
};

test.each(['zrn', 'nzr'])('a GRU as Keras writes it, its gates in the order %s', async (order) => {
  const [layer, ...more] = await layersOf(...inputs, ...gru(order));
  expect(more).toEqual([]);
  const rows = [...'rzn'].flatMap((gate) => numbers(H, H * order.indexOf(gate)));
  expect(layer).toMatchObject({
    kind: 'GRUCell',
    name: 'gru',
    options: { inputSize: I, hiddenSize: H, bias: true, dtype: 'float32' },
    notes: [],
  });
  const { weight_ih, weight_hh, bias_ih, bias_hh } = layer!.parameters;
  expect([...bias_ih!.data]).toEqual(rows);
  expect([...bias_hh!.data]).toEqual(rows.map((row) => row + 3 * H));
  expect([...weight_ih!.data]).toEqual(rows.flatMap((row) => [row, 3 * H + row]));
  expect([...weight_hh!.data].slice(0, H)).toEqual(numbers(H).map((k) => 100 + rows[0]! + 3 * H * k));
});

test('what is a GRU but for 2 - z in place of 1 - z is none', async () => {
  expect(await layersOf(...inputs, ...gru('zrn', 2))).toEqual([]);
});
