import type { EngineOptions } from '../backend/engine.ts';
import type { DeclaredSupports } from '../backend/supports.ts';
import { CongruentError } from '../errors.ts';
import type { Hints } from '../hints/hints.ts';
import type { DType } from '../tensor.ts';
import { flag, positive, type Rule, type Rules, resolve } from './option-rules.ts';

/** What `create` of every class takes. */
export interface CommonOptions {
  /** Element type of parameters, inputs and results. `float64` where `backend.supports.float64`. Default: `float32`. */
  readonly dtype?: DType | undefined;
  /** Decides the initial parameters and the dropout masks: a safe integer. The same on every backend. Default: 0. */
  readonly seed?: number | undefined;
}

/** What `create` of every class of layers takes. */
export interface LayerOptions extends CommonOptions {
  /** Layers, each fed with the output of the one below, at most 1024. Default: 1. */
  readonly numLayers?: number | undefined;
  /** Inputs and outputs are [B, T, …] and not [T, B, …]; states are not affected. Default: false. */
  readonly batchFirst?: boolean | undefined;
  /**
   * Probability, 0 to 1, that an element of a layer's output is zeroed on its way to the layer above, in training mode.
   * The last layer's output is never masked, so with one layer this has no effect. Default: 0.
   */
  readonly dropout?: number | undefined;
  /** A second direction, from the last step to the first; features of the output double. Default: false. */
  readonly bidirectional?: boolean | undefined;
}

/** The options with every default filled in. */
export type Resolved<O> = { readonly [K in keyof O]-?: Exclude<O[K], undefined> };

/** What checking options needs to know of a backend. */
export interface OptionsOf {
  readonly name: string;
  readonly supports: DeclaredSupports;
  readonly options: Rules;
  readonly hints?: Hints | undefined;
}

/** The element type of a layer. */
export const DTYPE: Rule = {
  fallback: 'float32',
  accepts: (value) => value === 'float32' || value === 'float64',
  expected: "'float32' or 'float64'",
};

/** How exactly a backend computes that has the choice; for its own options. */
export const MATH: Rule = {
  fallback: 'exact',
  accepts: (value) => value === 'exact' || value === 'relaxed',
  expected: "'exact' or 'relaxed'",
};

/** How many threads share the work of a call, of a backend that has threads. */
export const THREADS: Rule = {
  fallback: 1,
  accepts: (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 256,
  expected: 'an integer from 1 to 256',
};

/** What random numbers follow from. */
export const SEED: Rule = {
  fallback: 0,
  accepts: Number.isSafeInteger,
  expected: 'a safe integer',
};

/** The rules of every class. */
export const COMMON_RULES: Readonly<Record<keyof CommonOptions, Rule>> = { dtype: DTYPE, seed: SEED };

/** Far beyond what is trained, and as many as are made without a wait. */
export const MAX_LAYERS = 1024;

/** Made when a class is defined, so that bundles of cells alone do without. */
export const layerRules = (): Readonly<Record<keyof LayerOptions, Rule>> => ({
  ...COMMON_RULES,
  numLayers: positive('num_layers', 1, MAX_LAYERS),
  batchFirst: flag(false),
  dropout: {
    fallback: 0,
    accepts: (value) => typeof value === 'number' && value >= 0 && value <= 1,
    expected: 'a number from 0 to 1',
    torch: 'dropout should be a number in range [0, 1] representing the probability of an element being zeroed',
  },
  bidirectional: flag(false),
});

/**
 * Checks the options of `create` and fills in defaults.
 *
 * @param where  the start of an error message, e.g. `GRU.create`
 * @throws CONGRUENT_OPTION, CONGRUENT_UNSUPPORTED
 */
export function resolveOptions<O>(
  where: string,
  rules: Rules,
  given: unknown,
  backend: OptionsOf,
): Resolved<O> & EngineOptions {
  const options = resolve(where, { ...rules, ...backend.options }, given, [], backend.hints?.option);
  if (options['dtype'] === 'float64' && !backend.supports.float64) {
    throw new CongruentError(
      'CONGRUENT_UNSUPPORTED',
      `${where}: backend '${backend.name}' has no float64 (backend.supports.float64 is false). Use 'float32'.`,
    );
  }
  return options as Resolved<O> & EngineOptions;
}
