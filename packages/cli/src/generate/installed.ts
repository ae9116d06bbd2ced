import type { Emitter } from '@congruent/codegen';
import { CongruentError } from '@congruent/runtime';
import { importFrom } from '../modules/import-from.ts';

/** A backend that is installed. */
export interface Installed {
  /** Its package. */
  readonly name: string;
  readonly emitter: Emitter;
}

/**
 * The emitter of an installed backend: what its entry `emitter` exports as default.
 *
 * @param backend  `wasm` is `@congruent/wasm` or, where that is not installed, `wasm`; with a slash it is a package's name
 * @param folders  where it is looked for, as a module there would
 * @throws CongruentError BACKEND_MISSING where it is not installed, or has no emitter
 */
export async function installedEmitter(backend: string, folders: readonly string[]): Promise<Installed> {
  const names = backend.includes('/') ? [backend] : [`@congruent/${backend}`, backend];
  for (const name of names) {
    for (const folder of folders) {
      const emitter = await emitterIn(folder, name);
      if (emitter) return { name, emitter };
    }
  }
  const missing = `${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} not installed in ${folders.join(' or ')}`;
  throw new CongruentError('BACKEND_MISSING', `--backend ${backend}: ${missing}. Install it: npm install ${names[0]}`);
}

/** The emitter of a package; undefined where the package is not installed. */
async function emitterIn(folder: string, name: string): Promise<Emitter | undefined> {
  const exported = await importFrom(folder, `${name}/emitter`).catch((error: Error & { code?: unknown }) => {
    if (error.code === 'ERR_MODULE_NOT_FOUND' && error.message.includes(`package '${name}'`)) return undefined;
    throw new CongruentError('BACKEND_MISSING', `${name} gives no emitter: ${error.message}. ${ENTRY}`, {
      cause: error,
    });
  });
  if (exported === undefined) return undefined;
  const emitter = exported['default'] as Emitter | undefined;
  if (typeof emitter?.emit === 'function') return emitter;
  throw new CongruentError('BACKEND_MISSING', `${name}/emitter exports no emitter. ${ENTRY}`);
}

const ENTRY = 'A backend has an entry ./emitter, whose default export is { name, emit }.';
