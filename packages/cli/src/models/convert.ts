import { resolve } from 'node:path';
import { CongruentError, type StoredStateDict, writeSafetensors } from '@congruent/runtime';
import { changesOf, write } from '../generate/changes.ts';
import { describeLayer } from './describe-layer.ts';
import { layerNamed } from './layer-named.ts';
import type { ModelFile } from './model-file.ts';
import { unreadLines } from './tensor-table.ts';

/**
 * Writes the tensors of a model file as .safetensors: all by their names in the file, or the parameters of one layer by
 * torch's names, or where it has a cell of its own by those of its first layout.
 *
 * @param layer  its name or number; without it, all tensors
 * @returns what to tell the user, line by line
 * @throws CongruentError MODEL_LAYER, OUTPUT_FOLDER, SAFETENSORS_FORMAT
 */
export async function convert(model: ModelFile, layer: string | undefined, out: string): Promise<readonly string[]> {
  if (resolve(out) === resolve(model.path)) {
    throw new CongruentError('OUTPUT_FOLDER', `${out} is the file that is read. Give another name: --out FILE`);
  }
  const found = layer === undefined ? undefined : layerNamed(model, layer);
  const tensors: StoredStateDict = found?.parameters ?? model.tensors;
  const bytes = Buffer.from(writeSafetensors(tensors));
  await write(await changesOf(new Map([[resolve(out), bytes]]), []), out, 'Give another name: --out FILE');
  const written = `${out}  ${bytes.length} bytes, ${Object.keys(tensors).length} tensors`;
  if (found) return [written, `of ${describeLayer(found)}`];
  return [written, ...unreadLines(model)];
}
