import type { Cell } from '@congruent/spec';
import { importPeer } from './folder.ts';
import { ATTRIBUTE, FLOAT, INT64, onnxSchema } from './onnx-schema.ts';

// What ONNX models are written of, whatever their graphs are.

interface Writer {
  Root: { fromJSON(schema: object): { lookupType(name: string): MessageType } };
}
interface MessageType {
  encode(message: object): { finish(): Uint8Array };
}

/** A graph's parts, made by the functions below. */
export interface OnnxGraph {
  readonly name: string;
  readonly node: readonly object[];
  readonly initializer: readonly object[];
  readonly input: readonly object[];
  readonly output: readonly object[];
}

/** The bytes of a model. */
export async function encodeModel(graph: OnnxGraph): Promise<Uint8Array> {
  const { Root } = await importPeer<Writer>('protobufjs/light.js');
  const model = { irVersion: 8, producerName: 'congruent', opsetImport: [{ domain: '', version: 14 }], graph };
  return Root.fromJSON(onnxSchema).lookupType('ModelProto').encode(model).finish();
}

/** One layer in one direction, by torch's names. */
type Weights = Readonly<Record<string, { readonly data: ArrayLike<number> }>>;

/** A tensor of an operator's layout: blocks of torch's. */
export type PackedTensor = Cell['layouts'][number]['tensors'][number];

export const layoutOf = (cell: Cell, layout: string): Cell['layouts'][number] | undefined =>
  cell.layouts.find(({ name }) => name === layout);

/** An operator's tensor from the weights of each direction, one after the other. */
export function packed(
  cell: Cell,
  { blocks }: PackedTensor,
  name: string,
  sides: readonly Weights[],
  shape: readonly number[],
): object {
  const data = sides.flatMap((weights) => blocks.map((block) => bytes(blockOf(cell, weights, block.name))));
  const [rows, ...columns] = shape;
  const dims = [sides.length, blocks.length * rows!, ...columns];
  return { name, dims, dataType: FLOAT, rawData: Buffer.concat(data) };
}

/** A block of the specification's, found by its name in the layout that torch's tensors have. */
export function blockOf(cell: Cell, weights: Weights, block: string): Float32Array {
  for (const { name, blocks } of layoutOf(cell, 'torch')!.tensors) {
    const index = blocks.findIndex((each) => each.name === block);
    if (index < 0) continue;
    const { data } = weights[name]!;
    const length = data.length / blocks.length;
    return Float32Array.from(data).subarray(index * length, (index + 1) * length);
  }
  throw new Error(`The layout 'torch' has no block '${block}'.`);
}

const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);

export const node = (opType: string, input: string[], output: string[], attribute: object[] = []): object => ({
  opType,
  input,
  output,
  attribute,
});

/** An input or output of the graph; a length that is undefined may be any. */
export const value = (name: string, shape: readonly (number | undefined)[], elemType: number = FLOAT): object => {
  const dim = shape.map((length) => (length === undefined ? {} : { dimValue: length }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
};

export const int64 = (name: string, values: readonly number[]): object => ({
  name,
  dims: [values.length],
  dataType: INT64,
  rawData: bytes(BigInt64Array.from(values, BigInt)),
});

export const integer = (name: string, i: number): object => ({ name, i, type: ATTRIBUTE.int });
export const integers = (name: string, ints: readonly number[]): object => ({ name, ints, type: ATTRIBUTE.ints });
export const text = (name: string, s: string): object => ({ name, s: Buffer.from(s), type: ATTRIBUTE.string });
export const texts = (name: string, strings: readonly string[]): object => ({
  name,
  strings: strings.map((each) => Buffer.from(each)),
  type: ATTRIBUTE.strings,
});
