import { readFile } from 'node:fs/promises';
import { CongruentError, readSafetensors, type StateDict } from '@congruent/runtime';

/** A file of weights. */
export interface WeightsFile {
  /** As it was given. */
  readonly path: string;
  readonly tensors: StateDict;
}

/**
 * Reads a .safetensors file.
 *
 * @throws CongruentError EXPORT_WEIGHTS where it cannot be read; SAFETENSORS_FORMAT
 */
export async function readWeights(path: string): Promise<WeightsFile> {
  const bytes = await readFile(path).catch((cause: Error) => {
    const problem = `${path} cannot be read: ${cause.message}`;
    throw new CongruentError('EXPORT_WEIGHTS', `${problem}. Give a file that safetensors wrote.`, { cause });
  });
  return { path, tensors: readSafetensors(bytes).tensors };
}
