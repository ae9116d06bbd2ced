import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { type Model, readModel } from '@congruent/models';
import { CongruentError } from '@congruent/runtime';
import { reasonOf } from '../files/system-error.ts';

/** A model file of the user's, read. */
export interface ModelFile extends Model {
  /** As it was given. */
  readonly path: string;
  /** The names that it has for the files that it refers to, each with the path that was read. */
  readonly files: ReadonlyMap<string, string>;
  /** The folder of these files, where one was given. */
  readonly folder: string | undefined;
}

/**
 * Reads a model file and what it refers to, which lies beside it.
 *
 * @param folder  where the files that it refers to lie; default: its own. None is read from outside
 * @throws CongruentError MODEL_FILES where one of them cannot be read; what `readModel` throws
 */
export async function openModel(path: string, folder?: string): Promise<ModelFile> {
  const bytes = await bytesOf(path, 'Give a model file');
  const files: Record<string, Uint8Array> = {};
  const paths = new Map<string, string>();
  for (;;) {
    try {
      return { path, files: paths, folder, ...(await readModel(bytes, { name: path, files })) };
    } catch (error) {
      const name = missingFile(error);
      if (name === undefined || paths.has(name)) throw error;
      const found = await pathBelow(folder ?? dirname(path), name, path);
      files[name] = await bytesOf(found, `${path} refers to it: put it there, or say where it is: --files DIR`);
      paths.set(name, found);
    }
  }
}

/** The name of the file that an error says is missing. */
function missingFile(error: unknown): string | undefined {
  const { code, file } = error as { readonly code?: unknown; readonly file?: unknown };
  return code === 'MODEL_FILES' && typeof file === 'string' ? file : undefined;
}

/** Links are followed, but not out of the folder: a model file may come from anyone. */
async function pathBelow(folder: string, name: string, model: string): Promise<string> {
  const path = join(folder, name);
  const real = (each: string): Promise<string> => realpath(each).catch(() => resolve(each));
  if (isBelow(resolve(folder), resolve(path)) && isBelow(await real(folder), await real(path))) return path;
  const problem = `${model} refers to ${JSON.stringify(name)}, which lies outside of the folder ${JSON.stringify(folder)}, or links out of it`;
  throw new CongruentError('MODEL_UNSAFE', `${problem}. Nothing there is read. Put what it needs into that folder.`);
}

const isBelow = (folder: string, path: string): boolean =>
  path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

async function bytesOf(path: string, remedy: string): Promise<Uint8Array> {
  try {
    // Of a folder, or of a pipe, reading might fail late, or never end.
    if (!(await stat(path)).isFile()) throw new Error('it is no file');
    return await readFile(path);
  } catch (cause) {
    const problem = `${path} cannot be read: ${reasonOf(cause)}`;
    throw new CongruentError('MODEL_FILES', `${problem}. ${remedy}.`, { cause });
  }
}
