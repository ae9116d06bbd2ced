import { describe, expect, test } from 'vitest';
import { layoutsOf } from '../src/index.ts';
import { layerParameters } from '../src/parameters/parameters.ts';

const signature = {
  name: 'gru',
  inputs: [{ name: 'x', shape: ['I'] }],
  states: [{ name: 'h', shape: ['H'] }],
  outputs: [{ name: "h'", shape: ['H'], state: 'h' }],
  parameters: {
    w: { blocks: ['W_r', 'W_z'], shape: ['H', 'I'] },
    b: { blocks: ['b_r', 'b_z'], shape: ['H'] },
    c: { blocks: ['c_r', 'c_z'], shape: ['H'] },
    s: { blocks: ['s'], shape: [] },
    k: { blocks: ['k'], shape: [] },
  },
};
const layouts = {
  torch: { w: '[W_r; W_z]', b: '[b_r; b_z]', c: '[c_r; c_z]', s: '[s]', k: '[k]' },
  keras: { kernel: '[W_z; W_r]^T', bias: '[[b_z; b_r] | [c_z; c_r]]^T', numbers: '[k; s]' },
  onnx: { all: '[[W_z | b_z]; [W_r | b_r]]', rows: '[[c_r]^T; [c_z]^T]', s: '[s]', k: '[k]^T' },
};
const { formOf } = layoutsOf(layouts);
const [I, H] = [3, 2];

/** Layers with parameters of these names, and numbers in which row, column and block are read off. */
function layersWith(bias: boolean) {
  const layers = ['_l0', '_l0_reverse'].map((suffix) => layerParameters(signature, { I, H }, bias, suffix));
  const weights = new Map(
    layers.flatMap(({ parameters }) =>
      parameters
        .filter(({ stored }) => stored)
        .map(({ name, shape }, at) => {
          const size = shape.reduce((product, length) => product * length, 1);
          return [name, Float32Array.from({ length: size }, (_, index) => 100 * (at + 1) + index)] as const;
        }),
    ),
  );
  return { layers, weights };
}

const formFor = (layout: string, bias = true) => {
  const { layers, weights } = layersWith(bias);
  return { form: formOf('GRU.stateDict', signature, layers, layout)!, weights };
};

describe('a state dict in another layout', () => {
  test('has its names with the endings of layers and directions, its shapes, its order', () => {
    const { form } = formFor('keras');
    expect(form.parameters.map(({ name, shape }) => [name, shape])).toEqual(
      ['_l0', '_l0_reverse'].flatMap((suffix) => [
        [`kernel${suffix}`, [I, 2 * H]],
        [`bias${suffix}`, [2, 2 * H]],
        [`numbers${suffix}`, [2]],
      ]),
    );
  });

  test('has the gates in its order: below each other, side by side, transposed', () => {
    const { form, weights } = formFor('keras');
    const packed = form.pack(weights);
    // w is [[100, 101, 102], [103, 104, 105]] for r, then z from 106 on.
    expect([...packed.get('kernel_l0')!]).toEqual([106, 109, 100, 103, 107, 110, 101, 104, 108, 111, 102, 105]);
    expect([...packed.get('bias_l0')!]).toEqual([202, 203, 200, 201, 302, 303, 300, 301]);
    expect([...packed.get('numbers_l0')!]).toEqual([500, 400]);
  });

  test('may have vectors beside matrices, as columns, and vectors and numbers as rows', () => {
    const { form, weights } = formFor('onnx');
    const packed = form.pack(weights);
    expect(form.parameters.slice(0, 4).map(({ shape }) => shape)).toEqual([[2 * H, I + 1], [2, H], [], [1, 1]]);
    expect([...packed.get('all_l0')!]).toEqual([
      ...[106, 107, 108, 202],
      ...[109, 110, 111, 203],
      ...[100, 101, 102, 200],
      ...[103, 104, 105, 201],
    ]);
    expect([...packed.get('rows_l0')!]).toEqual([300, 301, 302, 303]);
  });

  test.each(['keras', 'onnx'])('%s: unpacked again it is what was packed', (layout) => {
    const { form, weights } = formFor(layout);
    expect(form.unpack(form.pack(weights))).toEqual(weights);
  });

  test('without biases has those tensors that hold anything else', () => {
    const { form, weights } = formFor('keras', false);
    expect(form.parameters.map(({ name }) => name)).toEqual(['kernel_l0', 'kernel_l0_reverse']);
    expect(form.unpack(form.pack(weights))).toEqual(weights);
    const { form: onnx, weights: same } = formFor('onnx', false);
    expect([...onnx.pack(same).get('all_l0')!.slice(0, 4)]).toEqual([106, 107, 108, 0]);
  });
});

test('the layout that layers take as it is needs no form, named or not', () => {
  const { layers } = layersWith(true);
  expect(formOf('GRU.stateDict', signature, layers, 'torch')).toBeUndefined();
  expect(formOf('GRU.stateDict', signature, layers, '')).toBeUndefined();
});

test('a layout that the cell does not have is refused with those that it has', () => {
  expect(() => formFor('jax')).toThrow(
    expect.objectContaining({
      code: 'CONGRUENT_OPTION',
      message: "CONGRUENT_OPTION: GRU.stateDict: gru has no layout 'jax'. It has: torch, keras, onnx.",
    }),
  );
});
