import * as modules from 'node:module';
import { pathToFileURL } from 'node:url';

/** Node 22.15 and later have hooks on the thread itself; the types are those of Node 20. */
const { registerHooks } = modules as { readonly registerHooks?: (hooks: object) => void };

let registered = false;

/**
 * Imports a module as one in a folder would, TypeScript included, on every supported Node.
 *
 * @param specifier  of a package, or a path that begins with `./`
 */
export async function importFrom(folder: string, specifier: string): Promise<Readonly<Record<string, unknown>>> {
  if (!registered) {
    // Stacks reach down to what a file says, and show its lines rather than those of what it became.
    process.setSourceMapsEnabled(true);
    Error.stackTraceLimit = 100;
    if (registerHooks) registerHooks(await import('./module-hooks.ts'));
    else modules.register('./module-hooks.js', import.meta.url);
    registered = true;
  }
  return await import(`${specifier}#from=${pathToFileURL(`${folder}/`).href}`);
}
