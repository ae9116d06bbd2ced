import type { StateDict, StoredTensor, Tensor } from '@congruent/runtime';

/** What a layer can take of the tensors that a file has for it. */
export interface LayerParameters {
  /** Those of floating point, as they are in the file's tensors: not copied. */
  readonly parameters: StateDict;
  /** float64 where one of them is: it holds the others exactly. */
  readonly dtype: 'float32' | 'float64';
  /** Why the layer cannot be run with the others. */
  readonly notes: readonly string[];
}

/** The parameters of one layer, by the names that the layer has for them. */
export function layerParameters(tensors: Readonly<Record<string, StoredTensor>>): LayerParameters {
  const entries = Object.entries(tensors);
  const floats = entries.filter((entry): entry is [string, FloatingTensor] => isFloating(entry[1]));
  const others = entries.filter(([, tensor]) => !isFloating(tensor));
  return {
    parameters: Object.fromEntries(floats.map(([name, { data, shape }]) => [name, { data, shape }])),
    dtype: floats.some(([, { data }]) => data instanceof Float64Array) ? 'float64' : 'float32',
    notes: others.map(
      ([name, { dtype }]) => `${name} has elements of the type ${dtype}, no floating point: save it unquantised`,
    ),
  };
}

/** A tensor that can be a parameter. */
export type FloatingTensor = StoredTensor & Tensor;

export const isFloating = (tensor: StoredTensor): tensor is FloatingTensor =>
  tensor.data instanceof Float32Array || tensor.data instanceof Float64Array;
