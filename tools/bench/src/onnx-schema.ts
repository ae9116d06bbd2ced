/**
 * The part of ONNX's protobuf schema that a model of recurrent nodes needs, in protobufjs' JSON form. Names and field numbers
 * are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3.
 */
const string = { type: 'string' };
const repeated = (type: string) => ({ rule: 'repeated', type });

const messages: Readonly<Record<string, Readonly<Record<string, readonly [id: number, field: object]>>>> = {
  ModelProto: {
    irVersion: [1, { type: 'int64' }],
    producerName: [2, string],
    graph: [7, { type: 'GraphProto' }],
    opsetImport: [8, repeated('OperatorSetIdProto')],
  },
  OperatorSetIdProto: { domain: [1, string], version: [2, { type: 'int64' }] },
  GraphProto: {
    node: [1, repeated('NodeProto')],
    name: [2, string],
    initializer: [5, repeated('TensorProto')],
    input: [11, repeated('ValueInfoProto')],
    output: [12, repeated('ValueInfoProto')],
  },
  NodeProto: {
    input: [1, repeated('string')],
    output: [2, repeated('string')],
    name: [3, string],
    opType: [4, string],
    attribute: [5, repeated('AttributeProto')],
  },
  AttributeProto: {
    name: [1, string],
    i: [3, { type: 'int64' }],
    s: [4, { type: 'bytes' }],
    ints: [8, repeated('int64')],
    strings: [9, repeated('bytes')],
    type: [20, { type: 'int32' }],
  },
  TensorProto: {
    dims: [1, repeated('int64')],
    dataType: [2, { type: 'int32' }],
    name: [8, string],
    rawData: [9, { type: 'bytes' }],
  },
  ValueInfoProto: { name: [1, string], type: [2, { type: 'TypeProto' }] },
  TypeProto: { tensorType: [1, { type: 'TensorTypeProto' }] },
  TensorTypeProto: { elemType: [1, { type: 'int32' }], shape: [2, { type: 'TensorShapeProto' }] },
  TensorShapeProto: { dim: [1, repeated('DimensionProto')] },
  DimensionProto: { dimValue: [1, { type: 'int64' }] },
};

/** For `Root.fromJSON` of protobufjs. */
export const onnxSchema: { nested: object } = {
  nested: Object.fromEntries(
    Object.entries(messages).map(([message, fields]) => [
      message,
      {
        fields: Object.fromEntries(Object.entries(fields).map(([name, [id, field]]) => [name, { id, ...field }])),
      },
    ]),
  ),
};

/** TensorProto.DataType. */
export const FLOAT = 1;
export const INT32 = 6;
export const INT64 = 7;

/** AttributeProto.AttributeType. */
export const ATTRIBUTE = { int: 2, string: 3, ints: 7, strings: 8 } as const;
