import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

// Small files of ONNX, made field by field of onnx.proto3, so that tests have files that no tool would write.

/** A message being written. */
export type Message = (writer: BinaryWriter) => BinaryWriter;

export const bytesOf = (message: Message): Uint8Array => message(new BinaryWriter()).finish();

export const message =
  (...fields: readonly Message[]): Message =>
  (writer) =>
    fields.reduce((written, field) => field(written), writer);

export const text =
  (field: number, value: string): Message =>
  (writer) =>
    writer.tag(field, WireType.LengthDelimited).string(value);

export const bytes =
  (field: number, value: Uint8Array): Message =>
  (writer) =>
    writer.tag(field, WireType.LengthDelimited).bytes(value);

export const inner = (field: number, value: Message): Message => bytes(field, bytesOf(value));

export const integer =
  (field: number, value: number | bigint): Message =>
  (writer) =>
    writer.tag(field, WireType.Varint).int64(value);

const float32s = (values: readonly number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);

/** AttributeProto, with the value in the field of its kind. */
const attribute = (name: string, ...values: readonly Message[]): Message => inner(5, message(text(1, name), ...values));
export const int = (name: string, value: number): Message => attribute(name, integer(3, value));
export const ints = (name: string, values: readonly number[]): Message =>
  attribute(name, ...values.map((value) => integer(8, value)));
export const float = (name: string, value: number): Message =>
  attribute(name, (writer) => writer.tag(2, WireType.Bit32).float(value));
export const floats = (name: string, values: readonly number[]): Message => attribute(name, bytes(7, float32s(values)));
export const string = (name: string, value: string): Message => attribute(name, text(4, value));
export const strings = (name: string, values: readonly string[]): Message =>
  attribute(name, ...values.map((value) => text(9, value)));
export const subgraph = (name: string, value: Message): Message => attribute(name, inner(6, value));
const value = (tensor: Message): Message => attribute('value', inner(5, tensor));

/** TensorProto, with the data in whichever field. */
export const tensor = (name: string, dims: readonly number[], dataType: number, data: Message): Message =>
  message(...dims.map((length) => integer(1, length)), integer(2, dataType), data, ...(name ? [text(8, name)] : []));

/** Of float32, as raw bytes. */
export const raw = (name: string, dims: readonly number[], values: readonly number[]): Message =>
  tensor(name, dims, 1, bytes(9, float32s(values)));

/** Of int64, as raw bytes. */
export const indices = (name: string, values: readonly number[]): Message =>
  tensor(name, [values.length], 7, bytes(9, new Uint8Array(BigInt64Array.from(values, BigInt).buffer)));

/** NodeProto: a node of a graph. Attributes come last. */
export const node = (
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  name: string,
  ...attributes: readonly Message[]
): Message =>
  inner(
    1,
    message(
      ...inputs.map((input) => text(1, input)),
      ...outputs.map((output) => text(2, output)),
      text(3, name),
      text(4, opType),
      ...attributes,
    ),
  );

export const constant = (name: string, of: Message): Message => node('Constant', [], [name], '', value(of));
export const initializer = (of: Message): Message => inner(5, of);
export const graphInput = (name: string): Message => inner(11, text(1, name));
export const graph = (...fields: readonly Message[]): Message => message(...fields, text(2, 'g'));

/** ModelProto. */
export const model = (...graphFields: readonly Message[]): Uint8Array =>
  bytesOf(message(integer(1, 8), inner(7, graph(...graphFields))));
