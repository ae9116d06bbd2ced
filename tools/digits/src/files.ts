import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { getSystemErrorMap } from 'node:util';
import { CongruentError } from '@congruent/runtime';
import { UsageError } from './usage.ts';

/** Does something with a file; what is wrong with it is said with its name. `verb`: what was wanted, as in "cannot be read". */
export async function withFile<T>(path: string | URL, verb: 'read' | 'written', act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof CongruentError) throw new UsageError(`${path}: ${error.message}`);
    const { errno } = error as NodeJS.ErrnoException;
    if (errno === undefined) throw error;
    const [, reason] = getSystemErrorMap().get(errno)!;
    throw new UsageError(`${path} cannot be ${verb}: ${reason}.`);
  }
}

/** The bytes of a file; undefined where there is none. */
export const readIfThere = (path: string | URL): Promise<Uint8Array | undefined> =>
  withFile(path, 'read', () =>
    readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    }),
  );

/** Finds out whether bytes can be written to a path, and leaves what is there as it is. */
export const tryToWrite = (path: string, bytes: Uint8Array): Promise<void> =>
  withFile(path, 'written', async () => {
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory()) throw new UsageError(`${path} cannot be written: this is a folder.`);
    await writeBeside(path, bytes, (unfinished) => rm(unfinished));
  });

/** Writes a file so that it is the old one or the new one, whole, whenever the program or the machine stops. */
export const replaceFile = (path: string, bytes: Uint8Array): Promise<void> =>
  withFile(path, 'written', () => writeBeside(path, bytes, (unfinished) => rename(unfinished, path)));

/** Writes bytes to the disk beside a path, and does something with that file, of which nothing is left otherwise. */
async function writeBeside(
  path: string,
  bytes: Uint8Array,
  then: (unfinished: string) => Promise<void>,
): Promise<void> {
  const unfinished = `${path}.part`;
  try {
    await writeFile(unfinished, bytes, { flush: true });
    await then(unfinished);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {}); // the first refusal is the one to report
    throw error;
  }
}
