import { type Numbers, readDoubles, readFloats, readInt32s, readInt64s, readUint64s } from './numbers.ts';
import {
  type Cursor,
  damaged,
  damagedAt,
  type Fields,
  readBytes,
  readFile,
  readFloat,
  readInt32,
  readInteger,
  readMessage,
  readText,
} from './wire.ts';

// The messages of onnx/onnx.proto3 of github.com/onnx/onnx, as far as a reader of weights needs them, with the field numbers
// that stand there. Names are those of the file in camel case; what a message does not have is absent.

export interface TensorProto {
  name: string;
  dims?: Numbers<BigInt64Array>;
  dataType: number;
  rawData?: Uint8Array;
  floatData?: Numbers<Float32Array>;
  doubleData?: Numbers<Float64Array>;
  int32Data?: Numbers<Int32Array>;
  int64Data?: Numbers<BigInt64Array>;
  uint64Data?: Numbers<BigUint64Array>;
  /** Of data in another file: `location`, and `offset` and `length` where it is a part. */
  externalData?: Map<string, string>;
  dataLocation?: number;
}

export interface AttributeProto {
  name: string;
  f?: number;
  i?: bigint;
  s?: Uint8Array;
  t?: TensorProto;
  /** Both of `g` and of `graphs`. */
  graphs?: GraphProto[];
  floats?: Numbers<Float32Array>;
  ints?: Numbers<BigInt64Array>;
  strings?: Uint8Array[];
}

export interface NodeProto {
  name: string;
  opType: string;
  domain: string;
  input: string[];
  output: string[];
  attribute: AttributeProto[];
}

export interface GraphProto {
  readonly node: NodeProto[];
  readonly initializer: TensorProto[];
  /** The names of `sparse_initializer`. */
  readonly sparse: string[];
  /** The names of the graph's inputs. */
  readonly input: string[];
  readonly output: string[];
}

/** A function of the model's own, which nodes call by its name. */
export interface FunctionProto extends GraphProto {
  name: string;
}

export interface ModelProto {
  readonly graph: GraphProto;
  readonly functions: readonly FunctionProto[];
}

/** The message as it is read. */
interface OpenModel {
  graph?: GraphProto;
  readonly functions: FunctionProto[];
}

/** @throws MODEL_FORMAT where the bytes are no protobuf, or have no graph */
export function readModelProto(bytes: Uint8Array): ModelProto {
  const { graph, functions } = readFile(bytes, { functions: [] } as OpenModel, MODEL);
  if (!graph) throw damaged('', 'it has no graph: either it is truncated, or no ONNX model');
  return { graph, functions };
}

const MODEL: Fields<OpenModel> = {
  7: (model, cursor) => {
    model.graph = readGraph(cursor, 0);
  },
  25: (model, cursor) => {
    const { functions } = model;
    const empty: FunctionProto = { name: '', node: [], initializer: [], sparse: [], input: [], output: [] };
    functions.push(readMessage(cursor, 'function', functions.length, empty, FUNCTION));
  },
};

const readGraph = (cursor: Cursor, index: number): GraphProto =>
  readMessage(cursor, 'graph', index, { node: [], initializer: [], sparse: [], input: [], output: [] }, GRAPH);

const GRAPH: Fields<GraphProto> = {
  1: ({ node }, cursor) => node.push(readNode(cursor, node.length)),
  5: ({ initializer }, cursor) => initializer.push(readTensor(cursor, 'initializer', initializer.length)),
  11: ({ input }, cursor) => input.push(readValueInfo(cursor, 'input', input.length)),
  12: ({ output }, cursor) => output.push(readValueInfo(cursor, 'output', output.length)),
  15: ({ sparse }, cursor) => {
    sparse.push(readMessage(cursor, 'sparse initializer', sparse.length, { name: '' }, SPARSE).name);
  },
};

/** SparseTensorProto, whose name is that of its values. */
const SPARSE: Fields<{ name: string }> = {
  1: (sparse, cursor) => {
    sparse.name = readTensor(cursor, 'values', 0).name;
  },
};

const FUNCTION: Fields<FunctionProto> = {
  1: (message, cursor) => {
    message.name = readText(cursor);
  },
  4: ({ input }, cursor) => input.push(readText(cursor)),
  5: ({ output }, cursor) => output.push(readText(cursor)),
  7: ({ node }, cursor) => node.push(readNode(cursor, node.length)),
};

const readValueInfo = (cursor: Cursor, what: string, index: number): string =>
  readMessage(cursor, what, index, {} as { name?: string }, VALUE_INFO).name ?? '';

const VALUE_INFO: Fields<{ name?: string }> = {
  1: (message, cursor) => {
    message.name = readText(cursor);
  },
};

function readNode(cursor: Cursor, index: number): NodeProto {
  const empty: NodeProto = { name: '', opType: '', domain: '', input: NONE, output: NONE, attribute: NONE };
  const node = readMessage(cursor, 'node', index, empty, NODE);
  if (node.opType === '') throw damagedAt(cursor, `node ${index} has no operator`);
  return node;
}

/** Of nodes that have none; no element is ever added to it. */
const NONE: never[] = [];

/** An array with another element. The first has one of its own: most have no second, and one that grows takes more room. */
function added<T>(array: T[], element: T): T[] {
  if (array.length === 0) return [element];
  array.push(element);
  return array;
}

const NODE: Fields<NodeProto> = {
  1: (node, cursor) => {
    node.input = added(node.input, readText(cursor));
  },
  2: (node, cursor) => {
    node.output = added(node.output, readText(cursor));
  },
  3: (node, cursor) => {
    node.name = readText(cursor);
  },
  4: (node, cursor) => {
    node.opType = readText(cursor);
  },
  5: (node, cursor) => {
    node.attribute = added(
      node.attribute,
      readMessage(cursor, 'attribute', node.attribute.length, { name: '' }, ATTRIBUTE),
    );
  },
  7: (node, cursor) => {
    node.domain = readText(cursor);
  },
};

const addGraph = (attribute: AttributeProto, cursor: Cursor): void => {
  attribute.graphs ??= [];
  attribute.graphs.push(readGraph(cursor, attribute.graphs.length));
};

const ATTRIBUTE: Fields<AttributeProto> = {
  1: (attribute, cursor) => {
    attribute.name = readText(cursor);
  },
  2: (attribute, cursor) => {
    attribute.f = readFloat(cursor);
  },
  3: (attribute, cursor) => {
    attribute.i = readInteger(cursor);
  },
  4: (attribute, cursor) => {
    attribute.s = readBytes(cursor);
  },
  5: (attribute, cursor) => {
    attribute.t = readTensor(cursor, 'tensor', 0);
  },
  6: addGraph,
  7: (attribute, cursor) => {
    attribute.floats = readFloats(attribute.floats, cursor);
  },
  8: (attribute, cursor) => {
    attribute.ints = readInt64s(attribute.ints, cursor);
  },
  9: (attribute, cursor) => {
    attribute.strings ??= [];
    attribute.strings.push(readBytes(cursor));
  },
  11: addGraph,
};

const readTensor = (cursor: Cursor, what: string, index: number): TensorProto =>
  readMessage(cursor, what, index, { name: '', dataType: 0 }, TENSOR);

const TENSOR: Fields<TensorProto> = {
  1: (tensor, cursor) => {
    tensor.dims = readInt64s(tensor.dims, cursor);
  },
  2: (tensor, cursor) => {
    tensor.dataType = readInt32(cursor);
  },
  3: (_, cursor) => {
    throw damagedAt(cursor, 'the tensor is one of several segments, which is not read');
  },
  4: (tensor, cursor) => {
    tensor.floatData = readFloats(tensor.floatData, cursor);
  },
  5: (tensor, cursor) => {
    tensor.int32Data = readInt32s(tensor.int32Data, cursor);
  },
  7: (tensor, cursor) => {
    tensor.int64Data = readInt64s(tensor.int64Data, cursor);
  },
  8: (tensor, cursor) => {
    tensor.name = readText(cursor);
  },
  9: (tensor, cursor) => {
    tensor.rawData = readBytes(cursor);
  },
  10: (tensor, cursor) => {
    tensor.doubleData = readDoubles(tensor.doubleData, cursor);
  },
  11: (tensor, cursor) => {
    tensor.uint64Data = readUint64s(tensor.uint64Data, cursor);
  },
  13: (tensor, cursor) => {
    tensor.externalData ??= new Map();
    const { key = '', value = '' } = readMessage(cursor, 'external data', tensor.externalData.size, {} as Entry, ENTRY);
    tensor.externalData.set(key, value);
  },
  14: (tensor, cursor) => {
    tensor.dataLocation = readInt32(cursor);
  },
};

/** StringStringEntryProto. */
interface Entry {
  key?: string;
  value?: string;
}

const ENTRY: Fields<Entry> = {
  1: (entry, cursor) => {
    entry.key = readText(cursor);
  },
  2: (entry, cursor) => {
    entry.value = readText(cursor);
  },
};
