import type { Layer } from '@congruent/models';
import { CongruentError, type FloatArray, type StateDict, type Tensor } from '@congruent/runtime';
import { type Cell, defineCell, gru, gruResetBefore, lstm, rnnRelu, rnnTanh } from '@congruent/spec';
import { called, layerNamed } from '../models/layer-named.ts';
import type { ModelFile } from '../models/model-file.ts';
import { printable } from '../models/printable.ts';
import type { Weights } from './model.ts';

/** A layer of a model file, and what runs it. */
interface LayerWeights extends Weights {
  readonly cell: Cell;
  readonly prefix: '';
  /** What its user should know. */
  readonly notes: readonly string[];
}

/**
 * A layer of a model file as `modelOf` takes it.
 *
 * @param name  or its number; undefined: the only one
 * @throws CongruentError MODEL_LAYER where there is no such layer, or it may not be run; EXPORT_LAYERS where it does not go
 *         from the first step to the last
 */
export function weightsOfLayer(file: ModelFile, name: string | undefined): LayerWeights {
  const layer = layerNamed(file, name);
  const reason = layer.reverse
    ? 'it begins with the last step'
    : layer.lengths && 'what it gives behind the end of a sequence is 0, and it says where each ends';
  if (reason) {
    const problem = `${file.path}: ${called(layer)}: ${reason}, and an exported model runs step by step`;
    const remedy = `Run it with a backend, over whole sequences: npx congruent inspect ${file.path}`;
    throw new CongruentError('EXPORT_LAYERS', `${problem}. ${remedy}`);
  }
  return {
    path: layer.name === '' ? file.path : `${file.path}, ${printable(layer.name)}`,
    cell: cellOf(layer),
    prefix: '',
    tensors: asLayer(layer),
    initialStates: statesOf(layer),
    notes: layer.options.dtype === 'float64' ? ['the weights, float64 in the file, are rounded to float32'] : [],
  };
}

/** What runs it; of an LSTM that is projected `modelOf` finds out. */
function cellOf({ kind, cell, options }: Layer): Cell {
  if (cell !== undefined) return defineCell(cell);
  switch (kind) {
    case 'GRU':
    case 'GRUCell':
      return options['resetAfter'] === false ? gruResetBefore : gru;
    case 'LSTM':
    case 'LSTMCell':
      return lstm;
    case 'RNN':
    case 'RNNCell':
      return options['nonlinearity'] === 'relu' ? rnnRelu : rnnTanh;
    default:
      return kind satisfies never;
  }
}

/** The parameters of a single cell have no number of a layer behind their names. */
const asLayer = ({ kind, parameters }: Layer): StateDict =>
  kind.endsWith('Cell')
    ? Object.fromEntries(Object.entries(parameters).map(([name, tensor]) => [`${name}_l0`, tensor]))
    : parameters;

/** For each layer its states, in the order of the cell. */
function statesOf(layer: Layer): readonly (readonly FloatArray[])[] | undefined {
  const { initialStates } = layer;
  if (initialStates === undefined) return undefined;
  const states = 'data' in initialStates ? [initialStates] : initialStates;
  const [layers = 1] = states[0]!.shape;
  return Array.from({ length: layers }, (_, at) => states.map((state) => rowOf(state, at, layer)));
}

/** The part of [L, 1, H] that is of one of its layers. */
function rowOf({ data, shape: [, batch, width = 0] }: Tensor, at: number, layer: Layer): FloatArray {
  if (batch === 1) return data.slice(at * width, (at + 1) * width);
  const problem = `${called(layer)} has initial states for ${batch} sequences, and an exported model runs one`;
  throw new CongruentError('EXPORT_LAYERS', `${problem}. Run it with a backend.`);
}
