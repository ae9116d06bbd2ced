import type { Cell } from '@congruent/spec';
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
  texts,
  value,
} from '../onnx-graph.ts';
import { INT32 } from '../onnx-schema.ts';
import { directionsOf, type LayersWanted } from './peer-adapter.ts';

/** A cell as ONNX has it: the operator, and what makes it this cell. */
interface Operator {
  readonly type: 'GRU' | 'LSTM' | 'RNN';
  attributes(directions: number): object[];
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  gru: { type: 'GRU', attributes: () => [integer('linear_before_reset', 1)] },
  gru_reset_before: { type: 'GRU', attributes: () => [integer('linear_before_reset', 0)] },
  lstm: { type: 'LSTM', attributes: () => [] },
  rnn_tanh: { type: 'RNN', attributes: (directions) => [texts('activations', new Array(directions).fill('Tanh'))] },
  rnn_relu: { type: 'RNN', attributes: (directions) => [texts('activations', new Array(directions).fill('Relu'))] },
};

/** Names of the model's inputs and outputs for a state `h` or `c` of a layer. */
export const initialName = (state: string, layer: number): string => `initial_${state}_l${layer}`;
export const lastName = (state: string, layer: number): string => `Y_${state}_l${layer}`;

/**
 * Layers as an ONNX model for any number of steps and sequences, or undefined where ONNX has no operator of the cell.
 * Inputs: X [T, B, I], lengths [B], and each layer's initial states [D, B, H]; outputs: Y [T, B, D·H], and the last states.
 */
export async function onnxLayers(wanted: LayersWanted): Promise<Uint8Array | undefined> {
  const { cell, inputSize, hiddenSize, bias, weights } = wanted;
  const operator = OPERATORS[cell.name];
  if (!operator) return undefined;
  const directions = directionsOf(wanted);
  const names = cell.states.map((state) => state.name);
  const tensors = layoutOf(cell, 'onnx')!.tensors.filter(({ name }) => bias || name !== 'B');
  const nodes: object[] = [];
  const initializers: object[] = [int64('rows', [0, 0, directions * hiddenSize])];
  let below = 'X';
  for (const [layer, sides] of weights.entries()) {
    const named = (what: string) => `${what}_l${layer}`;
    const width = layer === 0 ? inputSize : directions * hiddenSize;
    const shapes = shapesOf(cell, { I: width, H: hiddenSize });
    initializers.push(...tensors.map((tensor) => packed(cell, tensor, named(tensor.name), sides, shapes(tensor))));
    const parameters = ['W', 'R', 'B'].map((name) => (name === 'B' && !bias ? '' : named(name)));
    const before = names.map((name) => initialName(name, layer));
    const after = names.map((name) => lastName(name, layer));
    const attributes = [
      text('direction', directions === 2 ? 'bidirectional' : 'forward'),
      integer('hidden_size', hiddenSize),
      ...operator.attributes(directions),
    ];
    const above = layer === weights.length - 1 ? 'Y' : named('output');
    nodes.push(
      node(operator.type, [below, ...parameters, 'lengths', ...before], [named('states'), ...after], attributes),
      // [T, D, B, H] to [T, B, D, H] to [T, B, D·H].
      node('Transpose', [named('states')], [named('sides')], [integers('perm', [0, 2, 1, 3])]),
      node('Reshape', [named('sides'), 'rows'], [above]),
    );
    below = above;
  }
  const states = (nameOf: typeof initialName) =>
    weights.flatMap((_, layer) => names.map((name) => value(nameOf(name, layer), [directions, undefined, hiddenSize])));
  return encodeModel({
    name: cell.name,
    node: nodes,
    initializer: initializers,
    input: [
      value('X', [undefined, undefined, inputSize]),
      value('lengths', [undefined], INT32),
      ...states(initialName),
    ],
    output: [value('Y', [undefined, undefined, directions * hiddenSize]), ...states(lastName)],
  });
}

/** The shape of the blocks of an operator's tensor. */
function shapesOf(cell: Cell, lengths: Readonly<Record<string, number>>) {
  const shapes = new Map(cell.parameters.map(({ name, shape }) => [name, shape.map((length) => lengths[length]!)]));
  return ({ blocks }: PackedTensor): readonly number[] => shapes.get(blocks[0]!.name)!;
}
