import type { Tensor } from '@congruent/runtime';
import { shortened } from '../errors.ts';
import { inTorchOrder, transposed } from '../layers/gates.ts';
import { isOfClass, type OwnEquations, ownCell } from '../layers/own-cell.ts';
import type { Layer } from '../model.ts';
import { type JSONObject, type PrintedTensor, typeName } from './lists.ts';

/**
 * A recurrent layer of Keras, its weights as torch has them.
 *
 * @param weights  `kernel` [I, G·H], `recurrent_kernel` [H, G·H] and `bias`, where there is one, of fitting shapes
 */
export function recurrentLayer(
  name: string,
  type: 'gru' | 'lstm',
  layer: JSONObject,
  weights: ReadonlyMap<string, PrintedTensor>,
): Layer {
  const kind = type === 'gru' ? 'GRU' : 'LSTM';
  const bias = weights.get('bias');
  // Keras has a second row of biases where its reset gate acts after the product.
  const resetAfter = bias?.shape.length !== 1;
  const { cell, notes } = equationsOf({ kind, resetAfter }, layer);
  const sizes = { I: weights.get('kernel')!.shape[0]!, H: weights.get('recurrent_kernel')!.shape[0]! };
  const ofClass = {
    inputSize: sizes.I,
    hiddenSize: sizes.H,
    bias: bias !== undefined,
    ...(kind === 'GRU' && { resetAfter }),
  };
  return {
    kind,
    name,
    options: {
      ...(cell === undefined ? ofClass : { sizes }),
      numLayers: 1,
      batchFirst: false,
      bidirectional: false,
      dtype: 'float32',
    },
    parameters: parametersOf(kind, weights, cell !== undefined),
    ...(cell !== undefined && { cell }),
    notes,
  };
}

/** The layer's own cell where it is not that of the class, or why it may not be run. */
function equationsOf(
  base: Pick<OwnEquations, 'kind' | 'resetAfter'>,
  layer: JSONObject,
): { readonly cell?: string; readonly notes: readonly string[] } {
  // RTNeural's export writes no activation, or an empty one, for what is Keras's default.
  const activation = layer['activation'] || 'tanh';
  if (typeof activation !== 'string')
    return { notes: [`its activation is ${typeName(activation)}, where a name is expected`] };
  const equations: OwnEquations = { ...base, candidate: { name: activation } };
  if (isOfClass(equations)) return { notes: [] };
  const own = ownCell(equations);
  if ('text' in own) return { cell: own.text, notes: [] };
  return { notes: [`its activation is ${shortened(activation)}: ${own.problem}`] };
}

/** @param biased  with biases of zeros where the layer has none: a cell of its own always has them */
function parametersOf(
  kind: 'GRU' | 'LSTM',
  weights: ReadonlyMap<string, PrintedTensor>,
  biased: boolean,
): Layer['parameters'] {
  const inTorch = (tensor: Tensor): Tensor => inTorchOrder(kind, 'keras', tensor);
  const kernel = inTorch(transposed(weights.get('kernel')!));
  const recurrent = inTorch(transposed(weights.get('recurrent_kernel')!));
  const size = kernel.shape[0]!;
  const bias = weights.get('bias') ?? (biased ? { data: new Float32Array(size), shape: [size] } : undefined);
  if (!bias) return { weight_ih_l0: kernel, weight_hh_l0: recurrent };
  // Torch's two biases are Keras's two rows, or its one and zeros.
  const first = { data: bias.data.slice(0, size), shape: [size] };
  const second = { data: bias.shape.length === 2 ? bias.data.slice(size) : new Float32Array(size), shape: [size] };
  return {
    weight_ih_l0: kernel,
    weight_hh_l0: recurrent,
    bias_ih_l0: inTorch(first),
    bias_hh_l0: inTorch(second),
  };
}
