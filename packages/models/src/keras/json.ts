import { formatError } from '../errors.ts';
import { jsonValue } from '../json-value.ts';

/** An object of a file's JSON. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether a value is an object, not an array. */
export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws MODEL_FORMAT */
export function parseJson(kind: string, place: string, text: string | Uint8Array): Json {
  let value: unknown;
  try {
    value = jsonValue(text);
  } catch (cause) {
    throw formatError(kind, place, 'it is no JSON', 'It is cut off or damaged: get the whole file', { cause });
  }
  if (isJson(value)) return value;
  throw formatError(kind, place, 'an object was expected', 'It is damaged: save the model again');
}

/** A key of a config by its name in Keras; TensorFlow.js also takes its own, in camel case. */
export const setting = (config: Json, key: string): unknown =>
  Object.hasOwn(config, key) ? config[key] : config[key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())];

/** A text of a config. */
export function textOf(config: Json, key: string): string | undefined {
  const value = setting(config, key);
  return typeof value === 'string' ? value : undefined;
}

/** `SimpleRNN` as `simple_rnn`, in which Keras 3 names groups of weights and TensorFlow.js activations. */
export const snakeCase = (name: string): string =>
  name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
