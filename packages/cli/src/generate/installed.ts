import type { Emitter, Exporter } from '@congruent/codegen';
import { CongruentError } from '@congruent/runtime';
import type { TextFile } from '../files/files.ts';
import { importFrom } from '../modules/import-from.ts';

/** What packages of backends have as the default exports of their entries. */
interface Entries {
  readonly emitter: Emitter;
  readonly export: Exporter;
}

/** How messages call them, and what they are. */
const ENTRIES = {
  emitter: { word: 'emitter', method: 'emit', shape: '{ name, emit }' },
  export: { word: 'exporter', method: 'export', shape: '{ target, export }' },
} as const;

/** What an installed backend has as an entry. */
export interface Installed<E extends keyof Entries> {
  /** Its package. */
  readonly name: string;
  /** Where it was found from. */
  readonly folder: string;
  readonly found: Entries[E];
}

/**
 * Makes what a backend needs beside its generated text, such as machine code of it: the default export of its entry
 * `build`, where it has one.
 *
 * @param cells  the files that were generated of each, paths below their folder
 * @returns      more files for that folder, named after their cell: `gru.` and whatever
 */
export type Build = (
  cells: readonly { readonly name: string; readonly files: readonly TextFile[] }[],
) => Promise<readonly BuiltFile[]>;

/** A file that is no text. */
export interface BuiltFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * What an installed backend has as an entry: that of `emitter` or `export` exports it as default.
 *
 * @param option   what asks for it, as messages say it, e.g. `--backend wasm`
 * @param backend  `wasm` is `@congruent/wasm` or, where that is not installed, `wasm`; with a slash it is a package's name
 * @param folders  where it is looked for, as a module there would
 * @throws CongruentError BACKEND_MISSING where it is not installed, or has no such entry
 */
export async function installed<E extends keyof Entries>(
  entry: E,
  option: string,
  backend: string,
  folders: readonly string[],
): Promise<Installed<E>> {
  const names = backend.includes('/') ? [backend] : [`@congruent/${backend}`, backend];
  for (const name of names) {
    for (const folder of folders) {
      const found = await entryIn(folder, name, entry);
      if (found) return { name, folder, found };
    }
  }
  const missing = `${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} not installed in ${folders.join(' or ')}`;
  throw new CongruentError('BACKEND_MISSING', `${option}: ${missing}. Install it: npm install ${names[0]}`);
}

/** The entry of a package; undefined where the package is not installed. */
async function entryIn<E extends keyof Entries>(
  folder: string,
  name: string,
  entry: E,
): Promise<Entries[E] | undefined> {
  const { word, method, shape } = ENTRIES[entry];
  const remedy = `A backend has an entry ./${entry}, whose default export is ${shape}.`;
  const exported = await importFrom(folder, `${name}/${entry}`).catch((error: Error & { code?: unknown }) => {
    if (error.code === 'ERR_MODULE_NOT_FOUND' && error.message.includes(`package '${name}'`)) return undefined;
    const problem = `${name} gives no ${word}: ${error.message}`;
    throw new CongruentError('BACKEND_MISSING', `${problem}. ${remedy}`, { cause: error });
  });
  if (exported === undefined) return undefined;
  const found = exported['default'] as Readonly<Record<string, unknown>> | undefined;
  if (typeof found?.[method] === 'function') return found as unknown as Entries[E];
  throw new CongruentError('BACKEND_MISSING', `${name}/${entry} exports no ${word}. ${remedy}`);
}

/**
 * What builds for an installed backend: the default export of its entry `build`; undefined where it has none.
 *
 * @throws CongruentError BACKEND_MISSING where the entry does not load
 */
export async function installedBuild({ folder, name }: Installed<'emitter'>): Promise<Build | undefined> {
  const exported = await importFrom(folder, `${name}/build`).catch((error: Error & { code?: unknown }) => {
    if (error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') return undefined;
    throw new CongruentError('BACKEND_MISSING', `${name}/build does not load: ${error.message}. Install it anew.`, {
      cause: error,
    });
  });
  return exported?.['default'] as Build | undefined;
}
