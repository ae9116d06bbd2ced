/** A dataset of an HDF5 file that a test makes. */
export interface Stored {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A group: its attributes of text, what lies in it. */
export interface Grouped {
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
  readonly children?: Readonly<Record<string, Grouped | Stored>>;
}

export const stored = (shape: readonly number[], value: (k: number) => number = (k) => Math.sin(k)): Stored => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, k) => value(k)),
});

/** Little-endian bytes of numbers, each of a number of bytes: u(1, 3), u(8, address). */
export const u = (bytes: number, ...values: readonly number[]): number[] =>
  values.flatMap((value) => Array.from({ length: bytes }, (_, k) => Math.floor(value / 2 ** (8 * k)) % 256));

export const text = (value: string): number[] => [...value].map((character) => character.charCodeAt(0));

/** The address that stands for none. */
export const NONE: readonly number[] = Array(8).fill(255);

export const SIGNATURE: readonly number[] = [0x89, ...text('HDF\r\n\x1a\n')];

/** An HDF5 file with superblock 2, v2 headers and links in them. HDF5 File Format Specification 3.0. */
export function hdf5File(root: Grouped): Uint8Array {
  const bytes: number[] = Array(48).fill(0);
  const rootAt = putGroup(bytes, root);
  const superblock = [...SIGNATURE, 2, 8, 8, 0, ...u(8, 0), ...NONE, ...u(8, bytes.length), ...u(8, rootAt)];
  superblock.forEach((byte, k) => {
    bytes[k] = byte;
  });
  return Uint8Array.from(bytes);
}

function putGroup(bytes: number[], { attributes = {}, children = {} }: Grouped): number {
  const links = Object.entries(children).map(([name, child]) => {
    const at = 'shape' in child ? putDataset(bytes, child) : putGroup(bytes, child);
    return message(0x06, [1, 0, name.length, ...text(name), ...u(8, at)]);
  });
  const linkInfo = message(0x02, [0, 0, ...NONE, ...NONE]);
  return putHeader(bytes, [linkInfo, ...links, ...Object.entries(attributes).map(attribute)].flat());
}

function putDataset(bytes: number[], { shape, data }: Stored): number {
  const at = put(bytes, [...new Uint8Array(data.buffer)]);
  const float32 = [0x11, 0x20, 31, 0, ...u(4, 4), ...u(2, 0, 32), 23, 8, 0, 23, ...u(4, 127)];
  return putHeader(bytes, [
    ...message(0x01, dataspace(shape)),
    ...message(0x03, float32),
    ...message(0x08, [3, 1, ...u(8, at, 4 * data.length)]),
  ]);
}

function attribute([name, value]: [string, string | readonly string[]]): number[] {
  const texts = typeof value === 'string' ? [value] : value;
  const width = Math.max(1, ...texts.map((each) => each.length));
  const space = dataspace(typeof value === 'string' ? [] : [value.length]);
  const elements = texts.flatMap((each) => text(each.padEnd(width, '\0')));
  const head = [3, 0, ...u(2, name.length + 1, 8, space.length), 0];
  return message(0x0c, [...head, ...text(`${name}\0`), 0x13, 0, 0, 0, ...u(4, width), ...space, ...elements]);
}

const dataspace = (shape: readonly number[]): number[] => [
  2,
  shape.length,
  0,
  shape.length === 0 ? 0 : 1,
  ...u(8, ...shape),
];

export const message = (type: number, data: readonly number[]): number[] => [type, ...u(2, data.length), 0, ...data];

/** A v2 header with one block of messages. */
export const header = (messages: readonly number[]): number[] => [
  ...text('OHDR'),
  2,
  2,
  ...u(4, messages.length),
  ...messages,
  ...u(4, 0),
];

const putHeader = (bytes: number[], messages: readonly number[]): number => put(bytes, header(messages));

/** Puts bytes at the next address that is a multiple of eight. */
function put(bytes: number[], more: readonly number[]): number {
  while (bytes.length % 8 !== 0) bytes.push(0);
  const at = bytes.length;
  for (const byte of more) bytes.push(byte);
  return at;
}
