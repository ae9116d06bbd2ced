import { zipSync } from 'fflate';

/** Text as bytes, each character one. */
export const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

const number = (bytes: number, value: number): string =>
  String.fromCharCode(...Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256));

// Opcodes of pickle with their operands, one character for each byte.
export const str = (text: string): string => `X${number(4, text.length)}${text}`;
export const int = (value: number): string => `J${number(4, value)}`;
const long = (bytes: readonly number[]): string => `\x8a${number(1, bytes.length)}${String.fromCharCode(...bytes)}`;
export const tuple = (...items: readonly string[]): string => `(${items.join('')}t`;
export const list = (...items: readonly string[]): string => `](${items.join('')}e`;
export const global = (name: string): string => {
  const dot = name.lastIndexOf('.');
  return `c${name.slice(0, dot)}\n${name.slice(dot + 1)}\n`;
};
export const reduce = (name: string, ...args: readonly string[]): string => `${global(name)}${tuple(...args)}R`;
export const dict = (entries: Readonly<Record<string, string>>): string =>
  `}(${Object.entries(entries)
    .map(([key, value]) => str(key) + value)
    .join('')}u`;

/** An object of a class with its `__dict__`, as protocol 2 has it. */
export const object = (name: string, state: Readonly<Record<string, string>>): string =>
  `${global(name)})\x81${dict(state)}b`;

/** An object of a class of torch.nn. */
export const module = (
  name: string,
  parameters: Readonly<Record<string, string>>,
  modules: Readonly<Record<string, string>> = {},
  attributes: Readonly<Record<string, string>> = {},
): string =>
  object(name, { _parameters: dict(parameters), _buffers: dict({}), _modules: dict(modules), ...attributes });

interface View {
  readonly storage?: string;
  readonly type?: string;
  readonly length?: number;
  readonly offset?: number;
  readonly strides?: readonly number[];
  readonly location?: string;
}

/** A tensor over a storage of its own, of as many elements, unless said otherwise. */
export function tensor(key: string, shape: readonly number[], view: View = {}): string {
  const size = shape.reduce((product, length) => product * length, 1);
  const { type = 'Float', length = size, offset = 0, location = 'cpu' } = view;
  const rows = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, each) => product * each, 1));
  const { strides = rows } = view;
  const id = tuple(str('storage'), global(`torch.${type}Storage`), str(key), str(location), int(length));
  const ints = (values: readonly number[]): string => tuple(...values.map(int));
  const hooks = reduce('collections.OrderedDict');
  return reduce('torch._utils._rebuild_tensor_v2', `${id}Q`, int(offset), ints(shape), ints(strides), '\x89', hooks);
}

/** A whole pickle of protocol 2. */
export const pickle = (value: string): Uint8Array => latin(`\x80\x02${value}.`);

/** A file of torch.save since 1.6. */
export const torchZip = (
  value: string,
  storages: Readonly<Record<string, ArrayBufferView>> = {},
  records: Readonly<Record<string, Uint8Array>> = {},
): Uint8Array => {
  const data = Object.entries(storages).map(([key, { buffer, byteOffset, byteLength }]) => [
    `model/data/${key}`,
    new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength),
  ]);
  const others = Object.entries(records).map(([name, bytes]) => [`model/${name}`, bytes]);
  return zipSync(Object.fromEntries([['model/data.pkl', pickle(value)], ...data, ...others]), { level: 0 });
};

/** A file of torch.save before 1.6. Keys are in the order of the storages. */
export function torchLegacy(value: string, storages: Readonly<Record<string, ArrayBufferView>> = {}): Uint8Array {
  const magic = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
  const parts = [
    pickle(long(magic)),
    pickle(int(1001)),
    pickle(dict({ little_endian: '\x88' })),
    pickle(value),
    pickle(list(...Object.keys(storages).map(str))),
    ...Object.values(storages).flatMap((elements) => {
      const { buffer, byteOffset, byteLength } = elements;
      const count = (elements as unknown as { length: number }).length;
      return [latin(number(8, count)), new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)];
    }),
  ];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
