import type { StoredTensor } from '@congruent/runtime';
import { formatError } from '../errors.ts';
import type { Model, ModelFile } from '../model.ts';
import { dialectOf } from './activations.ts';
import { type RecurrentConfig, recurrentConfigs } from './config.ts';
import { type Hdf5, readHdf5 } from './hdf5/hdf5.ts';
import { isJson, type Json, parseJson, textOf } from './json.ts';
import { keras3Weights, withSlashes } from './keras3.ts';
import { layerOf, layersOf } from './layer.ts';
import { legacyWeights, legacyWeightsOf } from './legacy.ts';
import { untoldLayers } from './untold.ts';
import { unzipKeras } from './zip.ts';

const FILE = 'Keras';

/**
 * Reads what Keras saves: `.keras` archives, `.h5` of all versions, and files of weights alone. Tensors have their paths in
 * the HDF5 file for names, also those of the optimizer, which are no layer's.
 */
export async function read({ bytes }: ModelFile): Promise<Pick<Model, 'tensors' | 'layers'>> {
  return bytes[0] === 0x50 ? readArchive(bytes) : readFile(readHdf5(bytes));
}

type Read = Pick<Model, 'tensors' | 'layers'>;

function readArchive(bytes: Uint8Array): Read {
  const records = unzipKeras(bytes);
  const [config, metadata, weights] = [records['config.json'], records['metadata.json'], records['model.weights.h5']];
  if (!config || !weights) {
    const missing = config ? 'model.weights.h5' : 'config.json';
    throw formatError(FILE, '', `there is no ${missing} in it`, 'Save the model again with model.save()');
  }
  const model = parseJson(FILE, 'config.json', config);
  const version = metadata && textOf(parseJson(FILE, 'metadata.json', metadata), 'keras_version');
  const configs = recurrentConfigs(model, FILE);
  const file = readHdf5(weights);
  // A model that is a class of its user's has no layers in its config.
  if (!hasLayers(model)) return readWeights(file, version);
  const tensors = withSlashes(file.tensors);
  const weightsOf = (each: RecurrentConfig) => keras3Weights(tensors, each);
  return {
    tensors: named(tensors),
    layers: layersOf(FILE, configs, weightsOf, tensors.values(), dialectOf(version, model)),
  };
}

/** A model in HDF5, or weights alone. */
function readFile(file: Hdf5): Read {
  const top = file.attributes.get('');
  const text = top?.get('model_config')?.[0];
  const version = top?.get('keras_version')?.[0] ?? file.attributes.get('model_weights')?.get('keras_version')?.[0];
  const model = text === undefined ? undefined : parseJson(FILE, 'model_config', text);
  if (!model || !hasLayers(model)) return readWeights(file, version);
  const weights = legacyWeights(file, 'model_weights');
  const configs = recurrentConfigs(model, FILE);
  const weightsOf = (each: RecurrentConfig) => legacyWeightsOf(weights, each);
  const layers = layersOf(FILE, configs, weightsOf, file.tensors.values(), dialectOf(version, model));
  return { tensors: named(file.tensors), layers };
}

function readWeights(file: Hdf5, version: string | undefined): Read {
  const root = file.attributes.has('model_weights') ? 'model_weights' : '';
  const tensors = withSlashes(file.tensors);
  const found = untoldLayers(tensors, legacyWeights(file, root), version);
  const layers = found.map(({ recurrent, weights }) => layerOf(recurrent, weights, dialectOf(version), FILE));
  return { tensors: named(tensors), layers };
}

const hasLayers = ({ config }: Json): boolean =>
  Array.isArray(config) || (isJson(config) && Array.isArray(config['layers']));

const named = (tensors: ReadonlyMap<string, StoredTensor>): Model['tensors'] =>
  Object.assign(Object.create(null), Object.fromEntries(tensors));
