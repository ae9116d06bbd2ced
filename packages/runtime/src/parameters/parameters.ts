import { type CellSignature, type Dimensions, lengthOf } from '../backend/signature.ts';
import { type DType, type FloatArray, sizeOf, zeros } from '../tensor.ts';
import { fillUniform, parameterRandom } from './random.ts';

/** One parameter of one layer. */
export interface Parameter {
  /** In the state dict, e.g. `weight_ih_l1_reverse`. */
  readonly name: string;
  /** In the cell's signature, e.g. `weight_ih`. */
  readonly layout: string;
  readonly shape: readonly number[];
  /** False for a bias that was opted out of: the cell gets zeros for it and the state dict does not have it. */
  readonly stored: boolean;
}

/** One cell in one direction: its sizes and its parameters, in the signature's order. */
export interface LayerParameters {
  readonly dimensions: Dimensions;
  readonly parameters: readonly Parameter[];
}

/** Values by state dict name, in torch's order. */
export type Weights = ReadonlyMap<string, FloatArray>;

/** Whether every layer and direction has its own of a parameter of this cell, which its name then says. */
export const isRecurrent = (signature: CellSignature, layout: string): boolean =>
  signature.parameters[layout]!.recurrent ?? signature.states.length > 0;

/**
 * The parameters of a cell of these sizes.
 *
 * @param bias    whether it has those of rank 1
 * @param suffix  what stands behind the names of those that every layer and direction has
 */
export function layerParameters(
  signature: CellSignature,
  dimensions: Dimensions,
  bias: boolean,
  suffix: string,
): LayerParameters {
  const parameters = Object.entries(signature.parameters).map(([layout, { blocks, shape }]) => {
    const [rows = 1, ...rest] = shape.map((dimension) => lengthOf(dimension, dimensions));
    const stored = bias || shape.length > 1;
    // A number alone has no dimension; several are a vector.
    const stacked = shape.length + blocks.length > 1 ? [blocks.length * rows, ...rest] : [];
    return { name: isRecurrent(signature, layout) ? layout + suffix : layout, layout, shape: stacked, stored };
  });
  return { dimensions, parameters };
}

/** The parameters that a state dict has. */
export const storedParameters = (layers: readonly LayerParameters[]): Parameter[] =>
  layers.flatMap((layer) => layer.parameters.filter((parameter) => parameter.stored));

/** U(−1/√width, 1/√width) for weights and biases alike, as torch's `reset_parameters`. */
export function initialWeights(layers: readonly LayerParameters[], dtype: DType, seed: number, width: number): Weights {
  const bound = 1 / Math.sqrt(width);
  const next = parameterRandom(seed);
  // All of them before the first is filled: where one is refused nobody has waited for the others.
  const weights = new Map(storedParameters(layers).map(({ name, shape }) => [name, zeros(dtype, sizeOf(shape))]));
  for (const values of weights.values()) fillUniform(values, bound, next);
  return weights;
}

/** A layer's values by layout name, as `Layer.load` takes them. */
export function layerWeights(layer: LayerParameters, weights: Weights, dtype: DType): Record<string, FloatArray> {
  const entries = layer.parameters.map(({ name, layout, shape }) => [
    layout,
    weights.get(name) ?? zeros(dtype, sizeOf(shape)),
  ]);
  return Object.fromEntries(entries);
}
