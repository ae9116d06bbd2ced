import type { StoredTensor } from '@congruent/runtime';
import { formatError, shortened } from '../errors.ts';
import { layersFromNames } from '../layers/torch.ts';
import type { Contents, Layer } from '../model.ts';
import { isObject, type JSONObject, tensorOfLists, typeName } from './lists.ts';

const KIND = 'GuitarML JSON';

/**
 * Reads what GuitarML's training writes (save_model of Alec-Wright/Automated-GuitarAmpModelling): `state_dict`, PyTorch's by
 * its names, and `model_data`. The network is lin(rec(x)) + skip · x; `skip` is a tensor of one number.
 *
 * @throws MODEL_FORMAT where a tensor is none, or model_data says other sizes than the layer `rec` has
 */
export function readGuitarML(json: JSONObject): Contents {
  const { state_dict: dict, model_data: data } = json;
  if (!isObject(dict)) throw formatError(KIND, 'state_dict', `${typeName(dict)} where an object is expected`, REMEDY);
  const { tensors, layers } = contentsOf(KIND, 'state_dict', dict);
  if (isObject(data)) {
    for (const layer of layers) if (layer.name === 'rec') checkSizes(layer, data);
    if (typeof data['skip'] === 'number') tensors['skip'] ??= tensorOfLists(KIND, 'model_data.skip', data['skip']);
  }
  return { tensors, layers };
}

/**
 * Reads PyTorch's state dict as RTNeural's torch_helpers.h takes it: the object itself, tensors as lists by their names.
 *
 * @throws MODEL_FORMAT where a tensor is none
 */
export const readStateDict = (json: JSONObject): Contents => contentsOf('RTNeural', 'tensor', json);

function contentsOf(kind: string, place: string, dict: JSONObject) {
  const tensors: Record<string, StoredTensor> = Object.create(null);
  for (const [name, lists] of Object.entries(dict)) tensors[name] = tensorOfLists(kind, `${place} ${name}`, lists);
  return { tensors, layers: layersFromNames(tensors) };
}

const REMEDY = 'Export the model again';

/** Whether a layer is the one that is described. */
function checkSizes({ kind, options }: Layer, data: JSONObject): void {
  const said = {
    unit_type: kind,
    input_size: options['inputSize'],
    hidden_size: options['hiddenSize'],
    num_layers: options['numLayers'],
  };
  for (const [name, value] of Object.entries(said)) {
    if (data[name] === undefined || value === undefined || data[name] === value) continue;
    const got = typeof data[name] === 'string' ? shortened(data[name]) : typeName(data[name]);
    const problem = `${got} where the tensors rec.… are those of ${value}`;
    throw formatError(KIND, `model_data.${name}`, problem, REMEDY);
  }
}
