import type { StoredTensor } from '@congruent/runtime';
import { formatError, shortened } from '../errors.ts';
import type { Contents, Layer } from '../model.ts';
import { isObject, type JSONObject, type PrintedTensor, tensorOfLists, typeName } from './lists.ts';
import { recurrentLayer } from './recurrent.ts';

const KIND = 'RTNeural';

/** What Keras calls the weights of a layer, in the order of `get_weights`, as files have them. */
const WEIGHTS: Readonly<Record<string, readonly string[]>> = {
  dense: ['kernel', 'bias'],
  'time-distributed-dense': ['kernel', 'bias'],
  conv1d: ['kernel', 'bias'],
  gru: ['kernel', 'recurrent_kernel', 'bias'],
  lstm: ['kernel', 'recurrent_kernel', 'bias'],
};

/** Other layers, which give as much as they take; of what the rest give, such as planes, the shape does not tell the width. */
const SAME_WIDTH: ReadonlySet<string> = new Set(['activation', 'prelu', 'batchnorm']);

/** Numbers that AIDA-X has beside the layers: y = out_gain · (net(in_gain · x) + in_skip · in_gain · x), gains in dB. */
const NUMBERS = ['in_skip', 'in_gain', 'out_gain'];

/**
 * Reads layers as Keras has them (RTNeural/model_loader.h of jatinchowdhury18/RTNeural): kernels are [inputs, outputs], gates
 * are blocks of columns. Tensors are `layers.0.kernel` and so on, recurrent layers `layers.1`.
 *
 * @throws MODEL_FORMAT where weights are no tensors, or do not fit the shape that the layer says it has
 */
export function readLayers(json: JSONObject): Contents {
  const { layers: list } = json;
  if (!Array.isArray(list)) throw formatError(KIND, 'layers', `${typeName(list)} where a list is expected`, REMEDY);
  const tensors: Record<string, StoredTensor> = Object.create(null);
  const layers: Layer[] = [];
  let inputs = lastOf(json['in_shape']);
  list.forEach((layer: unknown, index) => {
    if (!isObject(layer))
      throw formatError(KIND, `layers[${index}]`, `${typeName(layer)} where an object is expected`, REMEDY);
    const type = typeof layer['type'] === 'string' ? layer['type'] : '';
    const place = `layers[${index}] (${type === '' ? 'no type' : shortened(type)})`;
    const weights = weightsOf(layer, type, place);
    for (const [name, tensor] of weights) tensors[`layers.${index}.${name}`] = tensor;
    const units = lastOf(layer['shape']);
    if (Object.hasOwn(WEIGHTS, type)) checkShapes(layer, type, place, inputs, units, [...weights.values()]);
    if (type === 'gru' || type === 'lstm') layers.push(recurrentLayer(`layers.${index}`, type, layer, weights));
    if (Object.hasOwn(WEIGHTS, type)) inputs = units;
    else if (!SAME_WIDTH.has(type)) inputs = undefined;
  });
  for (const name of NUMBERS) if (typeof json[name] === 'number') tensors[name] = tensorOfLists(KIND, name, json[name]);
  return { tensors, layers };
}

const REMEDY = 'Export the model again';

/** The last number of a shape, [null, null, 16]: how wide it is; undefined where it says nothing. */
function lastOf(shape: unknown): number | undefined {
  const last: unknown = Array.isArray(shape) ? shape.at(-1) : undefined;
  return Number.isSafeInteger(last) && (last as number) > 0 ? (last as number) : undefined;
}

/** More than a layer of Keras has; each takes far more memory than the file may have for it. */
const MOST_WEIGHTS = 16;

/** The weights of a layer, by name; those of layers of other types by number. */
function weightsOf(layer: JSONObject, type: string, place: string): ReadonlyMap<string, PrintedTensor> {
  const names = (Object.hasOwn(WEIGHTS, type) && WEIGHTS[type]) || [];
  const { weights = [] } = layer;
  if (!Array.isArray(weights))
    throw formatError(KIND, `${place}, weights`, `${typeName(weights)} where a list is expected`, REMEDY);
  if (weights.length > MOST_WEIGHTS)
    throw formatError(KIND, `${place}, weights`, `${weights.length} tensors, more than any layer has`, REMEDY);
  return new Map(
    weights.map((each, i) => [names[i] ?? `weights.${i}`, tensorOfLists(KIND, `${place}, weights[${i}]`, each)]),
  );
}

/** Whether the weights of a layer are those of its units, and of what comes in. */
function checkShapes(
  layer: JSONObject,
  type: string,
  place: string,
  inputs: number | undefined,
  units: number | undefined,
  weights: readonly PrintedTensor[],
): void {
  if (units === undefined)
    throw formatError(KIND, `${place}, shape`, `${typeName(layer['shape'])} that ends with no number of units`, REMEDY);
  const given = weights.map(({ shape }) => shape);
  const wanted = shapesOf(layer, type, inputs ?? given[0]?.at(-2) ?? 1, units, given);
  // A layer without a bias has one tensor fewer.
  const fits = given.length >= wanted.length - 1 && given.every((shape, i) => String(shape) === String(wanted[i]));
  if (fits) return;
  const of = inputs === undefined ? '' : ` for ${inputs} inputs`;
  const problem = `its shape says ${units} units${of}, whose weights are ${printed(wanted)}; it has ${printed(given)}`;
  throw formatError(KIND, place, problem, 'Correct the shape, or export the model again');
}

const printed = (shapes: readonly (readonly number[])[]): string =>
  shapes.length === 0 ? 'none' : shapes.map((shape) => `[${shape.join(', ')}]`).join(', ');

/** The shapes of the weights of a layer. */
function shapesOf(
  layer: JSONObject,
  type: string,
  inputs: number,
  units: number,
  given: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  switch (type) {
    case 'gru': {
      const columns = 3 * units;
      // A second bias acts in the recurrent product, before the reset gate: reset_after of Keras.
      return [[inputs, columns], [units, columns], given[2]?.length === 1 ? [columns] : [2, columns]];
    }
    case 'lstm':
      return [[inputs, 4 * units], [units, 4 * units], [4 * units]];
    case 'conv1d': {
      const { groups = 1 } = layer;
      const kernel = [lastOf(layer['kernel_size']) ?? given[0]?.[0] ?? 1, inputs / Number(groups), units];
      return [kernel, [units]];
    }
    default:
      return [[inputs, units], [units]];
  }
}
