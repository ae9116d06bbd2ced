import { decodeUTF8 } from '@congruent/runtime';
import { formatError } from './errors.ts';
import type { ModelFile, ModelFormat } from './model.ts';

/** What a file begins with. */
const startsWith = ({ bytes }: ModelFile, start: string, at = 0): boolean =>
  [...start].every((character, i) => bytes[at + i] === character.charCodeAt(0));

/** What the file is, by its bytes. */
export function detectFormat(file: ModelFile): ModelFormat {
  if (startsWith(file, '\x89HDF\r\n\x1a\n')) return 'keras';
  if (startsWith(file, 'PK')) return isKerasZip(file) ? 'keras' : 'pytorch';
  if (startsWith(file, '\x80')) return 'pytorch';
  if (startsWith(file, '{', 8)) return 'safetensors';
  const json = jsonOf(file);
  if (json) return formatOfJson(file, json);
  if (startsWith(file, '\x08')) return 'onnx';
  throw formatError('unknown', '', `${file.name} is no model file that is read`, `Give one of: ${KINDS}`);
}

const KINDS =
  '.safetensors, PyTorch .pt or .pth, .onnx, Keras .keras or .h5, model.json of TensorFlow.js, RTNeural .json, .nam';

/** The names of a zip archive's records stand in it as they are. */
const isKerasZip = (file: ModelFile): boolean => file.bytes.some((_, at) => startsWith(file, 'model.weights.h5', at));

function jsonOf(file: ModelFile): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(decodeUTF8(file.bytes));
    return json !== null && typeof json === 'object' ? (json as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function formatOfJson(file: ModelFile, json: Readonly<Record<string, unknown>>): ModelFormat {
  if ('modelTopology' in json || 'weightsManifest' in json) return 'tfjs';
  if ('architecture' in json && 'weights' in json) return 'nam';
  if ('layers' in json || 'state_dict' in json) return 'rtneural';
  throw formatError('JSON', '', `${file.name} has none of the keys of a model`, `Give one of: ${KINDS}`);
}
