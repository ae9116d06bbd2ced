import { dictEntries } from '../dict.ts';
import { CongruentError, describe } from '../errors.ts';
import type { StoredTensor } from '../formats/elements.ts';
import { flag, type Rule, TEXT } from '../options/option-rules.ts';
import type { Resolved } from '../options/options.ts';
import { checkTensor, converted, type DType, type FloatArray, shapeText, type Tensor } from '../tensor.ts';
import type { Parameter, Weights } from './parameters.ts';

/** Parameters by torch's names, e.g. `weight_ih_l0`, as `stateDict()` gives them. */
export type StateDict = Readonly<Record<string, Tensor>>;

/**
 * Tensors by name as a file has them, which layers load. Some may have other element types, such as counts of steps, and be
 * nobody's parameter.
 */
export type StoredStateDict = Readonly<Record<string, Pick<StoredTensor, 'data' | 'shape'>>>;

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

/** A dict that does not fit. */
export interface Misfit {
  /** The class, e.g. `GRU`. */
  readonly module: string;
  /** What it needs. */
  readonly parameters: readonly Parameter[];
  /** All that was given. */
  readonly given: unknown;
  readonly prefix: string;
}

/** Says why a dict does not fit and what to do, where that can be told. */
export type DictHint = (misfit: Misfit) => string | undefined;

/** The rules of the options that say how a dict is read; the layout's are its backend's. */
export const LOAD_RULES: Readonly<Record<'strict' | 'prefix', Rule>> = { strict: flag(true), prefix: TEXT };

/** What those rules make of the options. */
export type ReadOptions = Resolved<Pick<LoadOptions, 'strict' | 'prefix'>>;

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
 * @param hint     says why a dict does not fit, where that can be told
 * @throws CONGRUENT_STATE_DICT with torch's message, listing everything that is wrong at once
 */
export function readStateDict(
  module: string,
  parameters: readonly Parameter[],
  current: () => Weights,
  given: unknown,
  { strict, prefix }: ReadOptions,
  dtype: DType,
  hint?: DictHint,
): LoadResult & { readonly weights: Weights } {
  const dict = withoutPrefix(`${module}.loadStateDict`, given, prefix);
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
        `Nothing was loaded.${hint?.({ module, parameters, given, prefix }) ?? ''}` +
        // Where one is missing it would keep its random values.
        `${weights.size === known.length ? ' Pass { strict: false } to skip these names.' : ''}`,
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
  const entries = dictEntries(dict);
  if (!entries) {
    throw new CongruentError(
      'CONGRUENT_STATE_DICT',
      `${where}: Expected state_dict to be dict-like, got ${describe(dict)}.`,
    );
  }
  const named = entries.filter(([name]) => name.startsWith(prefix));
  return new Map(named.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** The values, or what is wrong with them in torch's words. */
function readParameter({ name, shape }: Parameter, value: unknown, dtype: DType): FloatArray | string {
  let given: Tensor;
  try {
    given = checkTensor(name, value);
  } catch (error) {
    return `While copying the parameter named "${name}": ${(error as Error).message}`;
  }
  const got = shapeText(given.shape);
  if (got === shapeText(shape) || (shape.length === 0 && got === '[1]')) return converted(dtype, given.data);
  return (
    `size mismatch for ${name}: copying a param with shape torch.Size(${got}) from checkpoint, ` +
    `the shape in current model is torch.Size(${shapeText(shape)}).`
  );
}

/** Names as torch lists them, as many as are read. */
export const quoted = (names: readonly string[]): string =>
  names.slice(0, 8).map(describe).join(', ') + (names[8] ? ` and ${names.length - 8} more` : '');
