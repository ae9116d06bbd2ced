import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CongruentError } from '@congruent/runtime';
import { reasonOf } from '../files/system-error.ts';

/** What happens to a file. */
export interface Change {
  readonly path: string;
  /** What the file is to hold; without it, it is to go. */
  readonly bytes: Buffer | undefined;
  /** `removed`: nothing makes this file any more. */
  readonly status: 'unchanged' | 'written' | 'removed';
}

/**
 * What is to happen to the files that are wanted, then to those that are there and are not.
 *
 * @param wanted  what they are to hold, by path
 */
export async function changesOf(
  wanted: ReadonlyMap<string, Buffer>,
  there: readonly string[],
): Promise<readonly Change[]> {
  const made = [...wanted].map(async ([path, bytes]): Promise<Change> => {
    const same = (await read(path))?.equals(bytes) ?? false;
    return { path, bytes, status: same ? 'unchanged' : 'written' };
  });
  const gone = there.filter((path) => !wanted.has(path)).sort();
  return [
    ...(await Promise.all(made)),
    ...gone.map((path) => ({ path, bytes: undefined, status: 'removed' }) satisfies Change),
  ];
}

/** Makes the changes: everything is written beside its place before the first file is replaced or removed. */
async function apply(changes: readonly Change[]): Promise<void> {
  const written = changes.filter(({ status }) => status === 'written');
  const beside = ({ path }: Change): string => join(dirname(path), `.${basename(path)}.part`);
  try {
    for (const change of written) {
      if (await isFolder(change.path)) throw Object.assign(new Error(), { code: 'EISDIR' });
      await makeFolder(dirname(change.path));
      await writeFile(beside(change), change.bytes!);
    }
  } catch (error) {
    for (const change of written) await rm(beside(change), { force: true }).catch(() => undefined);
    throw error;
  }
  for (const { path, status } of changes) if (status === 'removed') await rm(path);
  for (const change of written) await rename(beside(change), change.path);
}

/** Where a file stands in the way, that it exists, as the system says, would seem to be of what is to be written. */
async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? Object.assign(error, { code: 'ENOTDIR' }) : error;
  });
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (there) => there.isDirectory(),
    () => false,
  );

/**
 * Makes the changes to files of the user's.
 *
 * @param out     as it was given
 * @param remedy  what the user can do where that cannot be written
 * @throws CongruentError OUTPUT_FOLDER where it cannot be written; nothing was then
 */
export async function write(
  changes: readonly Change[],
  out: string,
  remedy = 'Give another folder: --out DIR',
): Promise<void> {
  try {
    await apply(changes);
  } catch (cause) {
    const problem = `${out} cannot be written: ${reasonOf(cause)}`;
    throw new CongruentError('OUTPUT_FOLDER', `${problem}. ${remedy}`, { cause });
  }
}

/** The files below a folder; none where there is no such folder. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((entry) => !entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
}

/** A file's bytes, or undefined where there is none. */
export const read = (path: string): Promise<Buffer | undefined> => readFile(path).catch(() => undefined);
