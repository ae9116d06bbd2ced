import { type FloatArray, readSafetensors, type StoredTensor, type Tensor } from '@congruent/runtime';
import { describe, expect, test } from 'vitest';
import { type Layer, type Model, readModel } from '../src/index.ts';
import { expectNear, type Recorded, recorded } from './recorded.ts';
import { run } from './run.ts';

const items = recorded('onnx');

const readItem = ({ path, file, files }: Recorded): Promise<Model> => readModel(files[file]!, { name: path, files });

/** A recorded tensor in the type of a layer. */
const given = (recordedTensor: Tensor, { options }: Layer): Tensor => ({
  data: (options.dtype === 'float64' ? Float64Array : Float32Array).from(recordedTensor.data),
  shape: recordedTensor.shape,
});

/** Dimensions in another order. */
function permuted({ data, shape }: Tensor, order: readonly number[]): Tensor {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const to = order.map((axis) => shape[axis]!);
  const result = data.map((_, k) => {
    let rest = k;
    let from = 0;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      from += (rest % to[axis]!) * strides[order[axis]!]!;
      rest = Math.floor(rest / to[axis]!);
    }
    return data[from]!;
  });
  return { data: result, shape: to };
}

/** What a node gives, by ONNX's names of it. */
interface NodeResult {
  readonly Y: Tensor;
  readonly Y_h: Tensor;
  readonly Y_c?: Tensor;
}

/** A node's results as ONNX lays them out: Y [T, D, B, H], and [B, T, D, H] with layout 1. */
function runNode(layer: Layer, X: Tensor, states?: readonly Tensor[]): NodeResult {
  const batchFirst = layer.options['batchFirst'] === true;
  const turned = (state: Tensor): Tensor => (batchFirst ? permuted(state, [1, 0, 2]) : state);
  const begin = states?.map(turned);
  const ran = run(layer, X, begin && (begin.length === 1 ? begin[0] : begin));
  const [first, second, width] = ran.output.shape as [number, number, number];
  const directions = layer.options['bidirectional'] ? 2 : 1;
  const split = { data: ran.output.data, shape: [first, second, directions, width / directions] };
  const [Y_h, Y_c] = ran.states.map(turned) as [Tensor, Tensor?];
  return { Y: batchFirst ? split : permuted(split, [0, 2, 1, 3]), Y_h, ...(Y_c ? { Y_c } : {}) };
}

/** Each sequence alone, as long as it is: what ONNX gives for `sequence_lens`. */
function runLengths(layer: Layer, X: Tensor, states?: readonly Tensor[]): NodeResult {
  const [steps, batch] = X.shape as [number, number, number];
  const one = (tensor: Tensor, axis: number, at: number, length = tensor.shape[0]!): Tensor => {
    const last = permuted(
      tensor,
      [axis, ...tensor.shape.keys()].filter((k, i) => i === 0 || k !== axis),
    );
    const size = last.data.length / batch;
    const shape = [length, 1, tensor.shape[2]!];
    return { data: last.data.slice(at * size, at * size + (size / tensor.shape[0]!) * length), shape };
  };
  const { lengths, ...alone } = layer;
  const results = lengths!.map((length, b) =>
    runNode(
      alone,
      one(X, 1, b, length),
      states?.map((state) => one(state, 1, b)),
    ),
  );
  /** Side by side in the batch, the axis before the last, with zeros after the last step. */
  const together = (parts: readonly Tensor[], outer: readonly number[]): Tensor => {
    const [rows, width] = [outer.reduce((a, b) => a * b), parts[0]!.shape.at(-1)!];
    const data: FloatArray = new Float32Array(rows * batch * width);
    parts.forEach((part, b) => {
      for (let row = 0; row < part.data.length / width; row++) {
        data.set(part.data.subarray(row * width, (row + 1) * width), (row * batch + b) * width);
      }
    });
    return { data, shape: [...outer, batch, width] };
  };
  const directions = results[0]!.Y.shape[1]!;
  const states_ = (name: 'Y_h' | 'Y_c') =>
    together(
      results.map((each) => each[name]!),
      [directions],
    );
  const Y = together(
    results.map((each) => each.Y),
    [steps, directions],
  );
  return { Y, Y_h: states_('Y_h'), ...(results[0]!.Y_c ? { Y_c: states_('Y_c') } : {}) };
}

const read = items.filter((each) => each.expect !== 'refuse' && each.expected.made_with.startsWith('by hand'));

/** What cannot be said in a cell. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'onnx/rnn_mixed_activations': /two directions have different activations/,
};

describe.skipIf(items.length === 0)('a node has the outputs that the record has for it', () => {
  for (const each of read.filter(({ path }) => !(path in REFUSED))) {
    test(each.path, async () => {
      const { layers, format } = await readItem(each);
      expect(format).toBe('onnx');
      expect(layers).toHaveLength(1);
      const [layer] = layers as [Layer];
      expect(layer.notes).toEqual([]);
      const { X, h0, c0 } = each.expected.inputs;
      const states = h0 ? [h0, ...(c0 ? [c0] : [])].map((state) => given(state, layer)) : undefined;
      const result = (layer.lengths ? runLengths : runNode)(layer, given(X, layer), states);
      const names = Object.keys(each.expected.outputs64) as (keyof NodeResult)[];
      expect(names.length).toBeGreaterThanOrEqual(2);
      for (const name of names) {
        expectNear(result[name]!, each.expected.outputs64[name], each.expected.toolError?.[name]);
      }
    });
  }
});

describe.skipIf(items.length === 0)('a layer says what the record says of it', () => {
  for (const each of items.filter(({ expect: expected }) => expected !== 'refuse')) {
    test(each.path, async () => {
      const { layers } = await readItem(each);
      const nodes = each.expected.model.recurrentNodes;
      expect(layers.map(({ kind, name }) => [kind, name])).toEqual(
        // biome-ignore lint/suspicious/noExplicitAny: the record's own keys
        nodes.map(({ op, node }: any) => [op, node]),
      );
      // biome-ignore lint/suspicious/noExplicitAny: the record's own keys
      const said = each.expected.layers.filter(({ kind }: any) => kind !== 'Linear');
      // biome-ignore lint/suspicious/noExplicitAny: the record's own keys
      const perNode = said.flatMap((layer: any) =>
        new Array(said.length === nodes.length ? 1 : nodes.length).fill(layer),
      );
      layers.forEach(({ options, cell, reverse, kind }, k) => {
        const { hiddenSize, bidirectional, bias, resetAfter, direction, activation } = perNode[k];
        expect(cell ? options['sizes'] : options).toMatchObject(cell ? { H: hiddenSize } : { hiddenSize, bias });
        expect(options).toMatchObject({ bidirectional, numLayers: 1 });
        expect(reverse ?? false).toBe(direction === 'reverse');
        if (kind === 'GRU' && !cell) expect(options['resetAfter']).toBe(resetAfter);
        if (kind === 'RNN') expect(options['nonlinearity']).toBe([activation].flat()[0].toLowerCase());
      });
    });
  }
});

describe.skipIf(items.length === 0)("torch's exports chain to what torch computes", () => {
  for (const each of items.filter(({ expected }) => expected.made_with.startsWith('torch.onnx.export, PyTorch'))) {
    test(each.path, async () => {
      const { layers, tensors } = await readItem(each);
      const { inputs, outputs64, toolError, model } = each.expected;
      expect(layers.flatMap(({ notes }) => notes)).toEqual([]);
      const batchFirst = model.graphInputs.x[0] === 'batch';
      const x = given(inputs.x, layers[0]!);
      let output = batchFirst ? permuted(x, [1, 0, 2]) : x;
      const states: Tensor[][] = [];
      for (const [k, layer] of layers.entries()) {
        const begin = layers.length === 1 && inputs.h0 ? [inputs.h0, inputs.c0].filter(Boolean) : undefined;
        const started = begin?.map((state: Tensor) => given(state, layer));
        const ran = run(layer, output, started && (started.length === 1 ? started[0] : started));
        output = ran.output;
        ran.states.forEach((state, s) => {
          states[s] ??= [];
          states[s][k] = state;
        });
      }
      ['hn', 'cn'].slice(0, states.length).forEach((name, s) => {
        expectNear(joined(states[s]!), outputs64[name], toolError[name]);
      });
      const y = each.expected.layers.at(-1).kind === 'Linear' ? linear(output, tensors) : output;
      expectNear(batchFirst ? permuted(y, [1, 0, 2]) : y, outputs64.y, toolError.y);
    });
  }
});

/** One below the other. */
const joined = (tensors: readonly Tensor[]): Tensor => ({
  data: Float32Array.from(tensors.flatMap(({ data }) => [...data])),
  shape: [tensors.reduce((total, { shape }) => total + shape[0]!, 0), ...tensors[0]!.shape.slice(1)],
});

/** The head behind the layers: the only MatMul of the graph, and its bias. */
function linear(x: Tensor, tensors: Readonly<Record<string, StoredTensor>>): Tensor {
  const weight = Object.entries(tensors).find(([name]) => name.includes('MatMul'))![1];
  const [inputs, outputs] = weight.shape as [number, number];
  const bias = Object.entries(tensors).find(([name]) => name.endsWith('bias'))![1];
  const data = Float32Array.from({ length: (x.data.length / inputs) * outputs }, (_, k) => {
    const [row, out] = [Math.floor(k / outputs), k % outputs];
    let sum = Number(bias.data[out]);
    for (let i = 0; i < inputs; i++) sum += x.data[row * inputs + i]! * Number(weight.data[i * outputs + out]);
    return sum;
  });
  return { data, shape: [...x.shape.slice(0, -1), outputs] };
}

/** The layers of GTCRN's checkpoint, in the order in which the network runs them. */
const GTCRN = [
  ...[2, 3, 4].map((k) => `encoder.en_convs.${k}.tra.att_gru`),
  ...[1, 2].flatMap((k) => ['intra', 'inter'].flatMap((rnn) => [1, 2].map((l) => `dpgrnn${k}.${rnn}_rnn.rnn${l}`))),
  ...[0, 1, 2].map((k) => `decoder.de_convs.${k}.tra.att_gru`),
];

for (const each of items.filter(({ path }) => path === 'onnx/gtcrn_simple')) {
  test(`${each.path}: its layers have the parameters of the checkpoint that it was exported from`, async () => {
    const { layers } = await readItem(each);
    const [checkpoint] = recorded('gtcrn') as [Recorded];
    const { tensors } = readSafetensors(checkpoint.files[checkpoint.file]!);
    expect(layers).toHaveLength(GTCRN.length);
    layers.forEach(({ parameters }, k) => {
      expect(Object.keys(parameters).length).toBeGreaterThanOrEqual(4);
      for (const [name, { data, shape }] of Object.entries(parameters)) {
        expect({ data, shape }).toEqual({
          data: tensors[`${GTCRN[k]}.${name}`]?.data,
          shape: tensors[`${GTCRN[k]}.${name}`]?.shape,
        });
      }
    });
  });
}

/** What the message of each refusal has to name. */
const REFUSALS: Readonly<Record<string, { code: string; words: RegExp }>> = {
  external_data_outside: { code: 'MODEL_UNSAFE', words: /"\.\.\/.*leaves the folder of the model/ },
  huge_dims: { code: 'MODEL_FORMAT', words: /tensor "W": its dimensions \[.*\] of float32 take \d+ bytes/ },
  short_raw_data: { code: 'MODEL_FORMAT', words: /tensor "R": its dimensions .* take \d+ bytes, and it has \d+/ },
  truncated: { code: 'MODEL_FORMAT', words: /truncated/ },
  wrong_hidden_size: { code: 'MODEL_FORMAT', words: /node "gru", input W: .* hidden_size/ },
};

describe.skipIf(items.length === 0)('a broken file is refused by name', () => {
  for (const each of items.filter(({ expect: expected }) => expected === 'refuse')) {
    test(each.path, async () => {
      const { code, words } = REFUSALS[each.path.replace('onnx/', '')]!;
      await expect(readItem(each)).rejects.toMatchObject({ code, message: expect.stringMatching(words) });
    });
  }

  for (const each of items.filter(({ files }) => 'weights.bin' in files)) {
    test(`${each.path} without its second file`, async () => {
      const missing = readItem({ ...each, files: { [each.file]: each.files[each.file]! } });
      await expect(missing).rejects.toMatchObject({
        code: 'MODEL_FILES',
        message: expect.stringMatching(/weights\.bin/),
      });
    });
  }
});

for (const each of items.filter(({ path }) => path in REFUSED)) {
  test(`${each.path} is read, with a note that it may not be run`, async () => {
    const { layers } = await readItem(each);
    expect(layers[0]!.notes).toEqual([expect.stringMatching(REFUSED[each.path]!)]);
    expect(layers[0]!.cell).toBeUndefined();
  });
}
