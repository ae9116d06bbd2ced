/** Bytes of WebAssembly and of RNNoise's tables, made by hand. */

const leb128 = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...leb128(value >>> 7)]);

const signedLeb128 = (value: number): number[] =>
  value < 64 ? [value] : [(value & 127) | 128, ...signedLeb128(value >>> 7)];

const words = (...values: readonly number[]): number[] => [...new Uint8Array(Uint32Array.from(values).buffer)];

/** A module with a custom section, and a data section of these active segments. */
export function moduleOf(
  ...segments: readonly { readonly at: number; readonly bytes: readonly number[] }[]
): Uint8Array {
  const section = [
    ...leb128(segments.length),
    ...segments.flatMap(({ at, bytes }) => [0, 0x41, ...signedLeb128(at), 0x0b, ...leb128(bytes.length), ...bytes]),
  ];
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 2, 1, 0x78, 11, ...leb128(section.length), ...section]);
}

type Values = Float32Array | Int32Array | Int8Array;

/** A memory with arrays, their names, and a list of records that describes them, as RNNoise's has. */
export function memoryOf(tables: Readonly<Record<string, Values>>): Uint8Array {
  const bytes: number[] = words(0, 0);
  const put = (values: readonly number[]): number => {
    while (bytes.length % 4 !== 0) bytes.push(0);
    bytes.push(...values);
    return bytes.length - values.length;
  };
  const records = Object.entries(tables).map(([name, values]) => {
    // The NUL before a name is that of whatever stands there.
    const nameAt = put([0, 0, 0, 0, ...Buffer.from(`${name}\0`)]) + 4;
    const type = values instanceof Float32Array ? 0 : values instanceof Int32Array ? 1 : 3;
    const data = [...new Uint8Array(values.buffer, values.byteOffset, values.byteLength)];
    return [nameAt, type, data.length, put(data)];
  });
  put([...records.flatMap((record) => words(...record)), ...words(0, 0, 0, 0)]);
  return Uint8Array.from(bytes);
}
