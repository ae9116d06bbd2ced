import { kindOfFile } from '@congruent/runtime';
import { formatError, shortened } from './errors.ts';
import { jsonValue } from './json-value.ts';
import type { ModelFile, ModelFormat } from './model.ts';
import { zipNames } from './zip-directory.ts';

/**
 * What the file is, by its bytes.
 *
 * @throws MODEL_FORMAT where it is none that is read, saying what it is instead
 */
export function detectFormat(file: ModelFile): ModelFormat {
  if (startsWith(file, '\0\0\0\0{', 4)) return 'safetensors';
  if (startsWith(file, '\x89HDF\r\n\x1a\n')) return 'keras';
  if (startsWith(file, 'PK')) return formatOfZip(file);
  // A pickle in one of the protocols that torch.save has written.
  if (['\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05'].some((start) => startsWith(file, start))) return 'pytorch';
  const first = file.bytes.find((byte) => !JSON_SPACE.includes(byte));
  if (first === OPENING_BRACE || first === OPENING_BRACKET) return formatOfJson(file);
  // Messages of protobuf have no magic: ONNX begins with its version, and so does TensorFlow's, which is 1.
  if (startsWith(file, '\x08') && !startsWith(file, '\x08\x01\x12')) return 'onnx';
  throw otherKind(file);
}

/** What the file has at a place; each character is a byte. */
const startsWith = ({ bytes }: ModelFile, start: string, at = 0): boolean =>
  [...start].every((character, i) => bytes[at + i] === character.charCodeAt(0));

const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;

/** White space of JSON, and the mark of UTF-8, which is none. */
const JSON_SPACE = [0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf];

const GIVE =
  'Give one of: .safetensors, PyTorch .pt or .pth, .onnx, Keras .keras or .h5, model.json of TensorFlow.js, RTNeural .json, .nam';

/** As the runtime names it, with what to do about it. */
function otherKind({ name, bytes }: ModelFile): Error {
  const kind = isTesseract(bytes) ? TESSERACT : kindOfFile(bytes);
  if (kind === undefined) return formatError('unknown', '', `${shortened(name)} is no model file that is read`, GIVE);
  const [what = '', ...remedy] = kind.split('. ');
  return formatError('unknown', '', `${shortened(name)} is ${what}`, remedy.join('. '));
}

const TESSERACT =
  "a .traineddata of Tesseract, whose LSTMs are of its own format, which is not read. Give another tool's model";

/** It has no magic: how many parts there are, and where each begins, the first behind this table; -1 where there is none. */
function isTesseract(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = bytes.length < 4 ? 0 : view.getUint32(0, true);
  const end = 4 + 8 * parts;
  if (parts < 8 || parts > 64 || bytes.length < end) return false;
  const offsets = Array.from({ length: parts }, (_, k) => Number(view.getBigInt64(4 + 8 * k, true)));
  return Math.min(...offsets.filter((offset) => offset !== -1)) === end;
}

/** By the names of what is in it. One that is cut off has one name, the first, of which PyTorch's may be any. */
function formatOfZip(file: ModelFile): ModelFormat {
  const names = zipNames(file.bytes);
  if (names.some((name) => /^[^/]+\/data\.pkl$/.test(name))) return 'pytorch';
  if (names.some((name) => KERAS.includes(name))) return 'keras';
  if (names.some((name) => name.endsWith('.npy'))) throw otherKind(file);
  if (names.length < 2 && !names[0]?.includes('.')) return 'pytorch';
  const listed = names.slice(0, 5).map(shortened).join(', ');
  throw formatError(
    'zip',
    '',
    `${shortened(file.name)} is an archive of ${listed}${names.length > 5 ? ' …' : ''}, none of which a model file of PyTorch or Keras has`,
    'If a model is in it, unpack it and give that',
  );
}

/** What `model.save('model.keras')` puts into the archive. */
const KERAS: readonly string[] = ['model.weights.h5', 'metadata.json', 'config.json'];

function formatOfJson(file: ModelFile): ModelFormat {
  const json = parse(file);
  if ('modelTopology' in json || 'weightsManifest' in json) return 'tfjs';
  if ('architecture' in json && 'weights' in json) return 'nam';
  if ('layers' in json || 'state_dict' in json || Object.keys(json).some(isTorchName)) return 'rtneural';
  const keys = Object.keys(json).slice(0, 5).map(shortened).join(', ');
  throw formatError(
    'JSON',
    '',
    `${shortened(file.name)} has none of the keys of a model, but ${keys || 'none'}`,
    jsonRemedy(json),
  );
}

/** Of a recurrent layer in a state dict of PyTorch, which lies bare in the JSON that RTNeural has of it. */
const isTorchName = (key: string): boolean => /(^|\.)weight_ih(_l0)?$/.test(key);

function jsonRemedy(json: object): string {
  if ('weight_map' in json) return 'It is the index of several files: read each of those that it names';
  if ('class_name' in json) return 'It is the configuration of a Keras model without weights: save it as .keras';
  return GIVE;
}

function parse({ name, bytes }: ModelFile): object {
  try {
    // It begins with a brace or a bracket, so that it is an object.
    return jsonValue(bytes) as object;
  } catch (cause) {
    throw formatError(
      'JSON',
      '',
      `${shortened(name)} is not well-formed (${(cause as Error).message.slice(0, 120)})`,
      'It may be cut off: fetch or save it again',
      { cause },
    );
  }
}
