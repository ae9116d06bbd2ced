import { describe, expect, test } from 'vitest';
import { kindOfFile, readSafetensors, tensor, writeSafetensors } from '../src/index.ts';
import { expectCode } from './expect-code.ts';

const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
/** As a zip begins: the header of its first member, of the format's version 2.0, stored. */
const zip = (member: string, rest = ''): Uint8Array =>
  latin(`PK\x03\x04\x14\0\0\0\0\0${'\0'.repeat(16)}${String.fromCharCode(member.length)}\0\0\0${member}${rest}`);

const READS = 'readModel of @congruent/models reads it';
const FILES: readonly (readonly [title: string, bytes: Uint8Array, texts: readonly string[]])[] = [
  ['no bytes', latin(''), ['an empty file']],
  ['an HTML page', latin('<!DOCTYPE html>\n<html lang="en"><head>'), ['an HTML page', 'response.ok']],
  ['an HTML page in capitals, behind a byte order mark and a line', latin('\xef\xbb\xbf\n<HTML>'), ['an HTML page']],
  ['the XML of a storage server', latin('<?xml version="1.0"?><Error>'), ['an XML document']],
  ['a line of text', latin('Entry not found'), ['a text that begins "Entry not found"']],
  [
    'a Git LFS pointer',
    latin('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n'),
    ['a Git LFS pointer', 'git lfs pull'],
  ],
  ['what torch.save writes', zip('archive/data.pkl'), ['a PyTorch file of torch.save', READS]],
  [
    'what torch.save wrote before zip',
    latin('\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M'),
    ['torch.save', READS],
  ],
  ['a pickle', latin('\x80\x04\x95\0\0\0'), ['a Python pickle']],
  ['an .npz', zip('weight_ih_l0.npy'), ['(.npz)', 'safetensors.numpy.save_file']],
  ['an .npy', latin('\x93NUMPY\x01\0v\0{'), ['(.npy)']],
  ['a .keras', zip('metadata.json', `${'\0'.repeat(9000)}PK\x01\x02 model.weights.h5`), ['a Keras model', READS]],
  ['another zip', zip('readme.txt'), ['a zip archive', 'Unpack']],
  ['gzip', latin('\x1f\x8b\x08\0\0\0\0\0\x02\x03'), ['a gzip file', 'Unpack']],
  ['zstd', latin('\x28\xb5\x2f\xfd\x04'), ['a zstd file']],
  ['tar', latin(`model.safetensors${'\0'.repeat(240)}ustar\0`), ['a tar archive']],
  ['ONNX', latin('\x08\x07\x12\x07pytorch'), ['an ONNX model', READS]],
  ['a SavedModel', latin('\x08\x01\x12\xb0\x4c'), ['a SavedModel of TensorFlow']],
  ['HDF5', latin('\x89HDF\r\n\x1a\n\0\0'), ['an HDF5 file', READS]],
  ['WebAssembly', latin('\0asm\x01\0\0\0'), ['a module of WebAssembly']],
  ['GGUF', latin('GGUF\x03\0\0\0{'), ['a GGUF model']],
  ['TensorFlow Lite', latin('\x1c\0\0\0TFL3'), ['a TensorFlow Lite model']],
  ['model.json', latin(' {"modelTopology": {}}'), ['a JSON file', READS]],
  ['an index of shards', latin('{"metadata":{},"weight_map":{}}'), ['the index of a checkpoint in several files']],
];

describe.each(FILES)('%s', (_, bytes, texts) => {
  test('is named, with what to do', () => {
    for (const text of texts) expect(kindOfFile(bytes)).toContain(text);
  });

  test('is what readSafetensors says it is', () =>
    expectCode(() => readSafetensors(bytes), 'SAFETENSORS_FORMAT', 'readSafetensors: the file is ', ...texts));
});

test('a .safetensors file is none of them, whatever the length of its header', () => {
  const start = writeSafetensors({ weight: tensor([1]) }).subarray(0, 9);
  const other = Array.from({ length: 2 ** 17 }, (_, length) => length).filter((length) => {
    new DataView(start.buffer).setUint32(0, length, true);
    return kindOfFile(start) !== undefined;
  });
  expect(other).toEqual([]);
});

test('any two first bytes, alone or before zeros, are answered without an error', () => {
  for (let first = 0; first < 256; first++) {
    for (let second = 0; second < 256; second += 15) {
      for (const length of [2, 3, 9, 300]) {
        const bytes = new Uint8Array(length);
        bytes.set([first, second]);
        expect(['string', 'undefined']).toContain(typeof kindOfFile(bytes));
      }
    }
  }
});
