import { CELLS, type CellName, statesOf } from './cells.ts';
import {
  encodeModel,
  int64,
  integer,
  integers,
  layoutOf,
  node,
  type PackedTensor,
  packed,
  text,
  value,
} from './onnx-graph.ts';
import type { Problem } from './problem.ts';
import { shapeIn } from './tensors.ts';

/** Attributes beyond those of all operators, which are called like torch's classes. */
const ATTRIBUTES: Readonly<Partial<Record<CellName, Readonly<Record<string, number>>>>> = {
  gru: { linear_before_reset: 1 },
};

/** An operator's tensors W, R and B, or undefined where ONNX has no operator of the cell: a network has its cells' layouts. */
export const onnxTensors = (cell: CellName): readonly PackedTensor[] | undefined =>
  CELLS[cell].generated ? undefined : layoutOf(CELLS[cell].cell, 'onnx')?.tensors;

/** A state's name before a streamed step, and after it. */
export const initial = (state: string): string => `initial_${state}`;
export const last = (state: string): string => `Y_${state}`;

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
  return encodeModel({
    name: work.id,
    node: nodes,
    initializer: initializers,
    input: [value('X', [steps, batch, inputSize]), ...valuesOf(states.map(initial))],
    output: kind === 'step' ? valuesOf(states.map(last)) : [value('Y', [steps, batch, directions * hiddenSize])],
  });
}

/** W, R and B, directions one after the other. */
function layerTensors({ work, layers }: Problem, layer: number, name: (part: string) => string): object[] {
  const { cell } = CELLS[work.cell];
  const shapes = new Map(cell.parameters.map((parameter) => [parameter.name, parameter.shape]));
  return onnxTensors(work.cell)!.map((tensor) => {
    const shape = shapeIn(work, layer, shapes.get(tensor.blocks[0]!.name)!);
    return packed(cell, tensor, name(tensor.name), layers[layer]!, shape);
  });
}
