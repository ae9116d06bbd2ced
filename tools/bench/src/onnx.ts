import { gru } from '@congruent/spec';
import { importPeer } from './folder.ts';
import { ATTRIBUTE, FLOAT, INT64, onnxSchema } from './onnx-schema.ts';
import { type LayerWeights, type ParameterName, type Problem, widthOf } from './problem.ts';

/** The operator's tensors as blocks of the specification's parameters: gates stacked z, r, h (here n). */
const ONNX_LAYOUT = {
  W: ['W_iz', 'W_ir', 'W_in'],
  R: ['W_hz', 'W_hr', 'W_hn'],
  B: ['b_iz', 'b_ir', 'b_in', 'b_hz', 'b_hr', 'b_hn'],
} as const;

interface Writer {
  Root: { fromJSON(schema: object): { lookupType(name: string): MessageType } };
}
interface MessageType {
  encode(message: object): { finish(): Uint8Array };
}

/**
 * The problem as an ONNX model. Input X [T, B, I]; a streamed step also takes initial_h [1, B, H]. Output Y [T, B, D·H]
 * as torch's; a streamed step gives Y_h [1, B, H] instead. One GRU node a layer, linear_before_reset as in torch.
 *
 * @see https://onnx.ai/onnx/operators/onnx__GRU.html
 */
export async function onnxModel(problem: Problem): Promise<Uint8Array> {
  const { work } = problem;
  const { kind, layers, directions, batch, hiddenSize, inputSize } = work;
  const streamed = kind === 'step';
  const steps = streamed ? 1 : work.steps;
  const nodes: object[] = [];
  const initializers: object[] = streamed ? [] : [int64('rows', [steps, batch, directions * hiddenSize])];
  let below = 'X';
  for (let layer = 0; layer < layers; layer++) {
    const name = (part: string) => `${part}_l${layer}`;
    const above = layer === layers - 1 ? 'Y' : name('output');
    initializers.push(...layerTensors(problem, layer, name));
    const parameters = [name('W'), name('R'), name('B')];
    const attributes = [
      text('direction', directions === 2 ? 'bidirectional' : 'forward'),
      integer('hidden_size', hiddenSize),
      integer('linear_before_reset', 1),
    ];
    if (streamed) {
      nodes.push(node('GRU', [below, ...parameters, '', 'initial_h'], ['', 'Y_h'], attributes));
      continue;
    }
    nodes.push(node('GRU', [below, ...parameters], [name('states')], attributes));
    // [T, D, B, H] to [T, B, D, H]; for one direction these are the same bytes.
    if (directions === 2)
      nodes.push(node('Transpose', [name('states')], [name('sides')], [integers('perm', [0, 2, 1, 3])]));
    nodes.push(node('Reshape', [name(directions === 2 ? 'sides' : 'states'), 'rows'], [above]));
    below = above;
  }
  const state = value('initial_h', [1, batch, hiddenSize]);
  const graph = {
    name: work.id,
    node: nodes,
    initializer: initializers,
    input: [value('X', [steps, batch, inputSize]), ...(streamed ? [state] : [])],
    output: [streamed ? value('Y_h', [1, batch, hiddenSize]) : value('Y', [steps, batch, directions * hiddenSize])],
  };
  const { Root } = await importPeer<Writer>('protobufjs/light.js');
  const model = { irVersion: 8, producerName: 'congruent', opsetImport: [{ domain: '', version: 14 }], graph };
  return Root.fromJSON(onnxSchema).lookupType('ModelProto').encode(model).finish();
}

function layerTensors({ work, layers }: Problem, layer: number, name: (part: string) => string): object[] {
  const { directions, hiddenSize } = work;
  const shapes = {
    W: [directions, 3 * hiddenSize, widthOf(work, layer)],
    R: [directions, 3 * hiddenSize, hiddenSize],
    B: [directions, 6 * hiddenSize],
  };
  return (['W', 'R', 'B'] as const).map((part) => {
    const blocks = layers[layer]!.flatMap((weights) => ONNX_LAYOUT[part].map((block) => blockOf(weights, block)));
    return { name: name(part), dims: shapes[part], dataType: FLOAT, rawData: Buffer.concat(blocks.map(bytes)) };
  });
}

/** A block of the specification's, found by its name in the layout that torch's tensors have. */
export function blockOf(weights: LayerWeights, block: string): Float32Array {
  const torch = gru.layouts.find(({ name }) => name === 'torch')!;
  for (const { name, blocks } of torch.tensors) {
    const index = blocks.findIndex((each) => each.name === block);
    if (index < 0) continue;
    const stacked = weights[name as ParameterName];
    const length = stacked.length / blocks.length;
    return stacked.subarray(index * length, (index + 1) * length);
  }
  throw new Error(`The layout 'torch' has no block '${block}'.`);
}

const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
const node = (opType: string, input: string[], output: string[], attribute: object[] = []) => ({
  opType,
  input,
  output,
  attribute,
});
const value = (name: string, shape: readonly number[]) => ({
  name,
  type: { tensorType: { elemType: FLOAT, shape: { dim: shape.map((dimValue) => ({ dimValue })) } } },
});
const int64 = (name: string, values: readonly number[]) => ({
  name,
  dims: [values.length],
  dataType: INT64,
  rawData: bytes(BigInt64Array.from(values, BigInt)),
});
const integer = (name: string, i: number) => ({ name, i, type: ATTRIBUTE.int });
const integers = (name: string, ints: readonly number[]) => ({ name, ints, type: ATTRIBUTE.ints });
const text = (name: string, s: string) => ({ name, s: Buffer.from(s), type: ATTRIBUTE.string });
