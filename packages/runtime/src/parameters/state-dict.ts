import { CongruentError, describe } from '../errors.ts';
import { checkTensor, converted, type DType, type FloatArray, shapeText, type Tensor } from '../tensor.ts';
import type { Parameter, Weights } from './parameters.ts';

/** Parameters by torch's names, e.g. `weight_ih_l0`. */
export type StateDict = Readonly<Record<string, Tensor>>;

/** What a lenient `loadStateDict` skipped; both are empty for a strict one. */
export interface LoadResult {
  /** Parameters of the layer that the dict does not have; they keep their values. */
  readonly missingKeys: readonly string[];
  /** Names in the dict that the layer does not have. */
  readonly unexpectedKeys: readonly string[];
}

/** Copies of all parameters, in torch's order. */
export function writeStateDict(parameters: readonly Parameter[], weights: Weights): Record<string, Tensor> {
  const entries = parameters.map(({ name, shape }) => [name, { data: weights.get(name)!.slice(), shape: [...shape] }]);
  return Object.fromEntries(entries);
}

/**
 * The weights after loading `dict`, as copies in the layer's element type; nothing is changed.
 *
 * @param module   the name in torch's message, `GRU` or `GRUCell`
 * @param current  gives the weights that keep their values; called only where there are any
 * @throws CONGRUENT_STATE_DICT with torch's message, listing everything that is wrong at once
 */
export function readStateDict(
  module: string,
  parameters: readonly Parameter[],
  current: () => Weights,
  dict: unknown,
  strict: boolean,
  dtype: DType,
): LoadResult & { readonly weights: Weights } {
  if (dict === null || typeof dict !== 'object' || Array.isArray(dict)) {
    throw new CongruentError(
      'CONGRUENT_STATE_DICT',
      `${module}.loadStateDict: Expected state_dict to be dict-like, got ${describe(dict)}. ` +
        'Give an object of tensors by name, e.g. what stateDict() or readSafetensors(bytes).tensors gives.',
    );
  }
  const known = new Set(parameters.map(({ name }) => name));
  const missingKeys = [...known].filter((name) => !Object.hasOwn(dict, name));
  const unexpectedKeys = Object.keys(dict).filter((name) => !known.has(name));
  const problems: string[] = [];
  if (strict && missingKeys.length > 0) problems.push(`Missing key(s) in state_dict: ${quoted(missingKeys)}. `);
  if (strict && unexpectedKeys.length > 0)
    problems.push(`Unexpected key(s) in state_dict: ${quoted(unexpectedKeys)}. `);

  const weights = new Map(missingKeys.length > 0 && problems.length === 0 ? current() : []);
  for (const parameter of parameters) {
    if (!Object.hasOwn(dict, parameter.name)) continue;
    const value = (dict as Readonly<Record<string, unknown>>)[parameter.name];
    const loaded = readParameter(parameter, value, dtype);
    if (typeof loaded === 'string') problems.push(loaded);
    else weights.set(parameter.name, loaded);
  }
  if (problems.length > 0) {
    throw new CongruentError(
      'CONGRUENT_STATE_DICT',
      `Error(s) in loading state_dict for ${module}:\n\t${problems.join('\n\t')}\n` +
        `Nothing was loaded. ${remedy(missingKeys, unexpectedKeys)}`,
    );
  }
  return { weights, missingKeys, unexpectedKeys };
}

/** The values, or what is wrong with them in torch's words. */
function readParameter({ name, shape }: Parameter, value: unknown, dtype: DType): FloatArray | string {
  try {
    checkTensor(name, value);
  } catch (error) {
    return (
      `While copying the parameter named "${name}", expected torch.Tensor or Tensor-like object from checkpoint ` +
      `but received ${describe(value)} (${(error as Error).message}).`
    );
  }
  const given = value as Tensor;
  if (shapeText(given.shape) === shapeText(shape)) return converted(dtype, given.data);
  return (
    `size mismatch for ${name}: copying a param with shape torch.Size(${shapeText(given.shape)}) from checkpoint, ` +
    `the shape in current model is torch.Size(${shapeText(shape)}).`
  );
}

/** A checkpoint of a whole model has the layer's names behind a prefix; that is by far the commonest mistake. */
function remedy(missing: readonly string[], unexpected: readonly string[]): string {
  const first = missing[0];
  const prefix = first && unexpected.find((name) => name.endsWith(`.${first}`))?.slice(0, -first.length);
  if (prefix) {
    return `The dict has these names behind the prefix "${prefix}": take the entries that start with it and remove it.`;
  }
  return 'Create the layer with the options the weights were trained with, or pass { strict: false } to skip other names.';
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
