import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSafetensors, type Tensor, tensor, writeSafetensors } from '../src/index.ts';
import { expectCode } from './expect-code.ts';

const mixed = (): Record<string, Tensor> => ({
  'head.weight': tensor([1.5, -2, 1e-45], [3, 1]),
  step: tensor(Float64Array.of(7), []),
  'μ 𝛼 "\\\n': tensor(Float64Array.of(Math.PI, -0, Number.NaN, Number.NEGATIVE_INFINITY), [2, 2]),
  empty: tensor([], [0, 4]),
  bias: tensor([0.1]),
});

describe('writes', () => {
  test('what readSafetensors gives back: values, shapes, types, names, order and metadata', () => {
    const { tensors, metadata } = readSafetensors(writeSafetensors(mixed(), { epoch: '3', 'größe €': '𝛼' }));
    expect({ ...tensors }).toEqual(mixed());
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
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
    expect(length % 8).toBe(0);
    for (const [name, { data }] of Object.entries(mixed())) {
      expect(header[name].data_offsets[0] % data.BYTES_PER_ELEMENT, name).toBe(0);
    }
  });

  test('one tensor under two names, twice', () => {
    const shared = tensor([1, 2]);
    expect({ ...readSafetensors(writeSafetensors({ a: shared, b: shared })).tensors }).toEqual({
      a: shared,
      b: shared,
    });
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

describe('refuses with SAFETENSORS_FORMAT', () => {
  const half = '\ud83d';
  const refused: readonly (readonly [string, unknown, unknown, string])[] = [
    ['null for the tensors', null, {}, 'an object of tensors by name, got null'],
    ['a list of tensors', [tensor([1])], {}, 'an object of tensors by name, got Array(1)'],
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
    const integers = { data: new Int32Array(1), shape: [1] } as never;
    await expectCode(() => writeSafetensors({ a: integers }), 'CONGRUENT_DTYPE', 'tensor "a"', 'Int32Array(1)');
  });
});
