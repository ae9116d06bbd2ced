import type { StoredTensor } from '@congruent/runtime';
import { shortened } from '../errors.ts';
import type { RecurrentConfig } from './config.ts';
import type { Hdf5 } from './hdf5/hdf5.ts';
import { type NamedTensor, roleOf, wrong } from './weights.ts';

/** The layers of a file of Keras 1 and 2, and of Keras 3's `.h5`, with the weights that they have, in their order. */
export type LegacyWeights = ReadonlyMap<string, readonly NamedTensor[]>;

/**
 * Weights by the layers of the model: `layer_names` and each layer's `weight_names` are attributes, which also tell the order.
 *
 * @param root  the group that they are in: `model_weights`, or the file itself where it has nothing else
 * @throws MODEL_FORMAT
 */
export function legacyWeights({ tensors, attributes }: Hdf5, root: string): LegacyWeights {
  const at = (...path: readonly string[]): string => path.filter((part) => part !== '').join('/');
  const names = (path: string, name: string): readonly string[] => {
    const texts = attributes.get(path);
    // A list beyond 64 kB, the most that an attribute may have, goes on in others, by number.
    const rest = [...(texts?.keys() ?? [])].filter((key) => key.replace(/\d+$/, '') === name && key !== name);
    const parts = rest.sort((a, b) => Number(a.slice(name.length)) - Number(b.slice(name.length)));
    return texts?.get(name) ?? parts.flatMap((key) => texts!.get(key)!);
  };
  const weightsOf = (layer: string): readonly NamedTensor[] =>
    names(at(root, layer), 'weight_names').flatMap((name) => {
      const tensor: StoredTensor | undefined = tensors.get(at(root, layer, name));
      if (tensor) return [{ name, tensor }];
      // Tables of words are weights of other layers, and no tensors.
      if (!roleOf(name)) return [];
      throw wrong({ file: 'Keras', layer }, `its weight ${shortened(name)} is not in the file`);
    });
  return new Map(names(root, 'layer_names').map((layer) => [layer, weightsOf(layer)]));
}

/** The weights of a layer: its group's, or where it lies in another model, those of that model's group that are named after it. */
export function legacyWeightsOf(layers: LegacyWeights, { name }: RecurrentConfig): readonly NamedTensor[] {
  const [outer, ...inner] = name.split('/');
  const own = layers.get(name);
  const all = own ?? layers.get(outer!);
  if (!all) throw wrong({ file: 'Keras', layer: name }, 'there is no group of its weights');
  const last = inner.at(-1);
  return own || last === undefined ? all : all.filter((weight) => weight.name.split('/').slice(0, -1).includes(last));
}
