import { missingFileError, shortened, unsafeError } from '../errors.ts';
import { isJson, type Json } from '../keras/json.ts';
import type { NamedTensor } from '../keras/weights.ts';
import type { ModelFile } from '../model.ts';
import { damaged, weightsIn } from './weights.ts';

/**
 * The weights of all groups of the manifest, whose bytes are in files of their own.
 *
 * @throws MODEL_FILES for one that was not given, MODEL_UNSAFE where it lies outside the model's folder, MODEL_FORMAT
 */
export function manifestWeights(file: ModelFile, manifest: unknown): readonly NamedTensor[] {
  if (!Array.isArray(manifest)) throw damaged('', 'it has no weightsManifest');
  const taken = new Set<string>();
  return manifest.flatMap((group: unknown, k) => {
    const { paths, weights } = isJson(group) ? (group as Json) : {};
    const named = Array.isArray(paths) && paths.every((path): path is string => typeof path === 'string');
    if (!named || !Array.isArray(weights)) throw damaged(`weightsManifest, group ${k}`, 'it has no paths or weights');
    for (const path of paths) {
      const name = plain(path);
      if (taken.has(name)) throw damaged(`weightsManifest, group ${k}`, `it has ${shortened(name)} twice`);
      taken.add(name);
    }
    return weightsIn(joined(paths.map((path) => shard(file, path))), weights);
  });
}

/** `./` before a path is nobody's name. */
const plain = (path: string): string => path.replace(/^(\.\/)+/, '');

/** A file by the name that the manifest has for it. */
function shard({ files }: ModelFile, path: string): Uint8Array {
  for (const name of [path, plain(path)]) if (Object.hasOwn(files, name)) return files[name]!;
  const outside = /^([/\\]|[a-z][a-z0-9+.-]*:)|(^|[/\\])\.\.([/\\]|$)/i.test(path);
  if (!outside) throw missingFileError('TensorFlow.js', 'weightsManifest', path);
  throw unsafeError(
    'TensorFlow.js',
    'weightsManifest',
    `the path ${shortened(path)} leaves the folder of the model`,
    `It is not opened. If it is right, pass it: { files: { ${shortened(path)}: bytes } }`,
  );
}

function joined(parts: readonly Uint8Array[]): DataView {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return new DataView(bytes.buffer);
}
