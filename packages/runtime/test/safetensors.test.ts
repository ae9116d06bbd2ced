import { describe, expect, test } from 'vitest';
import { readSafetensors } from '../src/index.ts';
import { expectCode } from './expect-code.ts';

/** A file: the header's length, the header (as JSON unless given as text), the data. */
function file(header: unknown, data: ArrayLike<number> = [], headerLength?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, headerLength ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}
const bytesOf = (array: Float32Array | Float64Array | Uint16Array): Uint8Array => new Uint8Array(array.buffer);
const f32 = (shape: unknown, begin: unknown, end: unknown) => ({ dtype: 'F32', shape, data_offsets: [begin, end] });

function transferred(): Uint8Array {
  const bytes = new Uint8Array(16);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  return bytes;
}

describe('reads', () => {
  test('F32 and F64 in any order, with metadata and a header padded with spaces', () => {
    const header = JSON.stringify({
      b: { dtype: 'F64', shape: [2], data_offsets: [16, 32] },
      __metadata__: { format: 'pt' },
      a: f32([2, 2], 0, 16),
    });
    const data = [...bytesOf(Float32Array.of(1.5, -2, 1e-45, Number.NaN)), ...bytesOf(Float64Array.of(Math.PI, -0))];
    const { tensors, metadata } = readSafetensors(file(`${header}   `, data));
    expect(tensors['a']).toEqual({
      data: Float32Array.of(1.5, -2, 1e-45, Number.NaN),
      shape: [2, 2],
      dtype: 'float32',
    });
    expect(tensors['b']).toEqual({ data: Float64Array.of(Math.PI, -0), shape: [2], dtype: 'float64' });
    expect({ ...metadata }).toEqual({ format: 'pt' });
  });

  // numpy: np.array([…], dtype=np.uint16).view(np.float16).astype(np.float32).tolist()
  test('F16 as float32, exactly: zeros, subnormals, normals, infinities', () => {
    const bits = Uint16Array.of(0, 0x8000, 1, 0x3ff, 0x400, 0x3c00, 0xc000, 0x7bff, 0x7c00, 0xfc00, 0x3555, 0x7e00);
    const info = { dtype: 'F16', shape: [12], data_offsets: [0, 24] };
    const half = [0, -0, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 1, -2, 65504];
    const rest = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.333251953125, Number.NaN];
    expect(readSafetensors(file({ h: info }, bytesOf(bits))).tensors['h']!.data).toEqual(
      Float32Array.of(...half, ...rest),
    );
  });

  test('BF16 as float32, exactly', () => {
    const bits = Uint16Array.of(0x3f80, 0xc000, 0x8000, 0x7f80, 0x4049, 0x7fc0);
    const info = { dtype: 'BF16', shape: [6], data_offsets: [0, 12] };
    const expected = Float32Array.of(1, -2, -0, Number.POSITIVE_INFINITY, 3.140625, Number.NaN);
    expect(readSafetensors(file({ h: info }, bytesOf(bits))).tensors['h']!.data).toEqual(expected);
  });

  test('every type that arrays have, one of the format after the other', () => {
    const types = {
      ...{ F64: 'float64', F32: 'float32', F16: 'float16', BF16: 'bfloat16', F8_E4M3: 'float8_e4m3fn' },
      ...{ F8_E4M3FNUZ: 'float8_e4m3fnuz', F8_E5M2: 'float8_e5m2', F8_E5M2FNUZ: 'float8_e5m2fnuz' },
      ...{ F8_E8M0: 'float8_e8m0fnu', I64: 'int64', I32: 'int32', I16: 'int16', I8: 'int8' },
      ...{ U64: 'uint64', U32: 'uint32', U16: 'uint16', U8: 'uint8', BOOL: 'bool' },
    } as const;
    const bytes = (dtype: string): number => Math.ceil(Number(/\d+/.exec(dtype)?.[0] ?? 8) / 8);
    for (const [dtype, name] of Object.entries(types)) {
      const end = 2 * bytes(dtype);
      const { tensors, unread } = readSafetensors(
        file({ a: { dtype, shape: [2], data_offsets: [0, end] } }, new Uint8Array(end)),
      );
      expect(tensors['a']).toMatchObject({ dtype: name, shape: [2] });
      expect(tensors['a']!.data).toHaveLength(2);
      expect(Object.keys(unread)).toEqual([]);
    }
  });

  test('a checkpoint with tensors of other types: they are named, and the rest is read', () => {
    const of = (dtype: string, begin: number, end: number) => ({ dtype, shape: [2], data_offsets: [begin, end] });
    const header = { c: of('C64', 0, 16), w: f32([1], 16, 20), q: of('F4', 20, 21), later: of('F99', 21, 30) };
    const { tensors, unread } = readSafetensors(file(header, new Uint8Array(30)));
    expect(Object.keys(tensors)).toEqual(['w']);
    expect({ ...unread }).toEqual({
      c: { dtype: 'C64', shape: [2] },
      q: { dtype: 'F4', shape: [2] },
      later: { dtype: 'F99', shape: [2] },
    });
  });

  test('data that is not aligned, from a view into a larger buffer', () => {
    const bytes = file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  ', bytesOf(Float32Array.of(7)));
    for (const shift of [0, 1, 2, 3]) {
      const larger = new Uint8Array(bytes.length + 9).fill(0xff);
      larger.set(bytes, shift);
      expect(readSafetensors(larger.subarray(shift, shift + bytes.length)).tensors['a']!.data).toEqual(
        Float32Array.of(7),
      );
    }
  });

  test('an ArrayBuffer', () => {
    const bytes = file({ a: f32([1], 0, 4) }, bytesOf(Float32Array.of(7)));
    expect(readSafetensors(bytes.buffer as ArrayBuffer).tensors['a']!.data[0]).toBe(7);
  });

  test('copies: the file may change afterwards', () => {
    const bytes = file({ a: f32([1], 0, 4) }, bytesOf(Float32Array.of(7)));
    const { tensors } = readSafetensors(bytes);
    bytes.fill(0);
    expect(tensors['a']!.data[0]).toBe(7);
  });

  test('scalars, empty tensors, and a file without tensors', () => {
    const { tensors } = readSafetensors(file({ s: f32([], 0, 4), e: f32([3, 0], 4, 4) }, bytesOf(Float32Array.of(7))));
    expect(tensors['s']).toEqual({ data: Float32Array.of(7), shape: [], dtype: 'float32' });
    expect(tensors['e']).toEqual({ data: new Float32Array(), shape: [3, 0], dtype: 'float32' });
    expect(Object.keys(readSafetensors(file('{}')).tensors)).toEqual([]);
  });

  test('names __proto__, constructor and toString, and touches no prototype', () => {
    const header =
      '{"__proto__":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"toString":{"dtype":"F32","shape":[],"data_offsets":[4,8]},' +
      '"__metadata__":{"__proto__":"p","constructor":"c"}}';
    const { tensors, metadata } = readSafetensors(file(header, bytesOf(Float32Array.of(1, 2))));
    expect(Object.keys(tensors)).toEqual(['__proto__', 'toString']);
    expect(Object.values(tensors)[0]!.data[0]).toBe(1);
    expect(Object.keys(metadata)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(tensors)).toBeNull();
    expect(({} as Record<string, unknown>)['dtype']).toBeUndefined();
  });

  for (const shift of [0, 1, 2, 3]) {
    test(`names in UTF-8 and with escapes, longer than a chunk of the decoder, shifted by ${shift} bytes`, () => {
      const name = `${'-'.repeat(shift)}${'😀'.repeat(5000)}権重é\\"`;
      const { tensors } = readSafetensors(file({ [name]: f32([], 0, 4) }, bytesOf(Float32Array.of(1))));
      expect(Object.keys(tensors)).toEqual([name]);
    });
  }

  test('a name that looks like structure, or ends in a backslash', () => {
    const names = ['{"a":1}', ':', '\\', '"', '","', '}'];
    const header = Object.fromEntries(names.map((name, i) => [name, f32([], 4 * i, 4 * i + 4)]));
    expect(Object.keys(readSafetensors(file(header, new Uint8Array(24))).tensors)).toEqual(names);
  });
});

describe('refuses with SAFETENSORS_FORMAT:', () => {
  const refused = (title: string, bytes: unknown, ...texts: string[]): void => {
    test(title, () =>
      expectCode(() => readSafetensors(bytes as Uint8Array), 'SAFETENSORS_FORMAT', 'readSafetensors: ', ...texts),
    );
  };
  const good = file({ a: f32([2], 0, 8), b: f32([1], 8, 12) }, new Uint8Array(12));

  test('the file, whose parts are broken below, is good', () => {
    expect(Object.keys(readSafetensors(good).tensors)).toEqual(['a', 'b']);
  });
  test('every truncation of a good file', async () => {
    for (let length = 0; length < good.length; length++) {
      await expectCode(() => readSafetensors(good.slice(0, length)), 'SAFETENSORS_FORMAT');
    }
  });
  test('a good file with a byte too many', () =>
    expectCode(() => readSafetensors(Uint8Array.of(...good, 0)), 'SAFETENSORS_FORMAT', 'belong to no tensor'));
  test('any single byte of the header replaced: refused, or read as a file that is as consistent', () => {
    for (let at = 0; at < good.length - 12; at++) {
      for (const value of [0, 0x22, 0x30, 0x39, 0x5c, 0x7b, 0x7d, 0x80, 0xff]) {
        const bytes = good.slice();
        bytes[at] = value;
        try {
          const { tensors } = readSafetensors(bytes);
          for (const { data, shape } of Object.values(tensors))
            expect(data.length).toBe(shape.reduce((p, q) => p * q, 1));
        } catch (error) {
          expect(error).toMatchObject({ code: 'SAFETENSORS_FORMAT' });
        }
      }
    }
  });

  refused('seven bytes', new Uint8Array(7), 'less than the 8');
  refused('a string', 'model.safetensors', 'Uint8Array or an ArrayBuffer, got "model.safetensors". Read it first: ');
  refused('nothing', undefined, 'Uint8Array or an ArrayBuffer');
  refused('an array of bytes', [...good], 'Array(');
  refused('a header longer than the file', file('{}', [], 3n), 'only 2 follow');
  refused('a header of 100,000,001 bytes', file('{}', [], 100_000_001n), 'at most 100,000,000');
  refused('a header length of 2⁶³', file('{}', [], 1n << 63n), 'at most 100,000,000');
  refused('a header length of 2⁶⁴ − 1', file('{}', [], (1n << 64n) - 1n), 'at most 100,000,000');
  refused('a header length of 2³² + 2, which 32 bits would take for 2', file('{}', [], (1n << 32n) + 2n));
  refused('an empty header', file(''), "begin with '{'");
  refused('a header that begins with a space', file(' {}'), "begin with '{'");
  refused('a header that is an array', file('[]'), "begin with '{'");
  refused('a header that is not JSON', file('{"a":}'), 'not JSON');
  refused('a header with something after it', file('{}{}'), 'not JSON');
  refused('a header nested 100,000 deep', file('{"a":'.repeat(100_000)), 'not JSON');
  refused('a tensor nested 100,000 deep', file(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`));
  const invalid: Record<string, number[]> = {
    'a lone continuation byte': [0x80],
    'an overlong slash': [0xc0, 0xaf],
    'a surrogate': [0xed, 0xa0, 0x80],
    'a cut character': [0xe6, 0xa8],
    'beyond U+10FFFF': [0xf4, 0x90, 0x80, 0x80],
    'a byte that is never UTF-8': [0xff],
    'a thousand continuation bytes': new Array(1000).fill(0x80),
  };
  for (const [title, bytes] of Object.entries(invalid)) {
    const header = [
      ...new TextEncoder().encode('{"__metadata__":{"a":"'),
      ...bytes,
      ...new TextEncoder().encode('"}}'),
    ];
    const whole = Uint8Array.of(header.length & 255, header.length >> 8, 0, 0, 0, 0, 0, 0, ...header);
    refused(`UTF-8: ${title}`, whole, 'not JSON in UTF-8');
  }

  const one = (info: unknown, bytes = 4) => file({ a: info }, new Uint8Array(bytes));
  refused('a tensor that is null', one(null), 'must be described by an object, got null');
  refused('a tensor that is an array', one([1]), 'must be described by an object');
  for (const dtype of [null, 5, undefined, ['F32'], {}]) {
    refused(
      `element type ${JSON.stringify(dtype)}`,
      one({ ...f32([1], 0, 4), dtype }),
      'tensor "a" must have an element type such as "F32", got',
    );
  }
  for (const shape of [[-1], [0.5], ['1'], [null], [2 ** 53], 1, '1', null, {}, undefined]) {
    refused(`shape ${JSON.stringify(shape)}`, one({ ...f32(shape, 0, 4) }), 'shape of integers ≥ 0');
  }
  for (const shape of [[2], [0], [1, 2], [2 ** 31, 2 ** 31], [2 ** 52, 2 ** 52, 2 ** 52], new Array(1000).fill(10)]) {
    const name = shape.length > 10 ? `of ${shape.length} dimensions` : JSON.stringify(shape);
    refused(`shape ${name} for 4 bytes`, one(f32(shape, 0, 4)), 'but its data_offsets span 4');
  }
  refused(
    'a product that overflows to Infinity and a dimension 0',
    one(f32([...new Array(100).fill(2 ** 50), 0], 0, 0), 0),
  );
  for (const [begin, end] of [
    [-4, 0],
    [4, 0],
    [0.5, 4.5],
    [0, 2 ** 53],
    [0, 1e300],
    ['0', '4'],
    [null, 4],
    [0, -4],
  ]) {
    refused(`data_offsets ${JSON.stringify([begin, end])}`, one(f32([1], begin, end)), '0 ≤ begin ≤ end');
  }
  for (const offsets of [[0], [0, 4, 8], [], null, 4, {}, undefined]) {
    refused(
      `data_offsets ${JSON.stringify(offsets)}`,
      one({ dtype: 'F32', shape: [1], data_offsets: offsets }),
      '0 ≤ begin ≤ end',
    );
  }
  const deep = '['.repeat(10_000) + ']'.repeat(10_000);
  for (const field of ['shape', 'data_offsets', 'dtype']) {
    const fields = { dtype: '"F32"', shape: '[1]', data_offsets: '[0,4]', [field]: deep };
    const info = Object.entries(fields).map(([key, value]) => `"${key}":${value}`);
    refused(`10,000 brackets for ${field}`, file(`{"a":{${info}}}`, new Uint8Array(4)), 'tensor "a"', 'got');
  }
  test('what it quotes of the file is short, however long that is', async () => {
    const long = 'x'.repeat(5_000_000);
    const numbers = new Array(500_000).fill(0.5);
    const files = [
      file({ [long]: null }),
      file({ [long]: f32([1], 4, 8) }, new Uint8Array(8)),
      file({ a: { ...f32([2], 0, 4), dtype: 5, shape: [long] } }, new Uint8Array(4)),
      file({ a: f32(numbers, 0, 4) }, new Uint8Array(4)),
      file({ a: f32(new Array(500_000).fill(1), 0, 8) }, new Uint8Array(8)),
      file({ a: f32(long, 0, 4) }, new Uint8Array(4)),
      file({ a: f32([1], 0, numbers) }, new Uint8Array(4)),
      file({ __metadata__: { [long]: 1 } }),
      file(`{"${long}":1,"${long}":1}`),
      file(`{"${long}":${long}}`),
    ];
    for (const bytes of files) {
      await expectCode(() => readSafetensors(bytes), 'SAFETENSORS_FORMAT');
      expect(() => readSafetensors(bytes)).not.toThrow(/^[\s\S]{800}/);
    }
  });
  refused('a buffer that was transferred', transferred(), 'was transferred');
  refused('an object that pretends to be a buffer', { [Symbol.toStringTag]: 'ArrayBuffer' }, 'or is none');

  refused('data_offsets beyond the file', one(f32([2], 0, 8)), 'the file has only 4 bytes of data');
  refused('data_offsets at 2⁵³ − 1', one(f32([1], 2 ** 53 - 5, 2 ** 53 - 1)), 'belong to no tensor');
  const two = (b: object, bytes: number) => file({ a: f32([2], 0, 8), b }, new Uint8Array(bytes));
  refused('tensors that overlap', two(f32([2], 4, 12), 12), 'overlaps');
  refused('tensors that share all their bytes', two(f32([2], 0, 8), 8), 'overlaps');
  refused('an empty tensor inside another', two(f32([0], 4, 4), 8), 'overlaps');
  refused('a hole between tensors', two(f32([1], 12, 16), 16), 'bytes 8 to 12 before tensor "b" belong to no tensor');
  refused('a hole before the first', one(f32([1], 4, 8), 8), 'bytes 0 to 4');
  refused('bytes after the last', one(f32([1], 0, 4), 8), 'bytes 4 to 8 at the end');
  refused('data without tensors', file('{}', [0]), 'belong to no tensor');

  const info = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
  refused('a name twice', file(`{"a":${info},"a":${info}}`, new Uint8Array(4)), 'the name "a" twice');
  refused(
    'a name twice, once escaped',
    file(`{"a":${info},"\\u0061" :${info}}`, new Uint8Array(4)),
    'the name "a" twice',
  );
  refused(
    'a field twice',
    file(`{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, new Uint8Array(4)),
    '"dtype" twice',
  );
  refused('metadata that is an array', file({ __metadata__: [] }), '__metadata__ must be an object');
  refused('metadata that is null', file({ __metadata__: null }), '__metadata__ must be an object');
  refused('metadata with a number', file({ __metadata__: { a: 1 } }), '__metadata__ "a" must be a string');
});
