import { describe, expect, test } from 'vitest';
import * as onnx from './onnx-model.ts';
import { read, rejects } from './onnx-small.ts';

describe('tensors', () => {
  test('every type of elements, as raw bytes and in its typed field', async () => {
    const words = (values: readonly number[]) => new Uint8Array(Uint16Array.from(values).buffer);
    const varints = (field: number, values: readonly number[]) =>
      onnx.message(...values.map((v) => onnx.integer(field, v)));
    const doubles = new Uint8Array(Float64Array.of(1.5, -2).buffer);
    const cases: readonly (readonly [string, number, onnx.Message, readonly (number | bigint)[]])[] = [
      ['float32', 1, onnx.bytes(4, new Uint8Array(Float32Array.of(1.5, -2).buffer)), [1.5, -2]],
      ['uint8', 2, varints(5, [255, 1]), [255, 1]],
      ['int8', 3, varints(5, [-1, 127]), [-1, 127]],
      ['uint16', 4, onnx.bytes(9, words([65535, 1])), [65535, 1]],
      ['int16', 5, varints(5, [-2, 3]), [-2, 3]],
      ['int32', 6, varints(5, [-5, 6]), [-5, 6]],
      ['int64', 7, varints(7, [-1, 2]), [-1n, 2n]],
      ['bool', 9, varints(5, [1, 0]), [1, 0]],
      ['float16', 10, varints(5, [0x3c00, 0xc000]), [1, -2]],
      ['float64', 11, onnx.bytes(10, doubles), [1.5, -2]],
      ['uint32', 12, varints(11, [4294967295, 1]), [4294967295, 1]],
      ['uint64', 13, varints(11, [7, 8]), [7n, 8n]],
      ['bfloat16', 16, onnx.bytes(9, words([0x3f80, 0xc000])), [1, -2]],
      ['float8_e4m3fn', 17, varints(5, [0x38, 0xc0]), [1, -2]],
      ['float8_e4m3fnuz', 18, onnx.bytes(9, Uint8Array.of(0x40, 0xc8)), [1, -2]],
      ['float8_e5m2', 19, varints(5, [0x3c, 0xc0]), [1, -2]],
      ['float8_e5m2fnuz', 20, onnx.bytes(9, Uint8Array.of(0x40, 0xc4)), [1, -2]],
      ['float8_e8m0fnu', 24, onnx.bytes(9, Uint8Array.of(127, 126)), [1, 0.5]],
    ];
    const { tensors } = await read(
      onnx.model(...cases.map(([name, type, data]) => onnx.initializer(onnx.tensor(name, [2], type, data)))),
    );
    for (const [name, , , values] of cases) {
      expect(tensors[name]).toMatchObject({ shape: [2], dtype: name });
      expect([...tensors[name]!.data]).toEqual(values);
    }
  });

  test('the values of Constant nodes, whichever attribute has them', async () => {
    const { tensors } = await read(
      onnx.model(
        onnx.constant('a', onnx.raw('', [2], [1, 2])),
        onnx.node('Constant', [], ['b'], '', onnx.float('value_float', 0.5)),
        onnx.node('Constant', [], ['c'], '', onnx.ints('value_ints', [3, -4])),
        onnx.node('Constant', [], ['d'], '', onnx.int('value_int', 5)),
        onnx.node('Constant', [], ['e'], '', onnx.floats('value_floats', [6, 7])),
        onnx.node('Constant', [], ['f'], '', onnx.string('value_string', 'no tensor')),
      ),
    );
    expect(Object.keys(tensors)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(tensors['b']).toEqual({ data: Float32Array.of(0.5), shape: [], dtype: 'float32' });
    expect(tensors['c']).toEqual({ data: BigInt64Array.of(3n, -4n), shape: [2], dtype: 'int64' });
    expect(tensors['e']!.shape).toEqual([2]);
  });

  test('those of graphs inside of nodes; what has the name of another has its path before', async () => {
    const branch = (at: number) => onnx.graph(onnx.constant('w', onnx.raw('', [1], [at])));
    const { tensors } = await read(
      onnx.model(
        onnx.node(
          'If',
          ['c'],
          ['y'],
          'if',
          onnx.subgraph('then_branch', branch(1)),
          onnx.subgraph('else_branch', branch(2)),
        ),
      ),
    );
    expect(tensors['w']!.data).toEqual(Float32Array.of(1));
    expect(tensors['if/else_branch/w']!.data).toEqual(Float32Array.of(2));
  });

  test('names that JavaScript has for itself are names like others', async () => {
    const { tensors } = await read(
      onnx.model(...['__proto__', 'constructor'].map((name) => onnx.initializer(onnx.raw(name, [1], [3])))),
    );
    expect(Object.keys(tensors).sort()).toEqual(['__proto__', 'constructor']);
  });

  test('two of one name in one graph are refused', () => {
    const w = onnx.initializer(onnx.raw('w', [1], [3]));
    return rejects(onnx.model(w, w), 'MODEL_FORMAT', /tensor "w": there are two/);
  });

  test('text is passed over', async () => {
    const words = onnx.tensor('words', [1], 8, onnx.text(6, 'yes'));
    const { tensors } = await read(onnx.model(onnx.initializer(words), onnx.initializer(onnx.raw('w', [1], [1]))));
    expect(Object.keys(tensors)).toEqual(['w']);
  });
});

describe('external data', () => {
  const entry = (key: string, of: string) => onnx.inner(13, onnx.message(onnx.text(1, key), onnx.text(2, of)));
  const external = (location: string, ...more: readonly onnx.Message[]) =>
    onnx.initializer(onnx.tensor('W', [2], 1, onnx.message(entry('location', location), ...more, onnx.integer(14, 1))));
  const data = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);

  test('is a part of its file', async () => {
    const { tensors } = await read(onnx.model(external('./w.bin', entry('offset', '4'), entry('length', '8'))), {
      'w.bin': data,
    });
    expect(tensors['W']!.data).toEqual(Float32Array.of(2, 3));
  });

  for (const location of ['../w.bin', '/w.bin', 'a/../../w.bin', 'C:\\w.bin', '\\\\host\\w.bin']) {
    test(`${location} is outside of the model's folder`, () =>
      rejects(onnx.model(external(location)), 'MODEL_UNSAFE', /leaves the folder/, { [location]: data }));
  }

  test('past the end of its file is refused', () =>
    rejects(
      onnx.model(external('w.bin', entry('offset', '12'), entry('length', '8'))),
      'MODEL_FORMAT',
      /which has 16/,
      {
        'w.bin': data,
      },
    ));

  test('an offset that is no number is refused', () =>
    rejects(onnx.model(external('w.bin', entry('offset', '-4'))), 'MODEL_FORMAT', /offset .* "-4"/, { 'w.bin': data }));

  test('of no file, also of one named like what objects have', () =>
    rejects(onnx.model(external('__proto__')), 'MODEL_FILES', /__proto__/, { 'w.bin': data }));

  test('read over and over is refused', () => {
    const many = Array.from({ length: 20 }, (_, k) =>
      onnx.initializer(onnx.tensor(`W${k}`, [4], 1, onnx.message(entry('location', 'w.bin'), onnx.integer(14, 1)))),
    );
    return rejects(onnx.model(...many), 'MODEL_UNSAFE', /more than 4 times/, { 'w.bin': data });
  });
});
