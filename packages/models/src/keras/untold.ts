import type { StoredTensor } from '@congruent/runtime';
import type { RecurrentConfig } from './config.ts';
import type { LegacyWeights } from './legacy.ts';
import { type NamedTensor, roleOf } from './weights.ts';

/** A layer of a file without a config, as far as its weights tell. */
interface Untold {
  readonly recurrent: RecurrentConfig;
  readonly weights: readonly NamedTensor[];
}

/** By how many blocks of columns there are for each unit. */
const KINDS: ReadonlyMap<number, RecurrentConfig['kind']> = new Map([
  [1, 'RNN'],
  [3, 'GRU'],
  [4, 'LSTM'],
]);

/** Where no bias tells, both GRUs have the same weights. */
const NO_BIAS = 'the file has no config, and without a bias its weights do not tell reset_after';
/** Keras 2.3 made sigmoid of the hard_sigmoid that GRU and LSTM had for their gates. */
const OLD_GATES =
  'the file has no config, and whether its gates are sigmoid or hard_sigmoid, as in TensorFlow.js and Keras before 2.3, is not in it';

/**
 * The recurrent layers of a file of weights alone. Kind and sizes follow from the shapes, `reset_after` from that of the
 * bias. Activations, direction and merge mode are not in the file: they are Keras's defaults, as they are PyTorch's in a
 * state dict, but where the defaults have changed.
 *
 * @param layers   the weights by layers, in files that say so
 * @param version  of Keras, where the file has it
 */
export function untoldLayers(
  tensors: ReadonlyMap<string, StoredTensor>,
  layers: LegacyWeights,
  version: string | undefined,
): readonly Untold[] {
  const groups = layers.size > 0 ? [...legacyGroups(layers)] : inOrder(keras3Groups(tensors));
  return groups.flatMap(([name, weights]) => untold(name, weights, version) ?? []);
}

function untold(name: string, weights: readonly NamedTensor[], version: string | undefined): Untold | undefined {
  const roles = weights.map((each) => roleOf(each.name));
  const shape = weights[roles.indexOf('recurrent_kernel')]?.tensor.shape;
  const kind = KINDS.get(shape ? shape[1]! / shape[0]! : Number.NaN);
  // A layer of its user's has others besides, or convolutes.
  if (!kind || shape!.length !== 2 || roles.includes(undefined)) return undefined;
  const bias = roles.includes('bias');
  const notes = [
    ...(kind === 'GRU' && !bias ? [NO_BIAS] : []),
    ...(kind !== 'RNN' && before23(version) ? [OLD_GATES] : []),
  ];
  const both = roles.filter((role) => role === 'recurrent_kernel').length === 2;
  const config = { recurrent_activation: 'sigmoid' };
  const merge = both ? ({ merge: 'concat' } as const) : {};
  return { recurrent: { name, kind, config, place: [], notes, ...merge }, weights };
}

/** TensorFlow's own Keras called itself 2.2.4-tf until 2.3, on both sides of the change. */
function before23(version: string | undefined): boolean {
  const [major, minor] = (version ?? '3').split('.').map((part) => Number.parseInt(part, 10));
  return major! < 2 || (major === 2 && minor! < 3);
}

/** A layer, or in a model inside the model what has a name before that of the cell. */
function legacyGroups(layers: LegacyWeights): ReadonlyMap<string, NamedTensor[]> {
  const groups = new Map<string, NamedTensor[]>();
  for (const [layer, weights] of layers) {
    const recurrent = weights.filter(({ name }) => /recurrent_kernel/.test(name));
    const several = recurrent.length > (weights.some(({ name }) => /(^|\/)backward_/.test(name)) ? 2 : 1);
    for (const weight of weights) {
      const inner = weight.name
        .split('/')
        .slice(0, -1)
        .filter((part) => !/_cell(_\d+)?$|^(for|back)ward_/.test(part));
      const name = several ? [layer, ...inner.filter((part) => part !== layer)].join('/') : layer;
      groups.set(name, [...(groups.get(name) ?? []), weight]);
    }
  }
  return groups;
}

/** HDF5 has the groups in the order of the alphabet, in which lstm_10 comes before lstm_2. */
const inOrder = <T>(groups: ReadonlyMap<string, T>): (readonly [string, T])[] =>
  [...groups].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));

/** `layers/lstm_1/cell/vars/0`, and in two directions `layers/bidirectional/forward_layer/cell/vars/0`. */
function keras3Groups(tensors: ReadonlyMap<string, StoredTensor>): ReadonlyMap<string, NamedTensor[]> {
  const groups = new Map<string, NamedTensor[]>();
  for (const [path, tensor] of tensors) {
    const parts = /^(?!optimizer\/)(.*?)(?:\/(forward_layer|backward_layer))?\/cell\/vars\/([012])$/.exec(path);
    if (!parts) continue;
    const [, name = '', direction = '', k] = parts;
    const role = ['kernel', 'recurrent_kernel', 'bias'][Number(k)];
    groups.set(name, [...(groups.get(name) ?? []), { name: `${direction}/${role}`, tensor }]);
  }
  return groups;
}
