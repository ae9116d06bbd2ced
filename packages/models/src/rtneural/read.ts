import { formatError } from '../errors.ts';
import { jsonValue } from '../json-value.ts';
import type { ModelFile, Reader } from '../model.ts';
import { readLayers } from './layers.ts';
import { isObject, type JSONObject } from './lists.ts';
import { readGuitarML, readStateDict } from './state-dict.ts';

/**
 * Reads what plugins for guitar amplifiers run: RTNeural's JSON of Keras layers, as AIDA-X has it too, its JSON of a state
 * dict of PyTorch, and that of GuitarML (Proteus, NeuralPi), which has such a dict inside.
 */
export const read: Reader = async (file) => {
  const json = parsed('RTNeural', file);
  if ('state_dict' in json) return readGuitarML(json);
  return 'layers' in json ? readLayers(json) : readStateDict(json);
};

/** The object that a JSON file is. */
export function parsed(kind: string, file: ModelFile): JSONObject {
  const remedy = 'Give the whole file, as the training program wrote it';
  let json: unknown;
  try {
    json = jsonValue(file.bytes);
  } catch (cause) {
    throw formatError(kind, '', `${file.name} is no JSON`, remedy, { cause });
  }
  if (!isObject(json)) throw formatError(kind, '', `${file.name} has no object at the top`, remedy);
  return json;
}
