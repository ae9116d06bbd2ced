import { formatError } from '../errors.ts';
import { type RecurrentConfig, recurrentConfigs } from '../keras/config.ts';
import { isJson, type Json, parseJson, setting } from '../keras/json.ts';
import { layerOf, layersOf } from '../keras/layer.ts';
import { untoldLayers } from '../keras/untold.ts';
import type { NamedTensor } from '../keras/weights.ts';
import type { Layer, Model, ModelFile } from '../model.ts';
import { manifestWeights } from './shards.ts';

const FILE = 'TensorFlow.js';

/**
 * Reads the `model.json` of a layers model of TensorFlow.js, made by it or by its converter from Keras, and its weights.
 * Its activations and defaults are those of TensorFlow.js.
 */
export async function read(file: ModelFile): Promise<Pick<Model, 'tensors' | 'layers'>> {
  const json = parseJson(FILE, file.name, file.bytes);
  const topology = json['modelTopology'];
  refuseGraph(json, topology);
  const weights = manifestWeights(file, json['weightsManifest']);
  const tensors = new Map(weights.map(({ name, tensor }) => [name, tensor]));
  const layers = isJson(topology) ? told(topology, weights) : untold(weights);
  return { tensors: Object.assign(Object.create(null), Object.fromEntries(tensors)), layers };
}

/** A graph has operators in place of layers: a recurrent layer is a loop of them, in which its gates cannot be told apart. */
function refuseGraph({ format }: Json, topology: unknown): void {
  if (format !== 'graph-model' && !(isJson(topology) && 'node' in topology)) return;
  throw formatError(
    FILE,
    '',
    'format "graph-model": it is a graph of operators, not a layers model, and has no layers to find',
    'Convert the Keras model with --output_format=tfjs_layers_model, or give the Keras file itself',
  );
}

/** The layers of the config, which the converter puts into `model_config`. */
function told(topology: Json, weights: readonly NamedTensor[]): readonly Layer[] {
  const inner = setting(topology, 'model_config');
  const configs = recurrentConfigs(isJson(inner) ? inner : topology, FILE);
  const stored = weights.map(({ tensor }) => tensor);
  return layersOf(FILE, configs, (config) => weightsOf(config, weights), stored, 'tfjs');
}

/** The weights that are named after a layer: `lstm_1/kernel`, in those that the converter made `model/lstm_1/lstm_cell/kernel`. */
function weightsOf({ name }: RecurrentConfig, weights: readonly NamedTensor[]): readonly NamedTensor[] {
  const own = name.split('/').at(-1)!;
  return weights.filter((weight) => weight.name.split('/').slice(0, -1).includes(own));
}

/** Weights without a topology, of which the version says that the default of the gates is not known. */
function untold(weights: readonly NamedTensor[]): readonly Layer[] {
  const groups = new Map<string, NamedTensor[]>();
  for (const weight of weights) {
    const layer = weight.name.split('/')[0]!;
    groups.set(layer, [...(groups.get(layer) ?? []), weight]);
  }
  return untoldLayers(new Map(), groups, '2.2').map((each) => layerOf(each.recurrent, each.weights, 'tfjs', FILE));
}
