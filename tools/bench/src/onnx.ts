import type { Cell } from '@congruent/spec';
import { CELLS, type CellName, statesOf } from './cells.ts';
import { importPeer } from './folder.ts';
import { ATTRIBUTE, FLOAT, INT64, onnxSchema } from './onnx-schema.ts';
import type { LayerWeights, Problem } from './problem.ts';
import { shapeIn } from './tensors.ts';

/** Attributes beyond those of all operators, which are called like torch's classes. */
const ATTRIBUTES: Readonly<Partial<Record<CellName, Readonly<Record<string, number>>>>> = {
  gru: { linear_before_reset: 1 },
};

/** An operator's tensors W, R and B, or undefined where ONNX has no operator of the cell: a network has its cells' layouts. */
export const onnxTensors = (cell: CellName): readonly PackedTensor[] | undefined =>
  CELLS[cell].generated ? undefined : layoutOf(cell, 'onnx')?.tensors;

type PackedTensor = Cell['layouts'][number]['tensors'][number];

const layoutOf = (cell: CellName, layout: string) => CELLS[cell].cell.layouts.find(({ name }) => name === layout);

/** A state's name before a streamed step, and after it. */
export const initial = (state: string): string => `initial_${state}`;
export const last = (state: string): string => `Y_${state}`;

interface Writer {
  Root: { fromJSON(schema: object): { lookupType(name: string): MessageType } };
}
interface MessageType {
  encode(message: object): { finish(): Uint8Array };
}

/**
 * The problem as an ONNX model. Input X [T, B, I]; a streamed step also takes initial_h [1, B, H], of an LSTM initial_c
 * too. Output Y [T, B, D·H] as torch's; a streamed step gives Y_h and Y_c [1, B, H] instead. One node a layer.
 *
 * @see https://onnx.ai/onnx/operators/onnx__GRU.html, https://onnx.ai/onnx/operators/onnx__LSTM.html
 */
export async function onnxModel(problem: Problem): Promise<Uint8Array> {
  const { work } = problem;
  const { cell, kind, layers, directions, batch, hiddenSize, inputSize } = work;
  const operator = CELLS[cell].className;
  const states = kind === 'step' ? statesOf(cell) : [];
  const steps = kind === 'step' ? 1 : work.steps;
  const nodes: object[] = [];
  const initializers: object[] = kind === 'step' ? [] : [int64('rows', [steps, batch, directions * hiddenSize])];
  let below = 'X';
  for (let layer = 0; layer < layers; layer++) {
    const name = (part: string) => `${part}_l${layer}`;
    const above = layer === layers - 1 ? 'Y' : name('output');
    initializers.push(...layerTensors(problem, layer, name));
    const parameters = [name('W'), name('R'), name('B')];
    const attributes = [
      text('direction', directions === 2 ? 'bidirectional' : 'forward'),
      integer('hidden_size', hiddenSize),
      ...Object.entries(ATTRIBUTES[cell] ?? {}).map(([name, value]) => integer(name, value)),
    ];
    if (kind === 'step') {
      nodes.push(
        node(operator, [below, ...parameters, '', ...states.map(initial)], ['', ...states.map(last)], attributes),
      );
      continue;
    }
    nodes.push(node(operator, [below, ...parameters], [name('states')], attributes));
    // [T, D, B, H] to [T, B, D, H]; for one direction these are the same bytes.
    if (directions === 2)
      nodes.push(node('Transpose', [name('states')], [name('sides')], [integers('perm', [0, 2, 1, 3])]));
    nodes.push(node('Reshape', [name(directions === 2 ? 'sides' : 'states'), 'rows'], [above]));
    below = above;
  }
  const valuesOf = (names: readonly string[]) => names.map((name) => value(name, [1, batch, hiddenSize]));
  const graph = {
    name: work.id,
    node: nodes,
    initializer: initializers,
    input: [value('X', [steps, batch, inputSize]), ...valuesOf(states.map(initial))],
    output: kind === 'step' ? valuesOf(states.map(last)) : [value('Y', [steps, batch, directions * hiddenSize])],
  };
  const { Root } = await importPeer<Writer>('protobufjs/light.js');
  const model = { irVersion: 8, producerName: 'congruent', opsetImport: [{ domain: '', version: 14 }], graph };
  return Root.fromJSON(onnxSchema).lookupType('ModelProto').encode(model).finish();
}

/** W, R and B, directions one after the other. */
function layerTensors({ work, layers }: Problem, layer: number, name: (part: string) => string): object[] {
  const { cell, directions } = work;
  const shapes = new Map(CELLS[cell].cell.parameters.map((parameter) => [parameter.name, parameter.shape]));
  return onnxTensors(cell)!.map(({ name: part, blocks }) => {
    const [rows, ...columns] = shapeIn(work, layer, shapes.get(blocks[0]!.name)!);
    const data = layers[layer]!.flatMap((weights) => blocks.map((block) => bytes(blockOf(cell, weights, block.name))));
    const dims = [directions, blocks.length * rows!, ...columns];
    return { name: name(part), dims, dataType: FLOAT, rawData: Buffer.concat(data) };
  });
}

/** A block of the specification's, found by its name in the layout that torch's tensors have. */
export function blockOf(cell: CellName, weights: LayerWeights, block: string): Float32Array {
  for (const { name, blocks } of layoutOf(cell, 'torch')!.tensors) {
    const index = blocks.findIndex((each) => each.name === block);
    if (index < 0) continue;
    const { data } = weights[name]!;
    const length = data.length / blocks.length;
    return data.subarray(index * length, (index + 1) * length);
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
