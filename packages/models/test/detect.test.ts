import { CongruentError, writeSafetensors } from '@congruent/runtime';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { detectFormat } from '../src/detect.ts';
import { readModel } from '../src/index.ts';
import { zipNames } from '../src/zip-directory.ts';
import { recorded } from './recorded.ts';

const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

const zip = (...names: readonly string[]): Uint8Array =>
  zipSync(Object.fromEntries(names.map((name) => [name, strToU8('content')])));

const formatOf = (bytes: Uint8Array) => detectFormat({ name: 'file', bytes, files: {} });

const FILES = [
  ['safetensors', '.safetensors', writeSafetensors({ a: { data: new Float32Array(2), shape: [2] } })],
  ['pytorch', 'a zip of torch.save', zip('model/data.pkl', 'model/data/0')],
  ['pytorch', 'a legacy file of torch.save', latin('\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.')],
  ['keras', 'HDF5', latin('\x89HDF\r\n\x1a\n')],
  ['keras', '.keras', zip('metadata.json', 'config.json', 'model.weights.h5')],
  ['onnx', 'ONNX', latin('\x08\x07\x12\x07pytorch')],
  ['tfjs', 'model.json of TensorFlow.js', strToU8('{"format": "layers-model", "modelTopology": {}}')],
  ['rtneural', 'JSON of RTNeural, indented', strToU8('\n  { "in_shape": [null, 1], "layers": [] }')],
  ['rtneural', 'JSON with a state_dict', strToU8('{"model_data": {}, "state_dict": {}}')],
  ['rtneural', "JSON that is torch's state dict", strToU8('{"rnn.weight_ih_l0": [[1]]}')],
  ['nam', '.nam', strToU8('{"architecture": "LSTM", "weights": []}')],
] as const;

test.each(FILES)('%s: %s', (format, _, bytes) => {
  expect(formatOf(bytes)).toBe(format);
});

test.each(['model.pt', new Response('x')])('%s is refused, with how its bytes are read', async (file) => {
  const refused = readModel(file as never);
  await expect(refused).rejects.toMatchObject({ code: 'MODEL_FORMAT' });
  await expect(refused).rejects.toThrow('Read it first: await readFile(path), or await (await fetch(');
});

const OTHERS = [
  ['nothing', latin(''), /"model\.pt" is an empty file\. /],
  ['an HTML page', latin('<!doctype html><title>404</title>'), /"model\.pt" is an HTML page\. /],
  [
    'a Git LFS pointer',
    latin('version https://git-lfs.github.com/spec/v1\noid sha256:0'),
    /a Git LFS pointer.*git lfs pull/,
  ],
  ['.npz', zip('arr_0.npy'), /arrays of NumPy \(\.npz\)\. /],
  ['.npy', latin('\x93NUMPY\x01\0'), /a NumPy array \(\.npy\)/],
  ['gzip', latin('\x1f\x8b\x08\0'), /a gzip file\. Unpack/],
  ['tar', latin(`${'model.pt'.padEnd(257, '\0')}ustar\0`), /a tar archive\. Unpack/],
  ['TensorFlow Lite', latin('\x1c\0\0\0TFL3'), /a TensorFlow Lite model/],
  ['WebAssembly', latin('\0asm\x01\0\0\0'), /a module of WebAssembly/],
  [
    'a .traineddata of Tesseract',
    latin(`\x10\0\0\0${'\xff'.repeat(120)}\x84\0\0\0\0\0\0\0data`),
    /a \.traineddata of Tesseract, whose LSTMs .* not read\. Give another/,
  ],
  ['GGUF', latin('GGUF\x03\0\0\0'), /a GGUF model/],
  ['a SavedModel', latin('\x08\x01\x12\x8a\x01'), /a SavedModel of TensorFlow/],
  ['plain text', latin('epoch 1, loss 0.5'), /a text that begins "epoch 1, loss 0\.5"\. /],
  ['a picture', latin('\x89PNG\r\n\x1a\n'), /no model file that is read\. Give one of: \.safetensors/],
  [
    'another zip',
    zip('README.md', 'weights/model.pt'),
    /an archive of "README\.md", "weights\/model\.pt", none of which/,
  ],
  ['other JSON', strToU8('{"name": "x", "version": 1}'), /none of the keys of a model, but "name", "version"/],
  ['a list of JSON', strToU8('[]'), /JSON file: .*none of the keys of a model, but none\. Give one of/],
  ['an index', strToU8('{"weight_map": {}}'), /the index of several files/],
  ['a Keras config', strToU8('{"class_name": "Sequential", "config": {}}'), /without weights: save it as \.keras/],
  ['JSON that is cut off', strToU8('{"layers": [1, 2'), /JSON file: "model\.pt" is not well-formed .*cut off/],
] as const;

test.each(OTHERS)('%s is refused as what it is', async (_, bytes, message) => {
  const reading = readModel(bytes, { name: 'model.pt' });
  await expect(reading).rejects.toThrow(message);
  await expect(reading).rejects.toThrow(/^MODEL_FORMAT: readModel: .*[^. ]\.$/);
});

for (const [kind, format = kind] of [
  ['pytorch'],
  ['gtcrn', 'safetensors'],
  ['onnx'],
  ['keras'],
  ['keras-by-hand', 'keras'],
  ['tfjs'],
  ['rtneural'],
  ['nam'],
]) {
  for (const { path, files, file } of recorded(kind!)) {
    test(`${path} is ${format}`, () => {
      expect(formatOf(files[file]!)).toBe(format);
    });
  }
}

test('the names in an archive are found, of a cut one the first, in bytes that are none none', () => {
  const whole = zip('a/data.pkl', 'a/version');
  expect(zipNames(whole)).toEqual(['a/data.pkl', 'a/version']);
  expect(zipNames(whole.subarray(0, 60))).toEqual(['a/data.pkl']);
  expect(zipNames(latin('PK\x03\x04'))).toEqual([]);
});

test('any bytes have a format, or are refused by MODEL_FORMAT', () => {
  const start = fc.constantFrom(
    '',
    'PK',
    'PK\x03\x04',
    'PK\x05\x06',
    '{',
    '\x80\x02',
    '\x08',
    '\0\0\0\0\0\0\0\0{',
    '<',
    'GGUF',
  );
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 80 }), fc.constantFrom('', 'PK\x05\x06', 'PK\x01\x02'), (a, b, c) => {
      try {
        formatOf(Uint8Array.of(...latin(a), ...b, ...latin(c), ...b));
      } catch (error) {
        expect(error).toBeInstanceOf(CongruentError);
        expect(error).toMatchObject({ code: 'MODEL_FORMAT' });
      }
    }),
    { numRuns: 2000 },
  );
});
