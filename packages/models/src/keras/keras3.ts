import type { StoredTensor } from '@congruent/runtime';
import type { RecurrentConfig } from './config.ts';
import { type NamedTensor, wrong } from './weights.ts';

/** The weights of a cell are numbered, in this order. */
const ROLES = ['kernel', 'recurrent_kernel', 'bias'];

/**
 * The weights of a layer in `model.weights.h5`, whose groups are named after the class of a layer and how many of it came
 * before, not after the layer: `layers/lstm_1/cell/vars/0`. Keras 2.13 called the first group otherwise.
 *
 * @throws MODEL_FORMAT
 */
export function keras3Weights(
  tensors: ReadonlyMap<string, StoredTensor>,
  { name, place, merge }: RecurrentConfig,
): readonly NamedTensor[] {
  const directions = merge === undefined ? [''] : ['forward_layer', 'backward_layer'];
  const found = directions.flatMap((direction) => cellWeights(tensors, [...place, direction]));
  if (found.length > 0) return found;
  const path = place.join('/');
  throw wrong({ file: 'Keras', layer: name }, `there are no weights in ${path}/${directions[0]}`.replace(/\/$/, ''));
}

/**
 * Tensors by paths with slashes. On Windows Keras 2.12 to 2.15 joined the names of groups as those of folders, so that one
 * group is called `layers\\lstm\\cell`.
 */
export const withSlashes = (tensors: ReadonlyMap<string, StoredTensor>): ReadonlyMap<string, StoredTensor> =>
  new Map(Array.from(tensors, ([path, tensor]) => [path.replaceAll('\\', '/'), tensor]));

function cellWeights(tensors: ReadonlyMap<string, StoredTensor>, place: readonly string[]): NamedTensor[] {
  const path = place.filter((part) => part !== '').join('/');
  const older = path.replaceAll(/(^|\/)layers(?=\/)/g, '$1_layer_checkpoint_dependencies');
  return ROLES.flatMap((role, k) => {
    const tensor = tensors.get(`${path}/cell/vars/${k}`) ?? tensors.get(`${older}/cell/vars/${k}`);
    return tensor ? [{ name: `${place.at(-1)}/${role}`, tensor }] : [];
  });
}
