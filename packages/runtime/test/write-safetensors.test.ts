import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  readSafetensors,
  type StoredTensor,
  type Tensor,
  tensor,
  type WritableTensor,
  writeSafetensors,
} from '../src/index.ts';
import { expectCode } from './expect-code.ts';

const mixed = (): Record<string, Tensor> => ({
  'head.weight': tensor([1.5, -2, 1e-45], [3, 1]),
  step: tensor(Float64Array.of(7), []),
  'μ 𝛼 "\\\n': tensor(Float64Array.of(Math.PI, -0, Number.NaN, Number.NEGATIVE_INFINITY), [2, 2]),
  empty: tensor([], [0, 4]),
  bias: tensor([0.1]),
});

const withoutTypes = (tensors: Readonly<Record<string, StoredTensor>>): object =>
  Object.fromEntries(Object.entries(tensors).map(([name, { data, shape }]) => [name, { data, shape }]));

const headerOf = (file: Uint8Array) =>
  JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + new DataView(file.buffer).getUint32(0, true))));

describe('writes', () => {
  test('what readSafetensors gives back: values, shapes, types, names, order and metadata', () => {
    const { tensors, metadata } = readSafetensors(writeSafetensors(mixed(), { epoch: '3', 'größe €': '𝛼' }));
    expect(withoutTypes(tensors)).toEqual(mixed());
    expect(Object.values(tensors).map(({ dtype }) => dtype)).toEqual([
      'float32',
      'float64',
      'float64',
      'float32',
      'float32',
    ]);
    expect(Object.keys(tensors)).toEqual(Object.keys(mixed()));
    expect({ ...metadata }).toEqual({ epoch: '3', 'größe €': '𝛼' });
  });

  test('the recorded file of torch parameters, read and written, is the same file', () => {
    const recorded = readFileSync(new URL('../../../tools/examples/data/weights.safetensors', import.meta.url));
    const { tensors, metadata } = readSafetensors(recorded);
    expect(Buffer.from(writeSafetensors(tensors, metadata)).equals(recorded)).toBe(true);
  });

  test("every tensor begins at a multiple of its element's size", () => {
    const file = writeSafetensors(mixed());
    const header = headerOf(file);
    expect(new DataView(file.buffer).getUint32(0, true) % 8).toBe(0);
    for (const [name, { data }] of Object.entries(mixed())) {
      expect(header[name].data_offsets[0] % data.BYTES_PER_ELEMENT, name).toBe(0);
    }
  });

  test('one tensor under two names, twice', () => {
    const shared = tensor([1, 2]);
    const { tensors } = readSafetensors(writeSafetensors({ a: shared, b: shared }));
    expect(withoutTypes(tensors)).toEqual({ a: shared, b: shared });
  });

  test('integers and bool as they are, aligned, and what was widened as float32', () => {
    const tensors: Record<string, WritableTensor> = {
      step: { data: BigInt64Array.of(-1n, 2n ** 62n), shape: [2] },
      mask: { data: Uint8Array.of(1, 0, 1), shape: [3], dtype: 'bool' },
      bytes: { data: Uint8Array.of(255), shape: [] },
      signed: { data: Int8Array.of(-128), shape: [1] },
      short: { data: Int16Array.of(-2), shape: [1] },
      ushort: { data: Uint16Array.of(65_535), shape: [1] },
      int: { data: Int32Array.of(-3), shape: [1] },
      uint: { data: Uint32Array.of(4_294_967_295), shape: [1] },
      unsigned: { data: BigUint64Array.of(2n ** 64n - 1n), shape: [1] },
      half: { data: Float32Array.of(0.5), shape: [1], dtype: 'float16' },
    };
    const file = writeSafetensors(tensors);
    const header = headerOf(file);
    for (const [name, { data }] of Object.entries(tensors)) {
      expect(header[name].data_offsets[0] % data.BYTES_PER_ELEMENT, name).toBe(0);
    }
    const read = readSafetensors(file).tensors;
    expect(withoutTypes(read)).toEqual(withoutTypes(tensors as never));
    expect(Object.values(read).map(({ dtype }) => dtype)).toEqual([
      'int64',
      'bool',
      'uint8',
      'int8',
      'int16',
      'uint16',
      'int32',
      'uint32',
      'uint64',
      'float32',
    ]);
  });

  test('a view into a larger array: its own elements alone', () => {
    const data = Int16Array.of(9, 1, 2, 9).subarray(1, 3);
    expect(readSafetensors(writeSafetensors({ a: { data, shape: [2] } })).tensors['a']!.data).toEqual(
      Int16Array.of(1, 2),
    );
  });

  test('no tensors and no metadata', () => {
    const { tensors, metadata } = readSafetensors(writeSafetensors({}));
    expect([Object.keys(tensors), Object.keys(metadata)]).toEqual([[], []]);
  });

  test('names __proto__ and constructor', () => {
    const { tensors } = readSafetensors(
      writeSafetensors(
        Object.fromEntries([
          ['__proto__', tensor([1])],
          ['constructor', tensor([2])],
        ]),
      ),
    );
    expect(Object.keys(tensors)).toEqual(['__proto__', 'constructor']);
  });
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe('refuses with SAFETENSORS_FORMAT', () => {
  const half = '\ud83d';
  const refused: readonly (readonly [string, unknown, unknown, string])[] = [
    ['null for the tensors', null, {}, 'an object of tensors by name, got null'],
    ['a list of tensors', [tensor([1])], {}, 'an object of tensors by name, got Array(1)'],
    ['a Map', new Map([['a', tensor([1])]]), {}, 'an object of tensors by name, got Map'],
    ['a promise', Promise.resolve({ a: tensor([1]) }), {}, 'an object of tensors by name, got Promise'],
    ['an array of numbers', Float32Array.of(1), {}, 'got Float32Array(1)'],
    ['a proxy that was revoked', revoked(), {}, 'an unreadable object'],
    ['a Map for the metadata', {}, new Map([['a', 'b']]), 'an object of strings, got Map'],
    ['a tensor named __metadata__', { __metadata__: tensor([1]) }, {}, 'the name "__metadata__"'],
    ['a name with half of a surrogate pair', { [half]: tensor([1]) }, {}, '"\\ud83d" has half of a surrogate pair'],
    ['metadata with half of a surrogate pair', {}, { a: half }, 'half of a surrogate pair'],
    ['a number as metadata', {}, { epoch: 3 }, 'metadata "epoch" must be a string, got 3'],
    ['a string for the metadata', {}, 'epoch', 'an object of strings, got "epoch"'],
  ];
  test.each(refused)('%s', (_, tensors, metadata, text) =>
    expectCode(() => writeSafetensors(tensors as never, metadata as never), 'SAFETENSORS_FORMAT', text),
  );

  test('what is not a tensor, with the code of a tensor that is wrong', async () => {
    const short = { data: new Float32Array(2), shape: [3] };
    await expectCode(() => writeSafetensors({ a: short }), 'CONGRUENT_SHAPE', 'writeSafetensors: tensor "a"');
    await expectCode(() => writeSafetensors({ a: [1] as never }), 'CONGRUENT_SHAPE', 'tensor "a"', 'Array(1)');
    const clamped = { data: new Uint8ClampedArray(1), shape: [1] } as never;
    await expectCode(() => writeSafetensors({ a: clamped }), 'CONGRUENT_DTYPE', 'tensor "a"', 'Uint8ClampedArray(1)');
    const pretender = Object.assign([1], { [Symbol.toStringTag]: 'Float32Array' });
    await expectCode(() => writeSafetensors({ a: { data: pretender as never, shape: [1] } }), 'CONGRUENT_DTYPE');
  });
});
