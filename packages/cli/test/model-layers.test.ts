import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensors } from '@congruent/runtime';
import { describe, expect, test } from 'vitest';
import * as onnx from '../../models/test/onnx-model.ts';
import { congruentIn, run } from './application.ts';
import { EXPORTING } from './exporter.ts';
import { nam, rtneural } from './json-models.ts';
import { layer, modelFolder, numbers } from './model-folder.ts';
import { textsBelow } from './workspace.ts';

/** What a command prints that succeeds. */
async function done(root: string, ...args: readonly string[]): Promise<string> {
  const { printed, exitCode } = await congruentIn(root, ...args);
  expect(exitCode, printed).toBe(0);
  return printed;
}

/** What a command prints that fails, and writes nothing. */
async function refusal(root: string, ...args: readonly string[]): Promise<string> {
  const before = textsBelow(root);
  const { printed, exitCode } = await congruentIn(root, ...args);
  expect(exitCode, printed).toBe(1);
  expect(textsBelow(root)).toEqual(before);
  return printed;
}

/** GRUs of one feature and two units. */
const WEIGHTS = [
  onnx.initializer(onnx.raw('W', [1, 6, 1], Array(6).fill(0.5))),
  onnx.initializer(onnx.raw('R', [1, 6, 2], Array(12).fill(0.5))),
];

const gruNode = (name: string, ...attributes: readonly onnx.Message[]): onnx.Message =>
  onnx.node('GRU', ['X', 'W', 'R'], [`Y_${name}`], name, onnx.int('hidden_size', 2), ...attributes);

const read = (root: string, file: string) => readSafetensors(readFileSync(join(root, file))).tensors;

describe('convert', () => {
  test('all tensors, by the names that the file has', async () => {
    const root = modelFolder({}, { 'amp.nam': nam() });
    expect(await done(root, 'convert', 'amp.nam', '--out', 'out/amp.safetensors')).toMatch(
      /^out\/amp\.safetensors {2}\d+ bytes, 12 tensors$/,
    );
    const tensors = read(root, 'out/amp.safetensors');
    expect(Object.keys(tensors)).toContain('lstm.weight_hh_l1');
    expect(Object.keys(tensors)).toContain('head.weight');
  });

  test('the parameters of a layer, by the names of torch', async () => {
    const root = modelFolder({}, { 'a.json': rtneural('', 'tanh') });
    const printed = await done(root, 'convert', 'a.json', '--layer', 'layers.1', '--out', 'gru.safetensors');
    expect(printed).toMatch(/^gru\.safetensors {2}\d+ bytes, 4 tensors\nof GRU {2}3 → 3$/);
    const shapes = Object.entries(read(root, 'gru.safetensors')).map(([name, { shape }]) => [name, shape]);
    expect(Object.fromEntries(shapes)).toEqual({
      weight_ih_l0: [9, 3],
      weight_hh_l0: [9, 3],
      bias_ih_l0: [9],
      bias_hh_l0: [9],
    });
  });

  test('the file that is read is not written', async () => {
    const root = modelFolder({ 'm.safetensors': layer(3, 2, 4) });
    expect(await refusal(root, 'convert', 'm.safetensors', '--out', './m.safetensors')).toMatch(
      /^congruent: OUTPUT_FOLDER: \.\/m\.safetensors is the file that is read\./,
    );
  });

  test('a file that cannot be written is refused', async () => {
    const root = modelFolder({ 'm.safetensors': layer(3, 2, 4) }, { out: 'a file' });
    expect(await refusal(root, 'convert', 'm.safetensors', '--out', 'out/m.safetensors')).toMatch(
      /^congruent: OUTPUT_FOLDER: out\/m\.safetensors cannot be written: .* Give another name: --out FILE$/,
    );
  });
});

describe('export --layer', () => {
  const exported = (root: string, file: string, ...options: readonly string[]) =>
    done(root, 'export', file, ...options, '--target', 'wasm', '--name', 'm', '--out', 'out').then(() =>
      JSON.parse(readFileSync(join(root, 'out/m.json'), 'utf8')),
    );

  const refused = (root: string, file: string, ...options: readonly string[]) =>
    refusal(root, 'export', file, ...options, '--target', 'wasm', '--name', 'm', '--out', 'out');

  test('the only layer of a file needs no name', async () => {
    const { inputs, states } = await exported(modelFolder({}, { ...EXPORTING, 'a.json': rtneural('') }), 'a.json');
    expect(inputs).toEqual([{ name: 'x', shape: [2] }]);
    expect(states).toEqual([{ name: 'h', shape: [3] }]);
  });

  test('initial states go along, layer by layer, in the order of the cell', async () => {
    const { states, initialStates } = await exported(modelFolder({}, { ...EXPORTING, 'amp.nam': nam() }), 'amp.nam');
    expect(states.map(({ name }: { name: string }) => name)).toEqual(['l0.h', 'l0.c', 'l1.h', 'l1.c']);
    expect(initialStates).toEqual([
      [32, 33],
      [34, 35],
      [76, 77],
      [78, 79],
    ]);
  });

  test('a layer with equations of its own is exported with them', async () => {
    const root = modelFolder({}, { ...EXPORTING, 'a.json': rtneural('tanh', 'relu') });
    const { header, tensors } = await exported(root, 'a.json', '--layer', 'layers.1');
    expect(header[0]).toBe('m: gru_candidate_relu with its weights. Do not edit.');
    expect(Object.keys(tensors)).toEqual(['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh']);
  });

  test('that float64 is rounded is said', async () => {
    const double = Object.entries(layer(3, 2, 3)).map(([name, { data, shape }]) => [
      name,
      { data: Float64Array.from(data as Float32Array), shape },
    ]);
    const root = modelFolder({ 'm.safetensors': Object.fromEntries(double) }, EXPORTING);
    const words = ['export', 'm.safetensors', '--target', 'wasm', '--name', 'm', '--out', 'out'];
    expect(await done(root, ...words)).toContain('\nthe weights, float64 in the file, are rounded to float32\n');
  });

  test('a single cell is a layer of one step', async () => {
    const root = modelFolder({ 'c.safetensors': layer(4, 2, 3, 'cell.', '') }, EXPORTING);
    expect((await exported(root, 'c.safetensors', '--layer', 'cell')).states).toEqual([
      { name: 'h', shape: [3] },
      { name: 'c', shape: [3] },
    ]);
  });

  test('a layer of several is named, by its name or its number', async () => {
    const two = { ...layer(3, 5, 4, 'a.'), ...layer(4, 6, 4, 'b.') };
    const root = modelFolder({ 'm.safetensors': two }, EXPORTING);
    for (const word of ['b', '1']) {
      expect((await exported(root, 'm.safetensors', '--layer', word)).inputs).toEqual([{ name: 'x', shape: [6] }]);
    }
    const other = modelFolder({ 'm.safetensors': two }, EXPORTING);
    expect(await refused(other, 'm.safetensors')).toBe(
      "congruent: MODEL_LAYER: m.safetensors has 2 layers: 0 'a' (GRU), 1 'b' (LSTM). Say which, by name or number: --layer 0.",
    );
    expect(await refused(other, 'm.safetensors', '--layer', 'c')).toBe(
      "congruent: MODEL_LAYER: m.safetensors has no layer 'c'. It has: 0 'a' (GRU), 1 'b' (LSTM). Name one: --layer NAME.",
    );
  });

  test('a layer that may not be run is refused by name, with the reason', async () => {
    const { bias_hh_l0: _, ...rest } = layer(3, 5, 4);
    const root = modelFolder({ 'm.safetensors': rest }, EXPORTING);
    expect(await refused(root, 'm.safetensors')).toMatch(
      /^congruent: MODEL_LAYER: m\.safetensors: the layer without a name may not be run: bias_hh_l0 is missing\./,
    );
  });

  test('two directions are refused, with the reason', async () => {
    const both = { ...layer(3, 5, 4), ...layer(3, 5, 4, '', '_l0_reverse') };
    const root = modelFolder({ 'm.safetensors': both }, EXPORTING);
    expect(await refused(root, 'm.safetensors')).toMatch(/^congruent: EXPORT_LAYERS: .*bidirectional: its second /);
  });

  test('what is no step from the first to the last is refused, with the reason', async () => {
    const root = modelFolder({}, EXPORTING);
    writeFileSync(
      join(root, 'm.onnx'),
      onnx.model(
        ...WEIGHTS,
        onnx.initializer(onnx.tensor('lens', [2], 6, onnx.bytes(9, Uint8Array.of(3, 0, 0, 0, 2, 0, 0, 0)))),
        gruNode('back', onnx.string('direction', 'reverse')),
        onnx.node('GRU', ['X', 'W', 'R', '', 'lens'], ['Y2'], 'lengths', onnx.int('hidden_size', 2)),
      ),
    );
    expect(await refused(root, 'm.onnx', '--layer', 'back')).toMatch(
      /^congruent: EXPORT_LAYERS: m\.onnx: the layer 'back': it begins with the last step, and an exported model runs /,
    );
    expect(await refused(root, 'm.onnx', '--layer', 'lengths')).toMatch(
      /^congruent: EXPORT_LAYERS: m\.onnx: the layer 'lengths': .* it says where each ends, and an exported model runs /,
    );
  });

  test('a file without a layer is refused', async () => {
    const root = modelFolder({ 'm.safetensors': { w: numbers(2) } }, EXPORTING);
    expect(await refused(root, 'm.safetensors')).toMatch(
      /^congruent: MODEL_LAYER: m\.safetensors has no recurrent layer\./,
    );
  });

  test.each([
    [['--cell', 'gru', '--layer', 'a'], '--layer is a layer as the file has it, and --cell says what it is: give one'],
    [['--prefix', 'a.'], '--prefix goes with --cell; a layer goes by its name: --layer NAME'],
  ])('%j is wrong usage', async (options, problem) => {
    const args = ['export', 'm.safetensors', ...options, '--target', 'wasm', '--name', 'm', '--out', 'out'];
    const { printed, exitCode } = await congruentIn(modelFolder({ 'm.safetensors': layer(3, 5, 4) }), ...args);
    expect(printed).toContain(problem);
    expect(exitCode).toBe(2);
  });
});

describe('generate FILE#NAME', () => {
  const generate = (file: string) => ['generate', file, '--backend', 'my-backend', '--out', 'out'];

  test('the class of the cell that a layer has of its own', async () => {
    const root = modelFolder({}, { 'a.json': rtneural('tanh', 'relu'), 'main.mjs': PRINTS });
    await done(root, ...generate('a.json#layers.1'));
    expect(textsBelow(join(root, 'out'))['gru_candidate_relu.js']).toMatch(
      /^\/\/ Generated from \.\.\/a\.json#layers\.1 by my-backend\/emitter\. Do not edit\.\n/,
    );
    expect(run(root, 'main.mjs')).toBe("[ 'GruCandidateRelu', 'h', 1 ]");
  });

  const PRINTS = "import { GruCandidateRelu } from './out/gru_candidate_relu.js'; console.log(GruCandidateRelu);";

  test('without a name the classes of all of them', async () => {
    const root = modelFolder({}, { 'a.json': rtneural('relu', 'tanh', 'relu', 'softplus') });
    await done(root, ...generate('a.json'));
    const classes = Object.keys(textsBelow(join(root, 'out'))).filter((path) => /^\w+\.js$/.test(path));
    expect(classes).toEqual(['gru_candidate_relu.js', 'gru_candidate_softplus.js']);
  });

  test('a layer that a class runs needs none, which is said', async () => {
    const root = modelFolder({}, { 'a.json': rtneural('tanh') });
    expect(await refusal(root, ...generate('a.json#layers.0'))).toBe(
      "congruent: MODEL_LAYER: a.json: the equations of the layer 'layers.0' are those of GRU, which runs it. " +
        'Nothing has to be generated; the lines are: npx congruent inspect a.json',
    );
    expect(await refusal(root, ...generate('a.json'))).toMatch(
      /^congruent: MODEL_LAYER: a\.json has no layer with equations of its own/,
    );
  });

  test('a layer that there is none of is refused, with those that there are', async () => {
    const root = modelFolder({}, { 'a.json': rtneural('relu') });
    expect(await refusal(root, ...generate('a.json#gru'))).toBe(
      "congruent: MODEL_LAYER: a.json has no layer 'gru'. It has: 0 'layers.0' (GRU). Name one: --layer NAME.",
    );
  });

  test('cells of one name and different numbers are not written side by side', async () => {
    const root = modelFolder({});
    const clipped = (name: string, clip: number) => gruNode(name, onnx.float('clip', clip));
    writeFileSync(join(root, 'm.onnx'), onnx.model(...WEIGHTS, clipped('a', 3), clipped('b', 4), clipped('c', 3)));
    expect(await refusal(root, ...generate('m.onnx'))).toBe(
      "congruent: MODEL_LAYER: m.onnx: the layer 'a' and the layer 'b' have different equations, both called gru_reset_before_clipped. " +
        'Generate each by its name into a folder of its own: m.onnx#b',
    );
    await done(root, ...generate('m.onnx#c'));
  });

  test('a cell of a model file is shown as any other', async () => {
    const root = modelFolder({}, { 'a.json': rtneural('relu') });
    expect(await done(root, 'show', 'a.json')).toContain('gru_candidate_relu(x[I], h[H]) -> h');
  });
});
