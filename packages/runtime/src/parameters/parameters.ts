import type { CellSignature, Dimensions } from '../backend/signature.ts';
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

/** The parameters of a cell of these sizes; those of rank 1 are its biases. */
export function layerParameters(
  signature: CellSignature,
  dimensions: Dimensions,
  bias: boolean,
  suffix: string,
): LayerParameters {
  const parameters = Object.entries(signature.parameters).map(([layout, { blocks, shape }]) => {
    const [rows, ...rest] = shape.map((dimension) => dimensions[dimension]!) as [number, ...number[]];
    const stored = bias || shape.length > 1;
    return { name: layout + suffix, layout, shape: [blocks.length * rows, ...rest], stored };
  });
  return { dimensions, parameters };
}

/** The parameters of all layers, by layer, then by direction; torch names them `…_l0`, `…_l0_reverse`, `…_l1`, … */
export function stackParameters(
  signature: CellSignature,
  options: {
    readonly inputSize: number;
    readonly hiddenSize: number;
    readonly numLayers: number;
    readonly bias: boolean;
    readonly bidirectional: boolean;
  },
): LayerParameters[][] {
  const suffixes = options.bidirectional ? ['', '_reverse'] : [''];
  const H = options.hiddenSize;
  return Array.from({ length: options.numLayers }, (_, layer) => {
    const I = layer === 0 ? options.inputSize : suffixes.length * H;
    return suffixes.map((suffix) => layerParameters(signature, { I, H }, options.bias, `_l${layer}${suffix}`));
  });
}

/** The parameters that a state dict has. */
export const storedParameters = (layers: readonly LayerParameters[]): Parameter[] =>
  layers.flatMap((layer) => layer.parameters.filter((parameter) => parameter.stored));

/** U(−1/√H, 1/√H) for weights and biases alike, as torch's `reset_parameters`. */
export function initialWeights(layers: readonly LayerParameters[], dtype: DType, seed: number): Weights {
  const next = parameterRandom(seed);
  const entries = layers.flatMap((layer) => {
    const bound = 1 / Math.sqrt(layer.dimensions['H']!);
    return storedParameters([layer]).map(({ name, shape }): [string, FloatArray] => [
      name,
      fillUniform(zeros(dtype, sizeOf(shape)), bound, next),
    ]);
  });
  return new Map(entries);
}

/** A layer's values by layout name, as `Layer.load` takes them. */
export function layerWeights(layer: LayerParameters, weights: Weights, dtype: DType): Record<string, FloatArray> {
  const entries = layer.parameters.map(({ name, layout, shape }) => [
    layout,
    weights.get(name) ?? zeros(dtype, sizeOf(shape)),
  ]);
  return Object.fromEntries(entries);
}
