import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tensorTable } from '../src/models/tensor-table.ts';
import { congruentIn } from './application.ts';
import { rtneural } from './json-models.ts';
import { layer, modelFolder, numbers } from './model-folder.ts';

/** What `congruent inspect` prints of a file that it can read. */
async function inspected(root: string, file: string, ...options: readonly string[]): Promise<string> {
  const { printed, exitCode } = await congruentIn(root, 'inspect', file, ...options);
  expect(exitCode, printed).toBe(0);
  return printed;
}

/** What is said of a file, as lines, each without the spaces around it. */
const linesOf = (printed: string): readonly string[] => printed.split('\n').map((line) => line.trim());

test('tensors and layers are listed with what their names and shapes say', async () => {
  const model = { ...layer(3, 5, 4, 'rnn.'), 'fc.weight': numbers(2, 4) };
  const root = modelFolder({ 'model.safetensors': model });
  const lines = linesOf(await inspected(root, 'model.safetensors'));
  expect(lines[0]).toBe('model.safetensors: safetensors, 5 tensors, 1 recurrent layer');
  expect(lines).toContain('rnn.weight_ih_l0  float32  [12, 5]');
  expect(lines).toContain('fc.weight         float32  [2, 4]');
  expect(lines).toContain('0  rnn  GRU  5 → 4');
});

test('a tensor of integers is listed as any other', async () => {
  const root = modelFolder({});
  const header = new TextEncoder().encode('{"steps":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}'.padEnd(64));
  writeFileSync(join(root, 'm.safetensors'), Uint8Array.of(64, 0, 0, 0, 0, 0, 0, 0, ...header, 9, 0, 0, 0, 0, 0, 0, 0));
  const lines = linesOf(await inspected(root, 'm.safetensors'));
  expect(lines).toContain('steps  int64  []');
  expect(lines.at(-1)).toBe(
    "no recurrent layer was found, by torch's names: weight_ih_l0, weight_hh_l0 behind any prefix",
  );
});

test('a tensor of a type that is not read is named, and the others are listed', async () => {
  const root = modelFolder({});
  const header = JSON.stringify({
    c: { dtype: 'C64', shape: [1], data_offsets: [0, 8] },
    w: { dtype: 'F32', shape: [1], data_offsets: [8, 12] },
  });
  const length = new Uint8Array(new BigUint64Array([BigInt(header.length)]).buffer);
  writeFileSync(join(root, 'c.safetensors'), Buffer.concat([length, Buffer.from(header), new Uint8Array(12)]));
  const lines = linesOf(await inspected(root, 'c.safetensors'));
  expect(lines).toContain('w  float32  [1]');
  expect(lines).toContain('left out: c has elements of the type C64, which is not read');
});

test('the lines that run a layer are a module that runs as it is', async () => {
  const root = modelFolder({ 'model.safetensors': { ...layer(4, 5, 4), ...layer(4, 4, 4, '', '_l1') } });
  expect(linesOf(await inspected(root, 'model.safetensors')).slice(-12)).toEqual([
    "import { readFile } from 'node:fs/promises';",
    "import { readModel } from '@congruent/models';",
    "import { LSTM, tensor } from 'congruent';",
    '',
    "const bytes = await readFile('model.safetensors');",
    "const { layers } = await readModel(bytes, { name: 'model.safetensors' });",
    'const layer = layers[0];',
    'const lstm = await LSTM.create(layer.options);',
    'lstm.loadStateDict(layer.parameters);',
    '',
    'const input = tensor(new Float32Array(4 * 1 * 5), [4, 1, 5]); // [steps, batch, features]',
    'const { output, hn, cn } = await lstm.forward(input);',
  ]);
});

test('layers that the same lines run are named once, by their numbers', async () => {
  const grus = Object.assign({}, ...['a', 'b', 'c', 'e'].map((name) => layer(3, 5, 4, `${name}.`)));
  const printed = await inspected(
    modelFolder({ 'm.safetensors': { ...grus, ...layer(4, 5, 4, 'd.') } }),
    'm.safetensors',
  );
  expect(printed.match(/^to run .*/gm)).toEqual(['to run a:', 'to run d:']);
  expect(printed).toContain('the same lines, with their names and sizes, run the layers 1–3');
  expect(printed).toContain("layers.find(({ name }) => name === 'a')");
});

test('a layer that may not be run is listed with the reason, and without lines', async () => {
  const { weight_hh_l0: _, ...rest } = layer(3, 5, 4);
  const printed = await inspected(modelFolder({ 'm.safetensors': rest }), 'm.safetensors');
  expect(printed).toMatch(/not to be run: weight_hh_l0 is missing/);
  expect(printed).not.toContain('to run ');
});

test('of many tensors a line stands for those whose names begin alike, and --all lists every one', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 300 }, (_, i) => [`block.${i % 6}.part.${i}.weight`, numbers(i % 3)]),
  );
  const root = modelFolder({ 'm.safetensors': many });
  const lines = linesOf(await inspected(root, 'm.safetensors'));
  expect(lines).toContain('block.5.part.*  float32  50 tensors');
  expect(lines.length).toBeLessThan(20);
  expect(linesOf(await inspected(root, 'm.safetensors', '--all'))).toContain('block.2.part.200.weight  float32  [2]');
});

test('of many tensors those of a few integers come last, and are what is cut', () => {
  const axis = { data: new BigInt64Array(1), shape: [1], dtype: 'int64' } as const;
  const axes = Array.from({ length: 100 }, (_, i) => [`axis${i}`, axis] as const);
  const lines = tensorTable({ ...Object.fromEntries(axes), weight: { ...numbers(3), dtype: 'float32' } }, false);
  expect(lines[0]).toMatch(/^ +weight +float32 +\[3\]$/);
  expect(lines).toContain('  … and 61 more');
});

test('of a graph without a recurrent node it is said where its layers may be', async () => {
  // ModelProto: ir_version 8, and a graph with the name g.
  const root = modelFolder({}, { 'm.onnx': '\x08\x08\x3a\x03\x12\x01g' });
  expect(await inspected(root, 'm.onnx')).toContain('give the file that it was exported from');
});

test('names that begin in no way alike are cut, with a count', async () => {
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`w${i}`, numbers(1)]));
  const printed = await inspected(modelFolder({ 'm.safetensors': many }), 'm.safetensors');
  expect(printed).toContain('… and 60 more');
});

test('a name cannot reach the terminal, a shell, or the code', async () => {
  const name = "a'\u001b[31m\u009b1m\u202e\u2028$(touch x)\n";
  const model = { ...layer(3, 5, 4, `${name}.`), ...layer(4, 5, 4, 'b.') };
  const root = modelFolder({ 'm.safetensors': model });
  const printed = await inspected(root, 'm.safetensors');
  expect(printed).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}]/u);
  const [literal] = /(?<=name === )".*"(?=\);$)/m.exec(printed)!;
  expect(JSON.parse(literal)).toBe(name);
  const words = ['--target', 'wasm', '--name', 'm', '--out', 'out'];
  const refused = await congruentIn(root, 'export', 'm.safetensors', ...words);
  expect(refused.printed).toMatch(/^congruent: MODEL_LAYER: /);
  expect(refused.printed).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
});

test('the command for a layer is one word for a shell, whatever the names are', async () => {
  const root = modelFolder({}, { "it's.json": rtneural('relu') });
  expect(await inspected(root, "it's.json")).toContain(
    "npx congruent generate 'it'\\''s.json#layers.0' --backend wasm --out src/generated",
  );
});

test('what a model file refers to is read beside it, or where --files says', async () => {
  const root = modelFolder({}, { 'a/model.json': shards('w.bin') });
  mkdirSync(join(root, 'b'));
  writeFileSync(join(root, 'b/w.bin'), new Uint8Array(8));
  const missing = await congruentIn(root, 'inspect', 'a/model.json');
  expect(missing).toMatchObject({ exitCode: 1 });
  expect(missing.printed).toMatch(
    /^congruent: MODEL_FILES: a\/w\.bin cannot be read: no such file or directory\. .*--files DIR\.$/,
  );
  const printed = await inspected(root, 'a/model.json', '--files', 'b');
  expect(printed).toContain('a/model.json: tfjs, 1 tensor, 0 recurrent layers');
  expect(linesOf(printed)).toContain('w  float32  [2]');
});

test('nothing outside of the folder is read, not by a link either', async () => {
  const root = modelFolder({}, { 'a/model.json': shards('w.bin'), 'secret.bin': 'secrets!' });
  symlinkSync('../secret.bin', join(root, 'a/w.bin'));
  const { printed, exitCode } = await congruentIn(root, 'inspect', 'a/model.json');
  expect(printed).toMatch(
    /^congruent: MODEL_UNSAFE: a\/model\.json refers to "w\.bin", which lies outside of the folder "a", or links out of it\./,
  );
  expect(exitCode).toBe(1);
});

/** A model of TensorFlow.js without layers, whose weights are in another file. */
function shards(path: string): string {
  const weights = [{ name: 'w', shape: [2], dtype: 'float32' }];
  return JSON.stringify({
    format: 'layers-model',
    modelTopology: { class_name: 'Sequential', config: { name: 's', layers: [] } },
    weightsManifest: [{ paths: [path], weights }],
  });
}

test.each([
  ['no.pt', /^congruent: MODEL_FILES: no\.pt cannot be read: no such file or directory\./],
  ['.', /^congruent: MODEL_FILES: \. cannot be read: it is no file/],
  ['page.onnx', /^congruent: MODEL_FORMAT: .*page\.onnx/],
  ['short.safetensors', /^congruent: (SAFETENSORS|MODEL)_FORMAT: /],
])('%s is refused, with the reason', async (file, reason) => {
  const root = modelFolder({}, { 'page.onnx': '<!DOCTYPE html><title>404</title>' });
  const header = new TextEncoder().encode('{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}  ');
  writeFileSync(join(root, 'short.safetensors'), Uint8Array.of(header.length, 0, 0, 0, 0, 0, 0, 0, ...header));
  const { printed, exitCode } = await congruentIn(root, 'inspect', file);
  expect(printed).toMatch(reason);
  expect(exitCode).toBe(1);
});

test('inspect takes one file', async () => {
  const { printed, exitCode } = await congruentIn(modelFolder({}), 'inspect');
  expect(printed).toContain('inspect takes one model file, got none');
  expect(exitCode).toBe(2);
});
