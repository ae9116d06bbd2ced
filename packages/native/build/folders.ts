import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { CongruentError } from '@congruent/runtime';
import { OBJECTS } from './paths.ts';

/**
 * Does work that needs a temporary folder, which is then removed.
 *
 * @throws CongruentError NATIVE_COMPILER where the system gives none
 */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = temporaryFolder();
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'congruent-native-'));
  } catch (cause) {
    const problem = `compiling takes a folder for temporary files, and ${tmpdir()} cannot be written`;
    const { message } = cause as Error;
    throw new CongruentError('NATIVE_COMPILER', `${problem} (${message}). Name another: TMPDIR=/path`, { cause });
  }
}

/** The folder of object files: in the package, for the next time, where they can be kept there. */
export const objectsOr = (temporary: string): string =>
  reasonAgainst(OBJECTS) === undefined ? OBJECTS : join(temporary, 'objects');

/**
 * Makes the folder of a file that is to be written.
 *
 * @throws CongruentError OUTPUT_FOLDER where the file cannot be written
 */
export function makeFolderOf(file: string): void {
  const isFolder = (): boolean => statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const reason = reasonAgainst(dirname(file)) ?? (isFolder() ? 'it is a folder' : undefined);
  if (reason === undefined) return;
  const remedy = 'Run this as the one whom the folder belongs to, or give another file: --out FILE';
  throw new CongruentError('OUTPUT_FOLDER', `${relative('.', file)} cannot be written (${reason}). ${remedy}`);
}

/** Why no file can be written into a folder, which is made where it is not there; undefined where one can. */
function reasonAgainst(folder: string): string | undefined {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
