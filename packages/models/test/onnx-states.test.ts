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
