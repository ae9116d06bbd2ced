import { CongruentError } from '@congruent/runtime';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readModel } from '../src/index.ts';
import { expectLayer, runNet } from './keras-net.ts';
import { expectNear, float32, type Recorded, recorded } from './recorded.ts';
import { run } from './run.ts';

const items = recorded('tfjs');
const open = ({ file, files }: Recorded) => readModel(files[file]!, { name: file, files });

describe.each(items.filter((item) => item.expect !== 'refuse'))('$path', (item) => {
  // biome-ignore lint/suspicious/noExplicitAny: a record's own keys
  const layers: readonly any[] = item.expected.layers;

  test('its layers are found, with their options', async () => {
    const recurrent = layers.filter(({ kind }) => ['GRU', 'LSTM', 'RNN'].includes(kind));
    const model = await open(item);
    expect(model.format).toBe('tfjs');
    expect(model.layers.map(({ name }) => name)).toEqual(recurrent.map(({ name }) => name));
    for (const [k, layer] of model.layers.entries()) expectLayer(layer, recurrent[k]);
  });

  test('the whole net gives what it gives in TensorFlow.js', async () => {
    const { input, output64, toolError } = item.expected;
    expectNear(runNet(await open(item), layers, float32(input)), output64, toolError);
  });
});

const named = (name: string): Recorded => items.find(({ path }) => path === `tfjs/${name}`)!;

test.runIf(items.length > 0)(
  'a layer that goes backwards gives its outputs in the order of its steps, and its last states',
  async () => {
    const { expected, ...item } = named('functional_return_state_go_backwards');
    const [layer] = (await open({ ...item, expected })).layers;
    expect(layer).toMatchObject({ reverse: true, reversedOutput: true });
    const { output, states } = run(layer!, float32(expected.input));
    expectNear(output, expected.output, expected.toolError);
    states.forEach((state, k) => {
      expectNear({ ...state, shape: state.shape.slice(1) }, expected.moreOutputs[k], expected.toolError);
    });
  },
);

test.runIf(items.length > 0)('quantised weights are what they were before', async () => {
  const item = named('quantised_float16');
  const { tensors } = await open(item);
  for (const [name, { shape, data }] of Object.entries<{ shape: number[]; data: number[] }>(
    item.expected.dequantised,
  )) {
    expect(tensors[name]).toEqual({ shape, dtype: 'float32', data: Float32Array.from(data) });
  }
});

const REFUSALS: Readonly<Record<string, RegExp>> = {
  graph_model: /MODEL_FORMAT.*format "graph-model": it is a graph of operators, not a layers model/s,
  path_outside: /MODEL_UNSAFE.*the path "\.\.\/lstm_dense\/weights\.bin" leaves the folder/s,
  short_weights: /MODEL_FORMAT.*weight "dense_Dense1\/bias": the weights files are shorter than the manifest says/s,
};

test.each(items.filter((item) => item.expect === 'refuse'))('$path is refused', async (item) => {
  await expect(open(item)).rejects.toThrow(REFUSALS[item.path.split('/')[1]!]);
});

test.runIf(items.length > 0)('a path outside is read where its bytes are given', async () => {
  const { files } = named('path_outside');
  const weights = named('lstm_dense').files['weights.bin']!;
  const { layers } = await readModel(files['model.json']!, { files: { '../lstm_dense/weights.bin': weights } });
  expect(layers).toHaveLength(1);
});

test.runIf(items.length > 0)('shards that were not given are asked for', async () => {
  const { files } = named('lstm_dense');
  await expect(readModel(files['model.json']!)).rejects.toThrow(
    /MODEL_FILES.*\{ files: \{ "\.\/weights\.bin": bytes \} \}/s,
  );
});

/** A model of one layer, as text, with the weights that it has. */
function model(layer: object, weights: readonly object[]): Uint8Array {
  const topology = { class_name: 'Sequential', config: { layers: [layer] } };
  return new TextEncoder().encode(
    JSON.stringify({ modelTopology: topology, weightsManifest: [{ paths: ['w.bin'], weights }] }),
  );
}

const shapes = { 'g/kernel': [2, 9], 'g/recurrent_kernel': [3, 9], 'g/bias': [9] };
const specs = Object.entries(shapes).map(([name, shape]) => ({ name, shape, dtype: 'float32' }));
const bytes = new Uint8Array(Float32Array.from({ length: 54 }, (_, k) => Math.sin(k)).buffer);

test('configs in camel case, with hard_sigmoid where they say nothing of the gates', async () => {
  const file = model(
    { className: 'GRU', config: { name: 'g', units: 3, recurrentActivation: 'hardSigmoid', useBias: true } },
    specs,
  );
  const silent = model({ class_name: 'GRU', config: { name: 'g', units: 3 } }, specs);
  const [{ layers }, { layers: same }] = [
    await readModel(file, { files: { 'w.bin': bytes } }),
    await readModel(silent, { files: { 'w.bin': bytes } }),
  ];
  expect(layers[0]!.cell).toMatch(/0\.2 \* a_r \+ 0\.5/);
  expect(same[0]!.cell).toBe(layers[0]!.cell);
});

test('weights quantised to bytes are code * scale + min, in float32', async () => {
  const quantization = { dtype: 'uint8', scale: 0.1, min: -3, original_dtype: 'float32' };
  const file = model({ class_name: 'Dense', config: { name: 'd' } }, [
    { name: 'd/kernel', shape: [3], dtype: 'float32', quantization },
  ]);
  const { tensors } = await readModel(file, { files: { 'w.bin': Uint8Array.of(0, 7, 255) } });
  expect(tensors['d/kernel']!.data).toEqual(Float32Array.of(-3, 7 * 0.1 - 3, 255 * 0.1 - 3));
});

test('a file of weights is taken once, however it is called', async () => {
  const paths = Array.from({ length: 50 }, (_, k) => `${'./'.repeat(k)}w.bin`);
  const manifest = { modelTopology: {}, weightsManifest: [{ paths, weights: [] }] };
  const file = new TextEncoder().encode(JSON.stringify(manifest));
  await expect(readModel(file, { files: { 'w.bin': bytes } })).rejects.toThrow(/MODEL_FORMAT.*it has "w\.bin" twice/s);
});

test('whatever a model.json says, it is read or refused', async () => {
  const text = new TextDecoder().decode(model({ class_name: 'GRU', config: { name: 'g', units: 3 } }, specs));
  const parts = ['"GRU"', '"units":3', '[3,9]', '"float32"', '"g/bias"', '"layers":[', '"weights":[', '{"name":"g"'];
  const values = fc.oneof(
    fc.json({ maxDepth: 1 }),
    fc.constantFrom('[1e308]', '[-1]', '9e15', '"Lambda"', '"Bidirectional"', '"RNN"'),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...parts), values, async (part, value) => {
      const changed = new TextEncoder().encode(text.replace(part, part.includes(':') ? `"units":${value}` : value));
      await readModel(changed, { files: { 'w.bin': bytes } }).catch((error) =>
        expect(error).toBeInstanceOf(CongruentError),
      );
    }),
    { numRuns: 200 },
  );
});
