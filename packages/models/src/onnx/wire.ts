import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { CongruentError, decodeUTF8 } from '@congruent/runtime';
import { formatError } from '../errors.ts';

// BinaryReader checks bounds, so that a truncated file is an error; readers made for speed, such as pbf, read on.

/**
 * Where a reader of protobuf is: one for the whole file, so that a file of very many small messages takes little beside
 * what is made of them.
 */
export interface Cursor {
  readonly reader: BinaryReader;
  /** The wire type of the field that is next. */
  type: WireType;
  /** The messages around, from the outermost on, each with its number among those of its kind. */
  readonly path: (readonly [what: string, index: number])[];
}

/** What is done with the fields of a message, by their numbers; all others are passed over. */
export type Fields<M> = Readonly<Record<number, (message: M, cursor: Cursor) => void>>;

/** Google's libraries go no deeper either, so that no model that runs has more. */
const DEEPEST = 100;

/** What is wrong with the file, at a place in words. */
export const damaged = (place: string, problem: string, options?: ErrorOptions): CongruentError =>
  formatError('ONNX', place, problem, 'Export it again, or copy it as a binary file', options);

/** The innermost messages around, in words. */
const placeOf = ({ path }: Cursor): string =>
  path
    .slice(-4)
    .map(([what, index]) => `${what} ${index}`)
    .join(', ');

/** What is wrong where the cursor is. */
export const damagedAt = (cursor: Cursor, problem: string): CongruentError => damaged(placeOf(cursor), problem);

/**
 * Reads a whole file as one message. Its strings and bytes are views of the file's.
 *
 * @throws MODEL_FORMAT where it isn't one
 */
export function readFile<M>(bytes: Uint8Array, message: M, fields: Fields<M>): M {
  const cursor: Cursor = { reader: new BinaryReader(bytes, decodeUTF8), type: WireType.LengthDelimited, path: [] };
  try {
    readFields(cursor, bytes.length, message, fields);
  } catch (error) {
    if (error instanceof CongruentError) throw error;
    const why = error instanceof URIError ? 'text that is not UTF-8' : (error as Error).message;
    throw damaged(placeOf(cursor), `its protobuf is truncated or damaged: ${why}`, { cause: error });
  }
  return message;
}

/** Reads the message that is next, number `index` of its kind. */
export function readMessage<M>(cursor: Cursor, what: string, index: number, message: M, fields: Fields<M>): M {
  expectType(cursor, WireType.LengthDelimited);
  const { reader, path } = cursor;
  const length = reader.uint32();
  path.push([what, index]);
  if (path.length > DEEPEST) throw damaged('', `its graphs are nested more than ${DEEPEST} messages deep`);
  readFields(cursor, reader.pos + length, message, fields);
  path.pop();
  return message;
}

function readFields<M>(cursor: Cursor, end: number, message: M, fields: Fields<M>): void {
  const { reader } = cursor;
  while (reader.pos < end) {
    const [number, type] = reader.tag();
    if (type === WireType.StartGroup || type === WireType.EndGroup) throw new Error('groups, which ONNX has none of');
    cursor.type = type;
    const read = fields[number];
    if (read) read(message, cursor);
    else reader.skip(type);
  }
  if (reader.pos !== end) throw new Error('a field that is longer than its message');
}

/** A field of another wire type than its declaration has is damage: what follows would be read as something else. */
function expectType({ type }: Cursor, expected: WireType): void {
  if (type !== expected) throw new Error(`a field of wire type ${type} in place of ${expected}`);
}

export function readBytes(cursor: Cursor): Uint8Array {
  expectType(cursor, WireType.LengthDelimited);
  return cursor.reader.bytes();
}

export function readText(cursor: Cursor): string {
  expectType(cursor, WireType.LengthDelimited);
  return cursor.reader.string();
}

export function readInteger(cursor: Cursor): bigint {
  expectType(cursor, WireType.Varint);
  return BigInt(cursor.reader.int64());
}

/** int32, and enumerations. */
export function readInt32(cursor: Cursor): number {
  expectType(cursor, WireType.Varint);
  return cursor.reader.int32();
}

export function readFloat(cursor: Cursor): number {
  expectType(cursor, WireType.Bit32);
  return cursor.reader.float();
}
