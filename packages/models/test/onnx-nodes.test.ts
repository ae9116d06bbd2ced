import { describe, expect, test } from 'vitest';
import * as onnx from './onnx-model.ts';
import { gru, I, layersOf, read, rejects, weights } from './onnx-small.ts';

describe('where a node stands', () => {
  const inBody = (opType: string, attribute: string) =>
    layersOf(...weights(3), onnx.node(opType, ['n'], ['y'], 'outer', onnx.subgraph(attribute, onnx.graph(gru()))));

  test('a branch of an If, with weights of the graph around', async () => {
    const [layer] = await inBody('If', 'then_branch');
    expect(layer).toMatchObject({ kind: 'GRU', name: 'gru', notes: [] });
    expect(layer!.parameters['weight_ih_l0']!.shape).toEqual([9, I]);
  });

  for (const opType of ['Loop', 'Scan']) {
    test(`the body of a ${opType}, which is a note`, async () => {
      const [layer] = await inBody(opType, 'body');
      expect(layer!.notes).toEqual([`it is in the body of ${opType} "outer"`]);
    });
  }

  test('an If in a Loop', async () => {
    const branch = onnx.graph(onnx.node('If', ['c'], ['y'], 'if', onnx.subgraph('then_branch', onnx.graph(gru()))));
    const [layer] = await layersOf(
      ...weights(3),
      onnx.node('Loop', ['n'], ['y'], 'loop', onnx.subgraph('body', branch)),
    );
    expect(layer!.notes).toEqual(['it is in the body of Loop "loop"']);
  });

  test("a function of the model's", async () => {
    const body = onnx.message(
      onnx.text(1, 'MyGRU'),
      ...['W', 'R', 'B'].map((name) => onnx.text(4, name)),
      onnx.inner(
        7,
        onnx.message(
          ...['X', 'W', 'R', 'B'].map((name) => onnx.text(1, name)),
          onnx.text(3, 'gru'),
          onnx.text(4, 'GRU'),
        ),
      ),
    );
    const bytes = onnx.bytesOf(onnx.message(onnx.integer(1, 8), onnx.inner(7, onnx.graph()), onnx.inner(25, body)));
    const [layer] = (await read(bytes)).layers;
    expect(layer!.notes[0]).toBe('it is in the function "MyGRU", which nodes call');
    expect(layer!.notes[1]).toBe('its input W is an input of the graph');
  });

  test('another domain, whose operators are not read', async () => {
    const fields = onnx.message(
      onnx.text(2, 'Y'),
      onnx.text(3, 'q'),
      onnx.text(4, 'DynamicQuantizeLSTM'),
      onnx.text(7, 'com.microsoft'),
    );
    const [layer] = await layersOf(onnx.inner(1, fields));
    expect(layer).toMatchObject({ kind: 'LSTM', name: 'q', parameters: {} });
    expect(layer!.notes).toEqual(['it is DynamicQuantizeLSTM "q" of "com.microsoft", which is not read']);
  });

  test('nodes of one name are told apart, and one without is named after its output', async () => {
    const named = (name: string, output: string) => onnx.node('GRU', ['X', 'W', 'R', 'B'], [output], name);
    const layers = await layersOf(...weights(3), named('a', 'y1'), named('a', 'y2'), named('', 'y3'));
    expect(layers.map(({ name }) => name)).toEqual(['a', 'a/y2', 'y3']);
  });

  test('names of any length make no long paths', async () => {
    const w = onnx.graph(onnx.constant('w', onnx.raw('', [1], [1])));
    const outer = onnx.node('If', ['c'], ['y'], 'long'.repeat(10000), onnx.subgraph('then_branch', w));
    const { tensors } = await read(onnx.model(onnx.initializer(onnx.raw('w', [1], [1])), outer));
    expect(Object.keys(tensors).map(({ length }) => length)).toEqual([1, 1001]);
  });

  test('a sparse weight is said to be one', async () => {
    const values = onnx.inner(1, onnx.raw('R', [1], [1]));
    const [W] = weights(3) as [onnx.Message];
    const model = onnx.model(W, onnx.inner(15, values), onnx.node('GRU', ['X', 'W', 'R'], ['Y'], 'gru'));
    const { layers, unread } = await read(model);
    expect({ ...unread }).toEqual({ R: 'is a sparse tensor, which is not read' });
    expect(layers[0]!.notes).toEqual(['its input R is a sparse tensor, which is not read']);
  });
});

test('nodes that share weights have a copy each, but not more of them than the file is large', async () => {
  const [G, N] = [4 * 64, 64];
  const shared = ['W', 'R'].map((name) => onnx.initializer(onnx.raw(name, [1, G, N], new Array(G * N).fill(0))));
  const nodes = (count: number) =>
    Array.from({ length: count }, (_, k) => onnx.node('LSTM', ['X', 'W', 'R'], [`Y${k}`], ''));
  expect(await layersOf(...shared, ...nodes(8))).toHaveLength(8);
  await rejects(onnx.model(...shared, ...nodes(100)), 'MODEL_UNSAFE', /share weights, .* more than 16 times the file/);
});
