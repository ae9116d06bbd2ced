import type { Tensor } from '@congruent/runtime';
import type { Copies } from '../layers/copies.ts';
import { inOrder, transposed } from '../layers/gates.ts';
import type { FloatingTensor } from '../layers/parameter.ts';
import type { Layer } from '../model.ts';
import type { Folder } from './fold.ts';
import type { NodeProto } from './proto.ts';
import { nameOf, type Scope, type Steps } from './scope.ts';
import type { Product } from './sums.ts';
import { gruOf } from './written-gru.ts';
import { lstmOf } from './written-lstm.ts';

/** A cell in a graph. */
export interface Found {
  readonly kind: 'GRU' | 'LSTM';
  /** Of the gates, by their letters; empty where which product is which cannot be told. */
  readonly order: string;
  readonly input: Product;
  readonly recurrent: Product;
  /** Of the input and of the state. */
  readonly biases: readonly (FloatingTensor | undefined)[];
}

/** Finds the cell of which a node gives the hidden state, unless it was found before. */
export type CellFinder = (node: NodeProto, scope: Scope) => Layer | undefined;

/**
 * Finds cells that a graph has operator by operator, as exporters write torch's LSTMCell, a layer of Keras that is unrolled,
 * and with tf2onnx one step of it in the body of a Loop. Steps of one cell have the same weights, and are one layer. What is
 * not an LSTM or a GRU to the operator is none.
 */
export function cellFinder(fold: Folder, copies: Copies, steps: Steps): CellFinder {
  const seen = new Set<FloatingTensor['data']>();
  return (node, scope) => {
    const found = lstmOf(node, scope, fold, steps) ?? gruOf(node, scope, fold);
    if (!found) return undefined;
    const weights = [found.input.matrix, found.recurrent.matrix];
    if (weights.every(({ data }) => seen.has(data))) return undefined;
    for (const { data } of weights) seen.add(data);
    copies(weights);
    return found.order === '' ? unclear(node, found) : cellOf(node, found);
  };
}

const unclear = (node: NodeProto, { kind }: Found): Layer => ({
  kind: `${kind}Cell`,
  name: nameOf(node),
  options: { dtype: 'float32' },
  parameters: {},
  notes: ['it is written out in single operators, in which its state cannot be told from its input'],
});

function cellOf(node: NodeProto, { kind, order, input, recurrent, biases }: Found): Layer {
  const rows = ({ matrix, rowsFirst }: Product): Tensor =>
    inOrder(kind, order, rowsFirst ? matrix : transposed(matrix));
  const bias = biases.some(Boolean);
  const vector = (each: FloatingTensor | undefined): Tensor => {
    const data = each?.data ?? input.matrix.data.slice(0, input.width).fill(0);
    return inOrder(kind, order, { data, shape: [input.width] });
  };
  return {
    kind: `${kind}Cell`,
    name: /^(.+)\.weight_hh$/.exec(recurrent.weight)?.[1] ?? nameOf(node),
    options: {
      inputSize: input.inputs,
      hiddenSize: recurrent.inputs,
      bias,
      dtype: input.matrix.dtype === 'float64' ? 'float64' : 'float32',
    },
    parameters: {
      weight_ih: rows(input),
      weight_hh: rows(recurrent),
      ...(bias ? { bias_ih: vector(biases[0]), bias_hh: vector(biases[1]) } : {}),
    },
    notes: [],
  };
}
