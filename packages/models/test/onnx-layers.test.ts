import { defineCell } from '@congruent/spec';
import { describe, expect, test } from 'vitest';
import * as onnx from './onnx-model.ts';
import { gru, H, I, layersOf, numbers, rejects, weights } from './onnx-small.ts';

describe('layers', () => {
  test("parameters are in torch's order", async () => {
    const [layer] = await layersOf(...weights(3), gru(onnx.int('hidden_size', H), onnx.int('linear_before_reset', 1)));
    expect(layer!.options).toEqual({
      inputSize: I,
      hiddenSize: H,
      numLayers: 1,
      bidirectional: false,
      batchFirst: false,
      bias: true,
      resetAfter: true,
      dtype: 'float32',
    });
    // ONNX has z, r, n; torch r, z, n.
    expect([...layer!.parameters['bias_ih_l0']!.data]).toEqual([4, 5, 6, 1, 2, 3, 7, 8, 9]);
    expect([...layer!.parameters['bias_hh_l0']!.data]).toEqual([13, 14, 15, 10, 11, 12, 16, 17, 18]);
    expect(layer!.parameters['weight_ih_l0']!.shape).toEqual([3 * H, I]);
  });

  test('activations, their numbers as people write them, and the cell', async () => {
    const [layer] = await layersOf(
      ...weights(4),
      onnx.node(
        'LSTM',
        ['X', 'W', 'R', 'B'],
        ['Y'],
        'lstm',
        onnx.strings('activations', ['HARDSIGMOID', 'LeakyRelu', 'Elu']),
        onnx.floats('activation_alpha', [0.3, 0.05]),
      ),
    );
    // beta of the first and alpha of the last are not listed: the defaults of their operators.
    expect(layer!.cell).toContain('min(max(0.3 * a_i + 0.5, 0), 1)');
    expect(layer!.cell).toContain('max(a_g, 0) + 0.05 * min(a_g, 0)');
    expect(layer!.cell).toContain("max(c', 0) + 1 * (exp(min(c', 0)) - 1)");
    expect(layer!.options).toEqual({
      sizes: { I, H },
      numLayers: 1,
      bidirectional: false,
      batchFirst: false,
      dtype: 'float32',
    });
    expect(defineCell(layer!.cell!).name).toBe('lstm_hard_sigmoid_candidate_leaky_relu_output_elu');
    expect(layer!.notes).toEqual([]);
  });

  test('an own cell has zeros for biases that the file leaves out', async () => {
    const [W, R] = weights(3) as [onnx.Message, onnx.Message];
    const [layer] = await layersOf(W, R, onnx.node('GRU', ['X', 'W', 'R'], ['Y'], 'gru', onnx.float('clip', 3)));
    expect(layer!.parameters['bias_ih_l0']).toEqual({ data: new Float32Array(9), shape: [9] });
    expect(layer!.parameters['bias_hh_l0']).toEqual({ data: new Float32Array(9), shape: [9] });
  });

  test('peepholes in the order of the gates, without the forget gate where it is coupled', async () => {
    const P = onnx.initializer(onnx.raw('P', [1, 3 * H], numbers(3 * H)));
    const lstm = (...attributes: readonly onnx.Message[]) =>
      onnx.node('LSTM', ['X', 'W', 'R', 'B', '', '', '', 'P'], ['Y'], 'lstm', ...attributes);
    const [peephole] = await layersOf(...weights(4), P, lstm());
    expect([...peephole!.parameters['weight_peephole_l0']!.data]).toEqual([1, 2, 3, 7, 8, 9, 4, 5, 6]);
    const [coupled] = await layersOf(...weights(4), P, lstm(onnx.int('input_forget', 1)));
    expect([...coupled!.parameters['weight_peephole_l0']!.data]).toEqual([1, 2, 3, 4, 5, 6]);
    // i, o, f, c without f, as i, c, o.
    expect([...coupled!.parameters['bias_ih_l0']!.data]).toEqual([1, 2, 3, 10, 11, 12, 4, 5, 6]);
    expect(coupled!.parameters['weight_hh_l0']!.shape).toEqual([3 * H, H]);
  });

  test('what the notation cannot say is a note', async () => {
    const rnn = (...attributes: readonly onnx.Message[]) =>
      onnx.node('RNN', ['X', 'W', 'R', 'B'], ['Y'], 'rnn', ...attributes);
    const notes = async (...attributes: readonly onnx.Message[]) =>
      (await layersOf(...weights(1), rnn(...attributes)))[0]!.notes.join();
    expect(await notes(onnx.strings('activations', ['ThresholdedRelu']))).toMatch(/thresholded_relu/);
    expect(await notes(onnx.strings('activations', ['Affine']))).toMatch(/affine is given no alpha/);
    expect(await notes(onnx.strings('activations', ['Mine']))).toMatch(/"Mine"/);
    expect(await notes(onnx.float('clip', 0))).toMatch(/clip is 0/);
  });

  test('two directions of different activations have no cell', async () => {
    const both = (name: string, rows: number, columns: number) =>
      onnx.initializer(onnx.raw(name, [2, rows, columns], numbers(2 * rows * columns)));
    const [layer] = await layersOf(
      both('W', H, I),
      both('R', H, H),
      onnx.node(
        'RNN',
        ['X', 'W', 'R'],
        ['Y'],
        'rnn',
        onnx.string('direction', 'bidirectional'),
        onnx.strings('activations', ['Softsign', 'Tanh']),
      ),
    );
    expect(layer).not.toHaveProperty('cell');
    expect(layer!.notes).toEqual([expect.stringMatching(/two directions have different activations/)]);
  });

  test('float16 weights are run in float32', async () => {
    const halves = (name: string, dims: readonly number[]) => {
      const count = dims.reduce((a, b) => a * b);
      const data = onnx.bytes(9, new Uint8Array(new Uint16Array(count).fill(0x3c00).buffer));
      return onnx.initializer(onnx.tensor(name, dims, 10, data));
    };
    const [layer] = await layersOf(
      halves('W', [1, H, I]),
      halves('R', [1, H, H]),
      onnx.node('RNN', ['X', 'W', 'R'], ['Y'], 'r'),
    );
    expect(layer!.options).toMatchObject({ dtype: 'float32', bias: false, nonlinearity: 'tanh' });
    expect(layer!.parameters['weight_hh_l0']!.data).toEqual(new Float32Array(H * H).fill(1));
  });

  test('constant lengths', async () => {
    const lens = onnx.initializer(onnx.tensor('lens', [2], 6, onnx.message(onnx.integer(5, 4), onnx.integer(5, 2))));
    const [layer] = await layersOf(...weights(3), lens, onnx.node('GRU', ['X', 'W', 'R', 'B', 'lens'], ['Y'], 'gru'));
    expect(layer!.lengths).toEqual([4, 2]);
    const none = onnx.constant('lens', onnx.indices('', [4, 0]));
    const [empty] = await layersOf(...weights(3), none, onnx.node('GRU', ['X', 'W', 'R', 'B', 'lens'], ['Y'], 'gru'));
    expect(empty!.notes).toEqual(['a sequence of its batch has no steps, which no layer takes']);
    const [open] = await layersOf(
      ...weights(3),
      onnx.graphInput('lens'),
      onnx.node('GRU', ['X', 'W', 'R', 'B', 'lens'], ['Y'], 'gru'),
    );
    expect(open).not.toHaveProperty('lengths');
    expect(open!.notes).toEqual([]);
  });
});

describe('a node that contradicts itself is refused', () => {
  const cases: readonly (readonly [string, readonly onnx.Message[], RegExp])[] = [
    [
      'hidden_size',
      [gru(onnx.int('hidden_size', 4))],
      /node "gru", input W: it is \[1, 9, 2\].* hidden_size 4 takes \[1, 12, 2\]/,
    ],
    ['direction', [gru(onnx.string('direction', 'sideways'))], /direction is "sideways"/],
    ['layout', [gru(onnx.int('layout', 2))], /node "gru": its layout is 2, not 0 or 1/],
    ['two directions of one', [gru(onnx.string('direction', 'bidirectional'))], /takes \[2, 9, 2\]/],
    ['activations', [gru(onnx.strings('activations', ['Tanh']))], /it has 1 activations, and GRU takes 2/],
    ['no R', [onnx.node('GRU', ['X', 'W'], ['Y'], 'gru')], /W or R is missing/],
    ['an LSTM in a GRU', [onnx.node('LSTM', ['X', 'W', 'R', 'B'], ['Y'], 'lstm')], /node "lstm", input W/],
  ];
  test('lengths that are none', () => {
    const lens = onnx.initializer(onnx.raw('lens', [2], [1.5, -1]));
    const bytes = onnx.model(...weights(3), lens, onnx.node('GRU', ['X', 'W', 'R', 'B', 'lens'], ['Y'], 'gru'));
    return rejects(bytes, 'MODEL_FORMAT', /node "gru": its sequence_lens/);
  });

  for (const [what, fields, words] of cases) {
    test(what, () => rejects(onnx.model(...weights(3), ...fields), 'MODEL_FORMAT', words));
  }

  test('weights of different types', () => {
    const R = onnx.tensor('R', [1, H, H], 11, onnx.bytes(9, new Uint8Array(8 * H * H)));
    const W = onnx.raw('W', [1, H, I], numbers(H * I));
    const rnn = onnx.node('RNN', ['X', 'W', 'R'], ['Y'], 'rnn');
    const bytes = onnx.model(onnx.initializer(W), onnx.initializer(R), rnn);
    return rejects(bytes, 'MODEL_FORMAT', /input R: it is of float64, and W of float32/);
  });

  test('weights of integers', () => {
    const int8 = (name: string, dims: readonly number[]) =>
      onnx.initializer(onnx.tensor(name, dims, 3, onnx.bytes(9, new Uint8Array(dims.reduce((a, b) => a * b)))));
    const bytes = onnx.model(
      int8('W', [1, H, I]),
      int8('R', [1, H, H]),
      onnx.node('RNN', ['X', 'W', 'R'], ['Y'], 'rnn'),
    );
    return rejects(bytes, 'MODEL_FORMAT', /input W: it is of int8/);
  });
});
