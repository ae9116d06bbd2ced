import type { Activation } from '../layers/own-cell.ts';
import { isJson, type Json, setting, snakeCase, textOf } from './json.ts';

/** Of whose making a config is: they differ in what hard_sigmoid is, and in what is meant where a key is missing. */
export type Dialect = 'keras 1 or 2' | 'keras 3' | 'tfjs';

/** By `keras_version` of a file, and where there is none by the `module` that Keras 3 gives each object. */
export function dialectOf(version: string | undefined, model?: Json): Dialect {
  if (version !== undefined) return Number.parseInt(version, 10) >= 3 ? 'keras 3' : 'keras 1 or 2';
  return model && textOf(model, 'module') !== undefined ? 'keras 3' : 'keras 1 or 2';
}

/** What the names of Keras stand for, where they need numbers. */
const NUMBERS: Readonly<Record<string, Omit<Activation, 'name'>>> = {
  elu: { alpha: 1 },
  leaky_relu: { alpha: 0.2 },
};

/** clip(x / 6 + 0.5, 0, 1) since Keras 3, clip(0.2 x + 0.5, 0, 1) before and in TensorFlow.js. */
const hardSigmoid = (dialect: Dialect): Activation => ({
  name: 'hard_sigmoid',
  alpha: dialect === 'keras 3' ? 1 / 6 : 0.2,
  beta: 0.5,
});

/** The activation that a layer's config names; `null` is none at all. One that is not Keras's own keeps its name. */
export function activationOf(config: Json, key: string, missing: string, dialect: Dialect): Activation {
  const value = setting(config, key);
  if (value === null) return { name: 'linear' };
  const name = value === undefined ? missing : typeof value === 'string' ? snakeCase(value) : nameOf(value);
  return name === 'hard_sigmoid' ? hardSigmoid(dialect) : { name, ...NUMBERS[name] };
}

/** A function or a layer of its user's, or one with numbers of its own. */
function nameOf(value: unknown): string {
  if (!isJson(value)) return 'unnamed';
  const config = setting(value, 'config');
  return `custom ${typeof config === 'string' ? config : (textOf(value, 'class_name') ?? 'function')}`;
}
