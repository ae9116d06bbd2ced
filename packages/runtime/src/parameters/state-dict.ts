import { CongruentError, describe } from '../errors.ts';
import type { StoredTensor } from '../formats/elements.ts';
import { flag, type Rule, resolve, TEXT } from '../options/option-rules.ts';
import { checkTensor, converted, type DType, type FloatArray, shapeText, type Tensor } from '../tensor.ts';
import type { Parameter, Weights } from './parameters.ts';

/**
 * Tensors by torch's names, e.g. `weight_ih_l0`, as `stateDict()` or a file gives them. It may have tensors of other element
 * types, such as counts of steps, which are nobody's parameter.
 */
export type StateDict = Readonly<Record<string, Pick<StoredTensor, 'data' | 'shape'>>>;

/** Options of `loadStateDict`. */
export interface LoadOptions {
  /** Refuse missing and unknown names; without it they are skipped. Default: true. */
  readonly strict?: boolean | undefined;
  /** What stands before the names in the dict; entries without it are ignored. Default: ''. */
  readonly prefix?: string | undefined;
  /** How the dict has the parameters: one of the cell's layouts, e.g. `keras`. Default: the cell's own, as torch has it. */
  readonly layout?: string | undefined;
}

/** Options of `stateDict`. */
export interface StateDictOptions {
  /** One of the cell's layouts, e.g. `onnx`. Default: the cell's own, as torch has it. */
  readonly layout?: string | undefined;
}

/** The rules of the options that say how a dict is read; the layout's are its backend's. */
export const LOAD_RULES: Readonly<Record<'strict' | 'prefix', Rule>> = { strict: flag(true), prefix: TEXT };

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
 * The weights after loading a dict, as copies in the layer's element type; nothing is changed.
 *
 * @param module   the name in torch's message, `GRU` or `GRUCell`
 * @param current  gives the weights that keep their values; called only where there are any
 * @throws CONGRUENT_OPTION; CONGRUENT_STATE_DICT with torch's message, listing everything that is wrong at once
 */
export function readStateDict(
  module: string,
  parameters: readonly Parameter[],
  current: () => Weights,
  given: unknown,
  options: LoadOptions,
  dtype: DType,
): LoadResult & { readonly weights: Weights } {
  const where = `${module}.loadStateDict`;
  const { strict, prefix } = resolve(where, LOAD_RULES, options);
  const dict = withoutPrefix(where, given, prefix as string);
  const known = parameters.map(({ name }) => name);
  const missingKeys = known.filter((name) => !dict.has(name));
  const unexpectedKeys = [...dict.keys()].filter((name) => !known.includes(name));
  const problems: string[] = [];
  if (strict && missingKeys.length > 0) problems.push(`Missing key(s) in state_dict: ${quoted(missingKeys)}. `);
  if (strict && unexpectedKeys.length > 0)
    problems.push(`Unexpected key(s) in state_dict: ${quoted(unexpectedKeys)}. `);

  const weights = new Map(missingKeys.length > 0 && problems.length === 0 ? current() : []);
  for (const parameter of parameters) {
    if (!dict.has(parameter.name)) continue;
    const loaded = readParameter(parameter, dict.get(parameter.name), dtype);
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

/**
 * The entries of a dict whose names begin so, by the rest of their names.
 *
 * @param where  the start of an error message, e.g. `GRU.loadStateDict`
 * @throws CONGRUENT_STATE_DICT where it is no dict
 */
export function withoutPrefix(where: string, dict: unknown, prefix: string): ReadonlyMap<string, unknown> {
  if (dict === null || typeof dict !== 'object' || Array.isArray(dict)) {
    throw new CongruentError(
      'CONGRUENT_STATE_DICT',
      `${where}: Expected state_dict to be dict-like, got ${describe(dict)}. ` +
        'Give an object of tensors by name, such as stateDict() gives.',
    );
  }
  const entries = Object.entries(dict).filter(([name]) => name.startsWith(prefix));
  return new Map(entries.map(([name, value]) => [name.slice(prefix.length), value]));
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
  const isNumber = shape.length === 0 && shapeText(given.shape) === '[1]';
  if (isNumber || shapeText(given.shape) === shapeText(shape)) return converted(dtype, given.data);
  return (
    `size mismatch for ${name}: copying a param with shape torch.Size(${shapeText(given.shape)}) from checkpoint, ` +
    `the shape in current model is torch.Size(${shapeText(shape)}).`
  );
}

/** A checkpoint of a whole model has the layer's names behind a prefix; that is by far the commonest mistake. */
function remedy(missing: readonly string[], unexpected: readonly string[]): string {
  const [first] = missing;
  const prefix = first && unexpected.find((name) => name.endsWith(`.${first}`))?.slice(0, -first.length);
  if (prefix) return `The dict has these names behind a prefix: pass { prefix: '${prefix}' }.`;
  return 'Create the layer with the options the weights were trained with, or pass { strict: false } to skip other names.';
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
