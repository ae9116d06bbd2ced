import type { CellSignature, Dimensions } from '../backend/signature.ts';
import { shapeHint } from '../hints/dict-hint.ts';
import { layerDimensions } from '../layers/shape.ts';
import { type CellLayouts, layoutsOf } from '../parameters/layouts.ts';
import { layerParameters, layerWeights, storedParameters } from '../parameters/parameters.ts';
import { readStateDict, type StoredStateDict } from '../parameters/state-dict.ts';
import type { FloatArray } from '../tensor.ts';
import type { StackInDict } from './from-state-dict.ts';

/** A layer as a state dict has it. */
export interface LayerInDict {
  readonly dimensions: Dimensions;
  /** By the names of the signature; a bias that the dict does not have is zeros. */
  readonly tensors: Readonly<Record<string, FloatArray>>;
}

/**
 * The layers of a cell in one direction, from a dict in its own layout, in float32.
 *
 * @param stack  what the names and shapes of the dict say of them
 * @throws CONGRUENT_STATE_DICT where the dict does not have what they need, or has more, listing everything at once
 */
export function layersIn(
  dict: StoredStateDict,
  signature: CellSignature,
  layouts: CellLayouts,
  { dimensions, numLayers, bias }: StackInDict,
): readonly LayerInDict[] {
  const layers = layerDimensions(signature, dimensions, numLayers, 1).map((of, layer) =>
    layerParameters(signature, of, bias, `_l${layer}`),
  );
  const form = layoutsOf(layouts).formOf(signature.name, signature, layers, '');
  const parameters = form?.parameters ?? storedParameters(layers);
  const { weights } = readStateDict(
    signature.name,
    parameters,
    () => new Map(),
    dict,
    { strict: true, prefix: '' },
    'float32',
    shapeHint,
  );
  const own = form?.unpack(weights) ?? weights;
  return layers.map((layer) => ({ dimensions: layer.dimensions, tensors: layerWeights(layer, own, 'float32') }));
}
